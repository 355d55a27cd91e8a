"""The assembler: what workers found goes into the store, and the pages that changed are made anew."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol, cast

import structlog
from redis import RedisError, ResponseError

from timeline.errors import StoreFullError
from timeline.facts import Died, Done, Fact, Failed, Missing, Started
from timeline.rendering import Site
from timeline.store import Progress, Sole, Stage, Store, Verdict
from workers import heap, keys
from workers.messages import MessageError, unpack_fact
from workers.rhythm import Rhythm
from workers.stages import Stages

log = structlog.get_logger("workers.assemble")

# One name, whoever bears it: after a death its heir finds what was read and not acknowledged.
CONSUMER = "assembler"
# Seconds a transaction may take: the producer and people want to write too. But never fewer facts than these, however
# slow the disk: a commit costs nearly as much for one as for thirty.
TURN, LEAST_TURN = 0.025, 32
READ_AT_ONCE = 100
# Seconds between two reads in a burst, unless more lies ready: a transaction costs as much for twenty facts as for one.
PACE = 0.1
# Seconds to wait for facts when there is nothing to do: how soon a correction's page is made.
IDLE = 1.0
# Redis ends a wait at its next idle turn, of which ours has two a second: shorter waits are made of looks so far apart.
REDIS_TURN, LOOK_AGAIN = 0.5, 0.02
LOOK_EVERY = 0.1  # seconds between looks, while pages are made, whether somebody's result came
AWAY = 1.0  # seconds between tries while Redis is away
TAKE_OVER = 1.0  # seconds between two looks whether the assembler before us is gone
FULL = 5.0  # seconds between tries while the disk is full


_Raw = tuple[str, bytes, dict[bytes, bytes]]  # stream, id, fields


class Pages(Protocol):
    """What makes pages: timeline.rendering.Site."""

    def refresh(self, *, is_over: Callable[[], bool], progress: Progress | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the stream; `fact` is None when it was none of ours."""

    stream: str
    id: bytes
    fact: Fact | None


