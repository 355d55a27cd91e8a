"""The assembler: what workers found goes into the store, and the pages that changed are made anew."""

import math
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
from timeline.store import Progress, Sole, Store, Verdict
from workers import keys
from workers.messages import MessageError, unpack_fact

log = structlog.get_logger("workers.assemble")

# One name, whoever bears it: after a death its heir finds what was read and not acknowledged.
CONSUMER = "assembler"
# Seconds a transaction may take: the producer and people want to write too.
TURN = 0.025
READ_AT_ONCE = 100
# Seconds between two reads in a burst: a transaction costs as much for twenty facts as for one.
PACE = 0.05
# Milliseconds to wait for facts when there is nothing to do: how soon a correction's page is made.
IDLE_MS = 1000
# Seconds from one rendering to the next in a burst; the first comes at once.
RENDER_EVERY = 1.0
# The same while only a backlog's results come: its pages change again and again until its end, and each making but
# the last is in vain. What somebody dropped just now is not kept waiting by it.
BACKLOG_EVERY = 3.0
# Seconds a rendering may take while facts wait: the number of pages is fitted to it.
RENDER_FOR = 0.3
# The share of its time the assembler may spend on pages while facts wait.
RENDER_SHARE = 0.35
LATER = 0.4
AWAY = 1.0  # seconds between tries while Redis is away
TAKE_OVER = 1.0  # seconds between two looks whether the assembler before us is gone
FULL = 5.0  # seconds between tries while the disk is full


_Raw = tuple[str, bytes, dict[bytes, bytes]]  # stream, id, fields


class Pages(Protocol):
    """What makes pages: timeline.rendering.Site."""

    def refresh(self, *, limit: int | None = None, progress: Progress | None = None) -> int: ...


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
        while _waited_for(sole, stop):
            # The pages are looked at only now: until now they were another's to change.
            Assembler(store, Site(store, site), keys.connect(redis_url), stop=stop, may_go_on=sole.holds).run()


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
        self._rendered = 0.0  # monotonic time of the last rendering
        self._applied = 0.0  # monotonic time of the last results stored
        self._has_queue = True
        self._has_group = False
        self._heir = True  # entries read before, and not acknowledged, come first
        self._page_limit = 50
        self._turn = 8  # facts a transaction, fitted to TURN
        self._changes = -1
        self._due = 0.0  # monotonic time of the next rendering

    def run(self) -> None:
        """Until told to stop, or no longer the one to do it."""
        log.info("assemble.started")
        while not self._stop.is_set() and self._may_go_on():
            try:
                entries = self._read()
                if entries:
                    self._apply(entries)
                self._render(is_busy=self._is_busy())
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
            raw = self._pending() if self._heir else self._new(self._patience())
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
        raw = self._group_read("0", None)
        self._heir = bool(raw)
        return raw

    def _new(self, patience: int) -> list[_Raw]:
        if (early := self._applied + PACE - time.monotonic()) > 0:
            self._stop.wait(early)
        return self._group_read(">", patience)

    def _group_read(self, start: str, patience: int | None) -> list[_Raw]:
        """Entries of both streams, those of the fresh one first."""
        asked: dict[bytes | str | memoryview, bytes | str | int | memoryview] = dict.fromkeys(keys.STREAMS, start)
        found = self._redis.xreadgroup(keys.GROUP, CONSUMER, asked, count=READ_AT_ONCE, block=patience)
        streams = cast("dict[bytes, Sequence[object]]", dict(found or {}))  # redis-py knows no types of its own
        return [
            (stream, id_, fields) for stream in keys.STREAMS for id_, fields in _flat(streams.get(stream.encode(), ()))
        ]

    def _patience(self) -> int:
        """Milliseconds to wait for facts: not at all when a page is due, not for long when one soon is."""
        return max(1, min(IDLE_MS, int((self._due - time.monotonic()) * 1000))) if self._due < math.inf else IDLE_MS

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
        left = [entry for entry in entries if not (isinstance(entry.fact, Started) and entry.fact.id in ended)]
        skipped = [entry for entry in entries if isinstance(entry.fact, Started) and entry.fact.id in ended]
        self._acknowledge(skipped, ())
        while left:
            turn, left = left[: self._turn], left[self._turn :]
            facts = [entry.fact for entry in turn if entry.fact is not None]
            began = time.monotonic()
            verdicts = self._store.apply(facts, time.time())
            took = time.monotonic() - began
            self._turn = max(1, min(READ_AT_ONCE, round(len(turn) * TURN / max(took, 0.0001))))
            for fact, verdict in zip(facts, verdicts, strict=True):
                _tell(fact, verdict)
            self._acknowledge(turn, facts)
        if ended:
            is_awaited = not self._is_busy() or any(entry.stream == keys.RESULTS_FRESH for entry in entries)
            self._applied = time.monotonic()
            self._due = min(self._due, self._rendered + (RENDER_EVERY if is_awaited else BACKLOG_EVERY))

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
            self._heir = True
            self._has_group = False

    # From the store to the pages.

    def _render(self, *, is_busy: bool) -> None:
        """Makes pages when they are due. What others wrote is shown a little later than facts: a registration is
        followed by its result within that time, and one rendering serves both."""
        at = time.monotonic()
        if self._has_changed():
            self._due = min(self._due, max(at + LATER, self._rendered + (BACKLOG_EVERY if is_busy else RENDER_EVERY)))
        elif not is_busy and self._due < math.inf:
            self._due = min(self._due, self._rendered + RENDER_EVERY)  # the burst is over
        if at < self._due:
            return
        limit = self._page_limit if is_busy else self._page_limit * 3
        made = self._pages.refresh(limit=limit, progress=self._store.progress(time.time()))
        took = time.monotonic() - at
        self._due = math.inf
        self._changes = self._store.changes()
        if made:
            log.debug("pages.made", pages=made, ms=round(took * 1000))
            self._page_limit = max(10, min(1000, 2 * self._page_limit, round(limit * RENDER_FOR / max(took, 0.001))))
            self._rendered = at
            if is_busy:
                self._due = at + max(BACKLOG_EVERY, took / RENDER_SHARE)
            else:  # what was left over at once, what is new meanwhile in a second
                self._due = at + (took if self._store.dirty_pages(1) else RENDER_EVERY)

    def _is_busy(self) -> bool:
        """Whether facts come one after the other."""
        return time.monotonic() - self._applied < RENDER_EVERY

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
