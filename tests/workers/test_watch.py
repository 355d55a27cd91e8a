"""The producer on a real folder, with a real store and a real Redis; its turns are taken by hand or in a thread."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from timeline.facts import Done
from timeline.model import DctSource
from timeline.pipeline import ingest
from timeline.store import State, Store
from workers import arrivals, keys, watch
from workers.inbox import roots_of
from workers.queueing import Bounds
from workers.stillness import Writers, be_quiet_about_leases
from workers.watch import Options, Watch

pytestmark = pytest.mark.redis
QUICK = Options(scan_interval=0.5, empty_wait=0.5)


def wait_until(condition: Callable[[], object], what: str, seconds: float = 15.0) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.02)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@contextmanager
def watching(inbox: Path, store: Store, redis_url: str, options: Options = QUICK) -> Iterator[Watch]:
    """A producer at work."""
    producer = Watch(roots_of([inbox]), store, redis_url, options)
    be_quiet_about_leases()
    thread = threading.Thread(target=producer.run)
    thread.start()
    try:
        yield producer
    finally:
        producer.stop()
        thread.join(20)
        assert not thread.is_alive()


def read_all(store: Store) -> None:
    """Does the workers' and the assembler's work."""
    for out in store.handed_out():
        row = store.document(out.id)
        assert row is not None
        extraction = ingest(b"It fell on 6 November 2025.", row.name)
        store.apply([Done(out.id, row.revision, out.task, 1.0, extraction)], time.time())


def names(store: Store, state: State) -> list[str]:
    return sorted(row.path for row in store.documents(state=state))


def test_files_that_were_there_and_files_that_come_are_handed_out_once(
    inbox: Path, store: Store, redis: keys.Redis, redis_url: str
) -> None:
    (inbox / "before.txt").write_text("before")
    with watching(inbox, store, redis_url):
        (inbox / "after.txt").write_text("after")
        wait_until(lambda: len(store.handed_out()) == 2, "both handed out")
        time.sleep(1.2)
        assert names(store, State.QUEUED) == ["after.txt", "before.txt"]
    tasks = [task for name in keys.QUEUE_LISTS for task in redis.lrange(name, 0, -1)]
    assert len(tasks) == 2
    assert redis.get(keys.blob_key(store.next_work(9, 0)[0].id) if store.next_work(9, 0) else "x") is None
    for out in store.handed_out():
        assert redis.get(keys.blob_key(out.id)) in (b"before", b"after")


def test_a_file_that_grows_is_registered_when_it_is_whole(inbox: Path, store: Store, redis_url: str) -> None:
    with watching(inbox, store, redis_url):
        with (inbox / "slow.txt").open("w") as file:
            for _ in range(8):
                file.write("more ")
                file.flush()
                time.sleep(0.2)
                assert store.counts().documents == 0, "somebody still writes it"
        wait_until(lambda: store.counts().queued == 1, "registered")
        assert store.documents()[0].size == 40
        assert store.counts().documents == 1


def test_without_leases_a_file_must_be_still_for_longer(
    inbox: Path, store: Store, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "writers", lambda _path: Writers.UNKNOWN)
    with watching(inbox, store, redis_url):
        (inbox / "x.txt").write_text("x")
        began = time.monotonic()
        wait_until(lambda: store.counts().queued == 1, "registered")
        assert time.monotonic() - began > 1.8


def test_a_sudden_file_waits_no_longer_than_it_must(inbox: Path, store: Store, redis_url: str) -> None:
    aside = inbox.parent / "aside.txt"
    with watching(inbox, store, redis_url):
        wait_until(lambda: store.recall("engine"), "started")
        time.sleep(0.6)
        aside.write_text("whole")
        os.utime(aside, (time.time() - 60, time.time() - 60))
        began = time.monotonic()
        aside.rename(inbox / "x.txt")
        wait_until(lambda: store.counts().queued == 1, "registered")
        assert time.monotonic() - began < 1.0


def test_a_changed_file_supersedes_and_a_removed_one_is_withdrawn_and_comes_back(
    inbox: Path, store: Store, redis: keys.Redis, redis_url: str
) -> None:
    file = inbox / "x.txt"
    with watching(inbox, store, redis_url):
        file.write_text("first")
        wait_until(store.handed_out, "handed out")
        read_all(store)
        file.write_text("second, longer")
        wait_until(lambda: store.counts().withdrawn == 1, "superseded")
        wait_until(store.handed_out, "handed out again")
        read_all(store)
        file.unlink()
        wait_until(lambda: store.counts().withdrawn == 2, "withdrawn")
        file.write_text("second, longer")
        wait_until(lambda: store.counts().done == 1, "back")
        assert len(store.events()) == 1


def test_a_renamed_file_keeps_its_document(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "x.txt").write_text("x")
    with watching(inbox, store, redis_url):
        wait_until(store.handed_out, "handed out")
        read_all(store)
        (inbox / "sub").mkdir()
        (inbox / "x.txt").rename(inbox / "sub" / "y.txt")
        wait_until(lambda: names(store, State.DONE) == ["sub/y.txt"], "renamed")
        time.sleep(1.5)
        assert store.counts().done == 1
        assert store.counts().withdrawn == 0


def test_an_editors_way_of_saving_is_one_change(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "x.txt").write_text("first")
    with watching(inbox, store, redis_url):
        wait_until(store.handed_out, "handed out")
        read_all(store)
        (inbox / ".x.txt.swp").write_text("…")
        (inbox / "x.txt").rename(inbox / "x.txt~")
        (inbox / "new.tmp").write_text("second")
        (inbox / "new.tmp").rename(inbox / "x.txt")
        (inbox / "x.txt~").unlink()
        (inbox / ".x.txt.swp").unlink()
        wait_until(lambda: names(store, State.QUEUED) == ["x.txt"], "the new text")
        wait_until(lambda: store.ignored() == [], "nothing left of it")
        assert store.counts().documents == 2


def test_a_tree_moved_in_is_found_whole(inbox: Path, store: Store, redis_url: str) -> None:
    aside = inbox.parent / "aside"
    for number in range(12):
        (aside / f"d{number % 3}" / "deep").mkdir(parents=True, exist_ok=True)
        (aside / f"d{number % 3}" / "deep" / f"{number}.txt").write_text(str(number))
    with watching(inbox, store, redis_url, replace(QUICK, scan_interval=60)):
        aside.rename(inbox / "tree")
        wait_until(lambda: store.counts().queued == 12, "all of it")


def test_what_cannot_be_read_fails_with_its_reason(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "empty.txt").touch()
    (inbox / "dangling.txt").symlink_to(inbox / "nowhere")
    with (inbox / "huge.txt").open("wb") as huge:
        huge.truncate(3_000_000)
    options = replace(QUICK, bounds=Bounds(document_bytes=1_000_000))
    with watching(inbox, store, redis_url, options):
        wait_until(lambda: store.counts().failed == 3, "failed")
        said = {failure.path: failure.reason for failure in store.failures()}
        assert "empty" in said["empty.txt"]
        assert "link to nothing" in said["dangling.txt"]
        assert "TIMELINE_MAX_DOCUMENT_BYTES" in said["huge.txt"]
        (inbox / "empty.txt").write_text("now it has content")
        wait_until(lambda: names(store, State.QUEUED) == ["empty.txt"], "content")
        assert store.counts().failed == 2
        assert store.balance().documents == 3


def test_a_file_without_permission_fails_and_is_read_once_it_is_allowed(
    inbox: Path, store: Store, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:
        # Root may read everything: what the system would say to others is said here.
        real = os.open

        def refuse(path: Path, *more: int) -> int:
            if Path(path).name == "closed.txt" and not Path(path).stat().st_mode & 0o444:
                raise PermissionError(13, "Permission denied")
            return real(path, *more)

        monkeypatch.setattr("workers.stillness.os.open", refuse)
    closed = inbox / "closed.txt"
    closed.write_text("closed")
    closed.chmod(0)
    with watching(inbox, store, redis_url):
        wait_until(lambda: store.counts().failed == 1, "failed")
        assert "permission" in store.failures()[0].reason
        closed.chmod(0o644)
        wait_until(lambda: names(store, State.QUEUED) == ["closed.txt"], "read")


def test_an_empty_inbox_mount_withdraws_nothing(inbox: Path, store: Store, redis_url: str) -> None:
    for number in range(8):
        (inbox / f"{number}.txt").write_text(str(number))
    with watching(inbox, store, redis_url):
        wait_until(lambda: len(store.handed_out()) == 8, "handed out")
        read_all(store)
        away = inbox.parent / "away"
        inbox.rename(away)
        wait_until(store.notices, "a notice")
        assert store.counts().done == 8
        away.rename(inbox)
        wait_until(lambda: not store.notices(), "back")
        (inbox / "new.txt").write_text("new")
        wait_until(lambda: store.counts().queued == 1, "and watched again")
        for number in range(7):
            (inbox / f"{number}.txt").unlink()
        wait_until(store.notices, "a notice")
        time.sleep(1.5)
        assert store.counts().withdrawn == 0
        store.mean_withdrawal()
        wait_until(lambda: store.counts().withdrawn == 7, "meant")
        wait_until(lambda: not store.notices(), "the notice gone")


def test_a_file_beside_dates_its_document(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "x.txt").write_text("x")
    with watching(inbox, store, redis_url):
        wait_until(store.handed_out, "handed out")
        read_all(store)
        (inbox / "x.txt.meta.toml").write_text('date = "1999-12-31"\n')
        wait_until(lambda: len(store.documents()) == 2, "another document")
        dated = next(row for row in store.documents() if row.state is State.QUEUED)
        assert (dated.dct, dated.dct_source) == ("1999-12-31", DctSource.SIDECAR)
        assert [row.reason for row in store.ignored()] == ["describes x.txt"]


def test_a_file_beside_names_its_document_and_takes_it_back(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "x.txt").write_text("x")
    with watching(inbox, store, redis_url):
        wait_until(store.handed_out, "handed out")
        read_all(store)
        (inbox / "x.txt.meta.toml").write_text('title = "The flood"\nsource = "town archive"\nlanguage = "de-AT"\n')
        wait_until(lambda: store.counts().queued == 1, "to be read again")
        wait_until(store.handed_out, "handed out")
        read_all(store)
        (inbox / "x.txt.meta.toml").unlink()
        wait_until(lambda: store.counts().queued == 1, "to be read without")
    assert len(store.documents()) == 1


def test_where_events_fail_the_inbox_is_scanned_more_often(
    inbox: Path, store: Store, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limit(*_: object, **__: object) -> None:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr(watch, "file_events", limit)
    monkeypatch.setattr(watch, "POLLING_INTERVAL", 0.3)
    with watching(inbox, store, redis_url, replace(QUICK, scan_interval=60)):
        wait_until(lambda: any("polling" in notice.key for notice in store.notices()), "said so")
        (inbox / "x.txt").write_text("x")
        wait_until(lambda: store.counts().queued == 1, "found")


def test_a_restart_registers_nothing_twice_and_finds_what_vanished_meanwhile(
    inbox: Path, store: Store, redis_url: str
) -> None:
    for name in ("a.txt", "b.txt"):
        (inbox / name).write_text(name)
    with watching(inbox, store, redis_url):
        wait_until(lambda: len(store.handed_out()) == 2, "handed out")
        read_all(store)
    (inbox / "b.txt").unlink()
    with watching(inbox, store, redis_url):
        wait_until(lambda: store.counts().withdrawn == 1, "withdrawn")
    assert names(store, State.DONE) == ["a.txt"]
    assert store.counts().documents == 2


def test_the_window_bounds_what_is_out_and_a_fresh_drop_overtakes(
    inbox: Path, store: Store, redis: keys.Redis, redis_url: str
) -> None:
    for number in range(60):
        (inbox / f"{number}.txt").write_text(f"number {number}")
    options = replace(QUICK, bounds=Bounds(documents=20))
    with watching(inbox, store, redis_url, options):
        wait_until(lambda: store.counts().queued == 60, "registered")
        wait_until(lambda: store.in_flight().documents >= 20, "window full")
        time.sleep(1.2)  # what comes within a second of a wave is part of it
        assert store.in_flight().documents <= 20
        assert redis.llen(keys.QUEUE) == 0
        (inbox / "fresh.txt").write_text("fresh")
        wait_until(lambda: redis.llen(keys.QUEUE) == 1, "the fresh one, first")


def test_a_disk_that_is_nearly_full_pauses_and_says_so(
    inbox: Path, store: Store, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOW_DISK", 2**60)
    (inbox / "x.txt").write_text("x")
    with watching(inbox, store, redis_url):
        wait_until(store.notices, "a notice")
        assert "disk" in store.notices()[0].text
        assert store.counts().queued == 1
        assert not store.handed_out()
        monkeypatch.setattr(watch, "LOW_DISK", 0)
        wait_until(store.handed_out, "room again")
        assert not store.notices()


def test_once_ends_when_everything_has_its_end(inbox: Path, store: Store, redis_url: str) -> None:
    (inbox / "x.txt").write_text("x")
    (inbox / "empty.txt").touch()
    producer = Watch(roots_of([inbox / "x.txt", inbox]), store, redis_url, replace(QUICK, once=True))
    thread = threading.Thread(target=producer.run)
    thread.start()
    wait_until(store.handed_out, "handed out")
    read_all(store)
    thread.join(10)
    assert not thread.is_alive()
    assert store.balance().holds
