"""Files wait until they are still, the newest of a wave first, and none is forgotten."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from timeline.errors import StoreFullError
from timeline.store import Arrival, Registered, Store
from workers.arrivals import CHUNK, Waitlist
from workers.inbox import Root

LONG_AGO = 10.0  # seconds since a file of these tests was written


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        yield opened


@pytest.fixture
def root(tmp_path: Path) -> Root:
    (tmp_path / "inbox").mkdir()
    return Root(tmp_path / "inbox")


def waitlist(store: Store) -> Waitlist:
    return Waitlist(store=store, max_bytes=1000, empty_wait=60.0, language=None, keep=lambda _id, _data: None)


def files(root: Root, count: int) -> list[Path]:
    found = [root.path / f"{number:04}.txt" for number in range(count)]
    for path in found:
        path.write_text(path.name)
    return found


def names(store: Store) -> set[str]:
    return {row.name for row in store.documents()}


@pytest.mark.parametrize("after", [0.3, 5.0])
def test_the_newest_of_a_wave_come_first_and_a_single_file_before_them(store: Store, root: Root, after: float) -> None:
    *wave, single = files(root, 5 * CHUNK)
    waiting = waitlist(store)
    for path in wave:
        waiting.add(root, path, at=0.0, is_wave=True)
    waiting.add(root, single, at=after)
    later = time.time() + LONG_AGO

    waiting.settle(5.0, later)
    assert names(store) == {path.name for path in [*wave[-2 * CHUNK :], single]}
    while len(waiting):
        due = waiting.next_due()
        assert due is not None
        assert due <= 5.0, "the rest of a wave does not wait"
        waiting.settle(5.0, later)
    assert names(store) == {path.name for path in [*wave, single]}
    assert waiting.next_due() is None


def test_a_file_that_is_put_off_is_looked_at_when_it_is_due_and_sooner_when_it_changes(
    store: Store, root: Root
) -> None:
    empty = root.path / "empty.txt"
    empty.touch()
    waiting = waitlist(store)
    waiting.add(root, empty, at=0.0)
    waiting.settle(0.0, time.time())
    assert waiting.next_due() == 1.0, "an empty file is looked at again after a second"
    waiting.settle(0.5, time.time())
    assert len(waiting) == 1

    empty.write_text("no longer")
    waiting.add(root, empty, at=0.6)
    assert waiting.next_due() == 0.6
    waiting.settle(0.6, time.time() + LONG_AGO)
    assert names(store) == {"empty.txt"}
    waiting.settle(1.0, time.time() + LONG_AGO)
    assert len(waiting) == 0
    assert waiting.next_due() is None


def test_when_the_store_is_full_the_files_not_yet_looked_at_stay(store: Store, root: Root) -> None:
    paths = files(root, 3 * CHUNK)
    waiting = waitlist(store)
    for path in paths:
        waiting.add(root, path, at=0.0, is_wave=True)

    class Full:
        def register(self, _arrivals: Sequence[Arrival], _now: float) -> list[Registered]:
            raise StoreFullError("the disk is full")

    waiting.store = Full()  # type: ignore[assignment]
    with pytest.raises(StoreFullError):
        waiting.settle(0.0, time.time() + LONG_AGO)
    waiting.store = store
    for path in paths:  # the scan that follows finds what was lost
        waiting.add(root, path, at=1.0, is_wave=True)
    while len(waiting):
        waiting.settle(1.0, time.time() + LONG_AGO)
    assert names(store) == {path.name for path in paths}