def run(store_url: str | Path, site: Path, redis_url: str) -> None:
    """Assembles until SIGTERM or SIGINT; while another process does, waits to take over."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)
    with Store.open(store_url) as store, store.sole() as sole:
        heap.settle()
        while _waited_for(sole, stop):
            pages = Site(store, site)  # looked at only now: until now they were another's to change
            Assembler(store, pages, keys.connect(redis_url), stop=stop, may_go_on=sole.holds).run()
            if stop.is_set():
                pages.settle()


def _waited_for(sole: Sole, stop: threading.Event) -> bool:
    """Until it is our turn; False when told to stop first."""
    is_told = False
    while not stop.is_set():
        if sole.take():
            return True
        if not is_told:
            is_told = True
            log.info("assemble.standby", reason="another assembler is at work; this one takes over when it is gone")
        stop.wait(TAKE_OVER)
    return False


class Assembler:
    """The one writer of events and pages."""

    def __init__(
        self,
        store: Store,
        pages: Pages,
        redis: keys.Redis,
        *,
        stop: threading.Event | None = None,
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store, self._pages, self._redis = store, pages, redis
        self._stop = stop or threading.Event()
        self._may_go_on = may_go_on
        self._rhythm = Rhythm()
        self._stages = Stages(store)
        self._paced = 0.0  # monotonic time before which a backlog's results are left to gather
        self._has_more = False  # more lay ready than the last read took
        self._has_queue = True
        self._has_group = False
        self._heir = True  # entries read before, and not acknowledged, come first
        self._turn = LEAST_TURN  # facts a transaction, fitted to TURN
        self._changes = -1
        self._is_cramped = True  # pages could not be written, in this life or, for all we know, in the last

    def run(self) -> None:
        """Until told to stop, or no longer the one to do it."""
        log.info("assemble.started")
        while not self._stop.is_set() and self._may_go_on():
            try:
                entries = self._read()
                if entries:
                    self._apply(entries)
                self._render()
            except StoreFullError as error:
                log.warning("disk.full", reason=str(error))
                self._heir = True  # what was read and not stored is read again
                self._stop.wait(FULL)
        log.info("assemble.stopped")

    # From the stream to the store.

    def _read(self) -> list[_Entry]:
        """Facts, oldest first; none while Redis is away."""
        try:
            if not self._has_group:
                self._make_group()
            raw = self._pending() if self._heir else self._new()
            if not self._has_queue:
                self._has_queue = True
                log.info("queue.back")
        except ResponseError as error:
            # The stream is gone, group and all (FLUSHALL, a new Redis): what was on it is handed out again.
            log.warning("stream.gone", reason=str(error))
            self._has_group = False
            return []
        except RedisError as error:
            if self._has_queue:
                self._has_queue = False
                log.warning("queue.away", reason=str(error))
            self._has_group = False
            self._stop.wait(AWAY)
            return []
        return [self._entry(stream, id_, fields) for stream, id_, fields in raw]

    def _make_group(self) -> None:
        for stream in keys.STREAMS:
            try:
                self._redis.xgroup_create(stream, keys.GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
        self._has_group = self._heir = True

    def _pending(self) -> list[_Raw]:
        raw = self._group_read(keys.STREAMS, "0", None)
        self._heir = bool(raw)
        return raw

    def _new(self) -> list[_Raw]:
        """What is new, waited for until a page is due. A backlog's results gather for a moment; what somebody waits
        for is never kept waiting."""
        while True:
            at = time.monotonic()
            is_gathering = at < self._paced
            streams = (keys.RESULTS_FRESH,) if is_gathering else keys.STREAMS
            left = (self._paced if is_gathering else self._rhythm.due) - at
            if left > REDIS_TURN:
                return self._group_read(streams, ">", max(1, int(1000 * min(IDLE, left - REDIS_TURN))))
            found = self._group_read(streams, ">", None)
            if found or (left <= 0 and not is_gathering) or self._stop.wait(min(LOOK_AGAIN, left)):
                return found

    def _group_read(self, streams: Sequence[str], start: str, patience: int | None) -> list[_Raw]:
        """Entries of these streams, those of the fresh one first; `patience` is in milliseconds."""
        asked: dict[bytes | str | memoryview, bytes | str | int | memoryview] = dict.fromkeys(streams, start)
        # A start and an end each: what is read fills a transaction, and then somebody may wait.
        count = min(READ_AT_ONCE, 2 * self._turn)
        read = self._redis.xreadgroup(keys.GROUP, CONSUMER, asked, count=count, block=patience)
        found = cast("dict[bytes, Sequence[object]]", dict(read or {}))  # redis-py knows no types of its own
        flat = [(stream, id_, fields) for stream in streams for id_, fields in _flat(found.get(stream.encode(), ()))]
        self._has_more = len(flat) >= count
        return flat

    def _entry(self, stream: str, id_: bytes, fields: dict[bytes, bytes] | None) -> _Entry:
        try:
            return _Entry(stream, id_, unpack_fact((fields or {}).get(b"fact", b"")))
        except MessageError as error:
            log.warning("result.refused", entry=id_.decode("ascii", "replace"), reason=str(error))
            return _Entry(stream, id_, None)

    def _apply(self, entries: Sequence[_Entry]) -> None:
        """Facts into the store, in transactions of 25 ms; each is acknowledged once it is committed."""
        # A start whose end is at hand too is not worth a write.
        ended = {entry.fact.id for entry in entries if isinstance(entry.fact, Done | Failed | Missing)}
        is_needless = [isinstance(entry.fact, Started) and entry.fact.id in ended for entry in entries]
        left = [entry for entry, needless in zip(entries, is_needless, strict=True) if not needless]
        skipped = [entry for entry, needless in zip(entries, is_needless, strict=True) if needless]
        while left or skipped:
            turn, left = left[: self._turn], left[self._turn :]
            facts = [entry.fact for entry in turn if entry.fact is not None]
            if facts:
                began = time.monotonic()
                verdicts = self._store.apply(facts, time.time())
                took = time.monotonic() - began
                self._stages.took(Stage.STORE, took)
                fitting = round(len(facts) * TURN / max(took, 0.0001))
                self._turn = max(LEAST_TURN, min(READ_AT_ONCE, fitting))
                for fact, verdict in zip(facts, verdicts, strict=True):
                    _tell(fact, verdict)
            self._acknowledge(turn + skipped, facts)
            skipped = []
        if ended:
            at = time.monotonic()
            self._rhythm.applied(at, is_awaited=any(entry.stream == keys.RESULTS_FRESH for entry in entries))
            self._paced = at if self._has_more else at + PACE

    def _acknowledge(self, entries: Sequence[_Entry], facts: Sequence[Fact]) -> None:
        if not entries:
            return
        settled = [fact.id for fact in facts if isinstance(fact, Done | Failed)]
        blobs = [keys.blob_key(blob) for blob in self._store.spent_blobs(settled)]
        texts = [keys.text_key(document) for document in settled]
        pipe = self._redis.pipeline(transaction=True)
        for stream in keys.STREAMS:
            if ids := [entry.id for entry in entries if entry.stream == stream]:
                pipe.xack(stream, keys.GROUP, *ids)
                pipe.xdel(stream, *ids)
        if blobs or texts:
            pipe.unlink(*blobs, *texts)
        try:
            pipe.execute()
        except RedisError as error:
            # They come again and change nothing.
            log.warning("results.unacknowledged", reason=str(error))
            self._stop.wait(AWAY)  # a Redis that only reads (a replica not yet promoted) would have us spin
            self._heir = True
            self._has_group = False

    # From the store to the pages.

    def _render(self) -> None:
        """Makes pages when they are due."""
        began = time.monotonic()
        if self._has_changed():
            self._rhythm.changed(began)
        if began < self._rhythm.due:
            return
        end = began + self._rhythm.patience(began)
        try:
            made = self._pages.refresh(is_over=self._until(end), progress=self._store.progress(time.time()))
        except StoreFullError as error:
            # The pages may lie on a disk of their own: results are stored on, and the pages made when there is room.
            if self._store.notice("pages", str(error), time.time()):
                log.warning("disk.full", reason=str(error))
            self._rhythm.put_off(time.monotonic() + FULL)
            self._is_cramped = True
            return
        if self._is_cramped:
            self._is_cramped = False
            if self._store.notice("pages", None, time.time()):
                log.info("disk.has_room", reason="pages are made again")
        ended = time.monotonic()
        if made:
            self._stages.took(Stage.RENDER, ended - began, times=made)
            self._stages.keep()
        self._changes = self._store.changes()
        self._rhythm.made(began, ended, pages=made, is_all=not self._store.dirty_pages(1))
        if made:
            log.debug("pages.made", pages=made, ms=round((ended - began) * 1000))

    def _until(self, end: float) -> Callable[[], bool]:
        """Whether it is that time, or somebody's result came; asked between two pages."""
        looked = 0.0

        def is_over() -> bool:
            nonlocal looked
            at = time.monotonic()
            if at >= end or at - looked < LOOK_EVERY:
                return at >= end
            looked = at
            try:
                return self._redis.xlen(keys.RESULTS_FRESH) > 0
            except RedisError:
                return False

        return is_over

    def _has_changed(self) -> bool:
        changes = self._store.changes()
        changed, self._changes = changes != self._changes, changes
        return changed

    def stop(self) -> None:
        """Ends `run` soon; from another thread."""
        self._stop.set()


def _tell(fact: Fact, verdict: Verdict) -> None:
    """A line about a fact."""
    match fact:
        case Done():
            name, events = fact.extraction.document.name, len(fact.extraction.events)
            told = log.info if verdict is Verdict.STORED else log.debug
            told("document.stored", id=fact.id, name=name, events=events, ms=fact.ms, verdict=verdict.value)
        case Failed():
            log.warning("document.failed", id=fact.id, reason=fact.reason, verdict=verdict.value)
        case Died():
            log.warning("task.died", task=fact.task, cause=fact.cause)
        case Missing():
            log.info("document.missing", id=fact.id, verdict=verdict.value)
        case Started():
            log.debug("document.started", id=fact.id, worker=fact.worker, verdict=verdict.value)


def _flat(entries: Sequence[object]) -> Sequence[tuple[bytes, dict[bytes, bytes]]]:
    """Entries as redis-py gives them in either protocol: RESP3 nests one list more."""
    flat: list[tuple[bytes, dict[bytes, bytes]]] = []
    for entry in entries:
        if isinstance(entry, tuple):
            flat.append(entry)
        elif isinstance(entry, list):
            flat.extend(_flat(entry))
    return flat
