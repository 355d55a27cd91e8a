"""The assembler on a real stream: each fact once, in whatever state it finds Redis."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from timeline.facts import Done, Fact, Failed, Started
from timeline.model import DctSource, Document, Extraction
from timeline.store import Arrival, Progress, State, Store
from workers import keys
from workers.assemble import Assembler
from workers.messages import pack_fact
from workers.rhythm import EVERY

pytestmark = pytest.mark.redis


class Copyist:
    """Makes no pages but takes note of what was wanted. (The pages themselves are tested where they are made.)"""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.made: list[tuple[float, list[str]]] = []

    def refresh(self, *, is_over: Callable[[], bool], progress: Progress | None = None) -> int:  # noqa: ARG002 - as Site's
        pages = self.store.dirty_pages(100, urgent=is_over())
        self.store.clean_pages(pages)
        if pages:
            self.made.append((time.monotonic(), pages))
        return len(pages)


def wait_until(condition: Callable[[], object], what: str, seconds: float = 15.0) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.02)


@contextmanager
def assembling(store: Store, redis_url: str, pages: Copyist | None = None) -> Iterator[Assembler]:
    assembler = Assembler(store, pages or Copyist(store), keys.connect(redis_url))
    thread = threading.Thread(target=assembler.run)
    thread.start()
    try:
        yield assembler
    finally:
        assembler.stop()
        thread.join(20)
        assert not thread.is_alive()


def register(store: Store, count: int = 1) -> list[str]:
    ids = [store.register([Arrival(f"{n}.txt", f"{n:064x}", 5)], 1.0)[0].document_id for n in range(count)]
    store.hand_out("t-1", ids, 1.0)
    return ids


def done(document: str, engine: str = "1") -> Done:
    read = Document("x.txt", "X", "It fell.", "en", date(2025, 11, 6), DctSource.HEADER, "text/plain")
    return Done(document, 0, "t-1", 1.0, Extraction(read, (), (), engine))


def tell(redis: keys.Redis, *facts: Fact) -> None:
    for fact in facts:
        redis.xadd(keys.RESULTS, {"fact": pack_fact(fact)})


def test_facts_are_stored_and_leave_the_stream_with_their_bytes(
    store: Store, redis: keys.Redis, redis_url: str
) -> None:
    ids = register(store, 30)
    for document in ids:
        redis.set(keys.blob_key(document), b"x")
    with assembling(store, redis_url):
        tell(redis, *(fact for document in ids for fact in (Started(document, "t-1", "w"), done(document))))
        wait_until(lambda: store.counts().done == 30, "stored")
        wait_until(lambda: redis.xlen(keys.RESULTS) == 0, "acknowledged")
        wait_until(lambda: not redis.keys("timeline:blob:*"), "forgotten")
    assert redis.xpending(keys.RESULTS, keys.GROUP)["pending"] == 0


def test_results_that_lie_ready_are_read_one_lot_after_the_other(
    store: Store, redis: keys.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = register(store, 350)
    tell(redis, *(done(document) for document in ids))
    asked: list[set[str]] = []
    read = keys.Redis.xreadgroup

    def noting(self: keys.Redis, group: str, consumer: str, streams: dict[str, str], **more: int) -> object:
        if ">" in streams.values():
            asked.append(set(streams))
        return read(self, group, consumer, streams, **more)

    monkeypatch.setattr(keys.Redis, "xreadgroup", noting)
    with assembling(store, redis_url):
        wait_until(lambda: store.counts().done == 350, "all stored", 60)
    lots = asked.index({keys.RESULTS_FRESH}) if {keys.RESULTS_FRESH} in asked else len(asked)
    assert lots >= 4, "between two lots it waited for what is fresh, though more lay ready"


def test_what_a_dead_assembler_left_is_done_by_its_heir(store: Store, redis: keys.Redis, redis_url: str) -> None:
    first, second = register(store, 2)
    redis.xgroup_create(keys.RESULTS, keys.GROUP, id="0", mkstream=True)
    tell(redis, done(first), done(second))
    redis.xreadgroup(keys.GROUP, "assembler", {keys.RESULTS: ">"}, count=10)
    store.apply([done(first)], 2.0)
    with assembling(store, redis_url):
        wait_until(lambda: store.counts().done == 2 and redis.xlen(keys.RESULTS) == 0, "done by the heir")


def test_a_flushed_redis_is_no_end(store: Store, redis: keys.Redis, redis_url: str) -> None:
    first, second = register(store, 2)
    with assembling(store, redis_url):
        tell(redis, done(first))
        wait_until(lambda: store.counts().done == 1, "the first")
        redis.flushall()
        tell(redis, done(second))
        wait_until(lambda: store.counts().done == 2, "the second")


@pytest.mark.parametrize(
    "forged",
    [{b"fact": b"{}"}, {b"fact": b"\xff\xfe"}, {b"other": b"1"}, {b"fact": b'{"kind":"done","id":"../x"}'}],
    ids=str,
)
def test_forged_facts_are_dropped_and_the_others_stored(
    forged: dict[bytes, bytes], store: Store, redis: keys.Redis, redis_url: str
) -> None:
    (document,) = register(store)
    with assembling(store, redis_url):
        redis.xadd(keys.RESULTS, forged)
        tell(redis, done(document))
        wait_until(lambda: store.counts().done == 1 and redis.xlen(keys.RESULTS) == 0, "stored and dropped")


def test_a_failure_is_stored_with_its_reason(store: Store, redis: keys.Redis, redis_url: str) -> None:
    (document,) = register(store)
    with assembling(store, redis_url):
        tell(redis, Failed(document, 0, "t-1", "encrypted: remove the password"))
        wait_until(lambda: store.documents(state=State.FAILED), "failed")
    assert store.failures()[0].reason == "encrypted: remove the password"


def test_pages_are_made_at_once_and_then_once_a_second(store: Store, redis: keys.Redis, redis_url: str) -> None:
    ids = register(store, 40)
    pages = Copyist(store)
    with assembling(store, redis_url, pages):
        wait_until(lambda: pages.made, "the overview of what was registered")
        time.sleep(EVERY + 0.3)
        pages.made.clear()
        began = time.monotonic()
        for document in ids:
            tell(redis, done(document))
            time.sleep(0.05)
        wait_until(lambda: not store.dirty_pages(1), "all pages")
    assert pages.made[0][0] - began < 0.5
    times = [made for made, _ in pages.made]
    assert all(later - earlier > EVERY * 0.9 for earlier, later in pairwise(times))


class Dawdler(Copyist):
    """Makes pages for as long as it may."""

    began = 0

    def refresh(self, *, is_over: Callable[[], bool], progress: Progress | None = None) -> int:
        self.began += 1
        while not is_over():
            time.sleep(0.02)
        return super().refresh(is_over=is_over, progress=progress)


def test_pages_nobody_waits_for_are_put_aside_when_somebodys_result_comes(
    store: Store, redis: keys.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.rhythm.IDLE_PATIENCE", 60.0)
    monkeypatch.setattr("workers.rhythm.PATIENCE", 60.0)
    (document,) = register(store)
    pages = Dawdler(store)
    with assembling(store, redis_url, pages):
        wait_until(lambda: pages.began, "pages being made")
        redis.xadd(keys.RESULTS_FRESH, {"fact": pack_fact(done(document))})
        wait_until(lambda: store.counts().done == 1, "stored")
        redis.xadd(keys.RESULTS_FRESH, {"fact": b""})  # ends what is being made now


def test_a_correction_from_elsewhere_is_shown_soon(
    store: Store, tmp_path: Path, redis: keys.Redis, redis_url: str
) -> None:
    (document,) = register(store)
    store.apply([done(document)], 1.0)
    pages = Copyist(store)
    with assembling(store, redis_url, pages), Store.open(tmp_path / "timeline.db") as elsewhere:
        wait_until(lambda: not store.dirty_pages(1), "all pages")
        pages.made.clear()
        elsewhere.redate(document, date(2020, 1, 1))
        wait_until(lambda: any(f"document:{document}" in made for _, made in pages.made), "its page", 4)


def test_a_second_assembler_stands_by_and_takes_over_when_the_first_is_killed(
    tmp_path: Path, store: Store, redis: keys.Redis, redis_url: str
) -> None:
    code = "import sys; from pathlib import Path; from workers.assemble import run\n"
    code += "run(sys.argv[1], Path(sys.argv[2]), sys.argv[3])"
    command = [sys.executable, "-c", code, str(tmp_path / "timeline.db"), str(tmp_path / "site"), redis_url]
    processes = []
    try:
        for number, sign in enumerate(("assemble.started", "assemble.standby")):
            log = tmp_path / f"{number}.log"
            with log.open("w") as said:
                processes.append(subprocess.Popen(command, stdout=said, stderr=said))
            wait_until(lambda: sign in log.read_text(), sign)  # noqa: B023
        first, second = processes
        ids = register(store, 2)
        redis.xadd(keys.RESULTS, {"fact": pack_fact(done(ids[0]))})
        wait_until(lambda: store.counts().done == 1, "the first at work")
        first.kill()
        first.wait()
        redis.xadd(keys.RESULTS, {"fact": pack_fact(done(ids[1]))})
        wait_until(lambda: store.counts().done == 2, "the second at work")
        assert log.read_text().index("assemble.standby") < log.read_text().index("assemble.started")
        second.terminate()
        assert second.wait(10) == 0
    finally:
        for process in processes:
            process.kill()
            process.wait()
