"""Handing work out: what goes next, in which company, with which bytes, and not too much at once."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import structlog
from celery import Celery

from timeline.errors import UnreadableError
from timeline.store import Flight, Need, Speed, Store, Work
from workers import keys
from workers.messages import Item, pack_document, pack_items
from workers.stillness import ChangedError, read_still

log = structlog.get_logger("workers.queueing")

# A Celery message costs several milliseconds in all, an article two or three: so a backlog goes in batches worth a
# quarter of a second (a fresh drop waits for no longer than that), of documents that are small one by one.
BATCH_MS = 250.0
BATCH_BYTES = 64 * 1024
# Before anything is known of a kind: text is quick, whatever needs a parser is not.
QUICK = Speed(ms=5.0, ms_per_kb=1.0)
SLOW = Speed(ms=150.0, ms_per_kb=1.0)
_QUICK_KINDS = frozenset({"", ".txt", ".md", ".markdown", ".text", ".eml", ".srt", ".vtt", ".log", ".rst", ".csv"})
# Fresh arrivals may exceed the window by so many: they must not wait for a backlog to shrink.
FRESH_ROOM = 50
# Documents handed out in one go: a single drop must not wait for more to be read from the disk.
AT_ONCE = 120
# Unread facts on the stream after which nothing more is handed out: the assembler is behind, or down.
STREAM_BOUND = 5000
# Seconds after which Redis forgets bytes nobody fetched: they are sent again when somebody asks.
BLOB_LASTS = 6 * 3600
# Seconds for which a kind's measured speed is believed.
SPEED_LASTS = 5.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be out at once."""

    documents: int = 2000
    bytes: int = 256 * 1024 * 1024
    document_bytes: int = 100 * 1024 * 1024
    date_order: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One message: documents and the bytes that go with them."""

    task: str
    works: tuple[Work, ...]
    cargo: Mapping[str, bytes]  # Redis key → bytes

    @property
    def is_fresh(self) -> bool:
        return self.works[0].fresh


class Dispatcher:
    """Puts documents on the queue."""

    def __init__(
        self,
        store: Store,
        redis: keys.Redis,
        app: Celery,
        bounds: Bounds,
        real: Callable[[str], Path | None],
        relook: Callable[[str], None],
    ) -> None:
        self._store, self._redis, self._app, self._bounds = store, redis, app, bounds
        self._real, self._relook = real, relook
        self._speeds: Mapping[str, Speed] = {}
        self._speeds_until = 0.0
        self._kept: dict[str, bytes] = {}

    def keep(self, document: str, data: bytes) -> None:
        """Bytes just read, of a document that goes out next."""
        self._kept[document] = data

    @property
    def has_kept(self) -> bool:
        """Whether somebody waits whose bytes are at hand."""
        return bool(self._kept)

    def top_up(self, now: float, flight: Flight) -> int:
        """Hands out as much as there is room for beside what is out there; returns how many documents went.

        Raises RedisError.
        """
        room = self._bounds.documents - flight.documents
        if sum(self._redis.xlen(stream) for stream in keys.STREAMS) > STREAM_BOUND:
            return 0
        works = self._store.next_work(min(max(room, FRESH_ROOM), AT_ONCE), now)
        works = [work for place, work in enumerate(works) if work.fresh or place < room]
        sent = 0
        room_bytes = self._bounds.bytes - flight.bytes
        for company in self._companies(works):
            # At least one goes when nothing is out: a document as large as the bound must not wait for ever.
            size = sum(work.size for work in company)
            if size > room_bytes and flight.documents + sent:
                break
            room_bytes -= size
            sent += self._send(company, now)
        self._kept.clear()
        return sent

    def _companies(self, works: list[Work]) -> Iterator[tuple[Work, ...]]:
        """Who travels with whom: small documents of a backlog together, everybody else alone."""
        together: list[Work] = []
        spent = 0.0
        for work in works:
            cost = self._expected(work)
            if work.fresh or work.alone or work.size > BATCH_BYTES or work.member or cost > BATCH_MS:
                yield (work,)
                continue
            if together and spent + cost > BATCH_MS:
                yield tuple(together)
                together, spent = [], 0.0
            together.append(work)
            spent += cost
        if together:
            yield tuple(together)

    def _expected(self, work: Work) -> float:
        if time.monotonic() > self._speeds_until:
            self._speeds = self._store.speeds(time.time() - 120)
            self._speeds_until = time.monotonic() + SPEED_LASTS
        speed = self._speeds.get(work.suffix) or (QUICK if work.suffix in _QUICK_KINDS else SLOW)
        return speed.ms + speed.ms_per_kb * work.size / 1024

    def _send(self, company: tuple[Work, ...], now: float) -> int:
        loaded = [(work, cargo) for work in company if (cargo := self._load(work, now)) is not None]
        if not loaded:
            return 0
        parcel = _Parcel(str(uuid.uuid4()), tuple(work for work, _ in loaded), dict(cargo for _, cargo in loaded))
        pipe = self._redis.pipeline(transaction=False)
        for key, data in parcel.cargo.items():
            if data:
                pipe.set(key, data, ex=BLOB_LASTS)
        pipe.execute()
        # Noted before it is sent: what was noted and never sent is found and sent again, the reverse would be lost.
        handed = self._store.hand_out(parcel.task, [work.id for work in parcel.works], now)
        parcel = replace(parcel, works=tuple(work for work in parcel.works if work.id in handed))
        if not parcel.works:
            return 0
        names = ", ".join(work.name for work in parcel.works[:3])
        self._app.send_task(
            "timeline.read",
            args=[pack_items(tuple(self._item(work) for work in parcel.works))],
            task_id=parcel.task,
            priority=keys.FRESH if parcel.is_fresh else keys.BACKLOG,
            argsrepr=f"({names}{', …' if len(parcel.works) > 3 else ''})",
            retry=False,
        )
        for work in parcel.works:
            log.debug("document.handed_out", id=work.id, name=work.name, task=parcel.task)
        return len(parcel.works)

    def _item(self, work: Work) -> Item:
        order = work.hints.date_order or self._bounds.date_order
        hints = replace(work.hints, date_order=order, time_zone=self._bounds.time_zone)
        # A member is read out of the outermost file, under that file's name.
        name = PurePosixPath(work.path).name if work.member and work.path else work.name
        return Item(work.id, work.revision, work.need.value, name[:1024], work.blob, work.member, hints, work.fresh)

    def _load(self, work: Work, now: float) -> tuple[str, bytes] | None:
        """The bytes (or text) of a document; None when it cannot go out, which is then settled here."""
        if work.need is Need.TEXT:
            kept = self._store.document(work.id)
            if kept is not None and kept.document is not None:
                return keys.text_key(work.id), pack_document(kept.document)
        data = self._kept.get(work.blob)
        if data is None and work.member and self._redis.expire(keys.blob_key(work.blob), BLOB_LASTS):
            return keys.blob_key(work.blob), b""  # an archive's other members brought it along
        if data is None:
            data = self._read(work, now)
        return None if data is None else (keys.blob_key(work.blob), data)

    def _read(self, work: Work, now: float) -> bytes | None:
        path = self._real(work.path) if work.path is not None else None
        if path is None or work.path is None:
            self._store.fail(work.id, "its file is not in the inbox any more: drop it again", now)
            return None
        try:
            contents = read_still(path, self._bounds.document_bytes, keep=self._bounds.document_bytes)
        except (ChangedError, FileNotFoundError):
            self._relook(work.path)
            self._store.postpone(work.id, now + 5)
            return None
        except UnreadableError as error:
            self._store.fail(work.id, str(error), now)
            return None
        if contents.sha256 != work.sha256:
            self._relook(work.path)
            self._store.postpone(work.id, now + 5)
            return None
        return contents.data
