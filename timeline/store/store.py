"""One database, opened: everything that is asked of it and written to it, each in a transaction of its own."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, Unpack

from sqlalchemy import Engine, PoolProxiedConnection

from timeline.facts import Fact
from timeline.store import (
    applying,
    binning,
    bulk,
    correcting,
    counting,
    finding,
    handing,
    listing,
    marking,
    naming,
    opening,
    registering,
)
from timeline.store.applying import Verdict
from timeline.store.finding import Clock, Filter, Wanted
from timeline.store.marking import Rank
from timeline.store.registering import Arrival, Registered
from timeline.store.rows import (
    Balance,
    Bin,
    Counts,
    DocumentRow,
    EventRow,
    Facet,
    FailureRow,
    Flight,
    HandedOut,
    IgnoredRow,
    Notice,
    PathRow,
    Progress,
    Speed,
    State,
    UndatedRow,
    Work,
)
from timeline.store.sole import Sole
from timeline.store.timings import Timings, timings


class Store:
    """One database. Safe to share between threads; every writing method is one short transaction.

    Nothing here reads the clock: `now` is seconds since the epoch, from whoever calls.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stamps: dict[str, int] = {}  # of the pages last told to be dirty
        self._watched: PoolProxiedConnection | None = None

    @classmethod
    def open(cls, url_or_path: str | Path, *, create: bool = True, read_only: bool = False) -> Self:
        """Opens a database by path (a file, or a folder that holds timeline.db) or URL, its schema brought up to date.

        Raises StoreError when there is none and `create` is off, or when it cannot be used.
        """
        return cls(opening.connect(url_or_path, create=create, read_only=read_only))

    @property
    def folder(self) -> Path | None:
        """Where the database lies; None when it is elsewhere, or in memory."""
        database = self._engine.url.database
        is_file = self._engine.dialect.name == "sqlite" and database not in (None, "", ":memory:")
        return Path(str(database)).parent if is_file else None

    def sole(self) -> Sole:
        """The right to assemble, which one process has at a time."""
        return Sole(self._engine)

    def close(self) -> None:
        """Lets go of the database."""
        if self._watched is not None:
            self._watched.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.close()

    # Reading: for pages, exports, the command line.

    def counts(self) -> Counts:
        """Documents by state, and events."""
        with opening.reading(self._engine) as connection:
            return counting.counts(connection)

    def balance(self) -> Balance:
        """The sum that must come out even: in = done + failed + withdrawn + ignored."""
        with opening.reading(self._engine) as connection:
            return counting.balance(connection)

    def progress(self, now: float) -> Progress:
        """How fast it goes, and how long it takes."""
        with opening.reading(self._engine) as connection:
            return counting.progress(connection, now)

    def events(
        self,
        *,
        by: Clock = "event",
        after: str | None = None,
        limit: int | None = None,
        **wanted: Unpack[Wanted],
    ) -> list[EventRow]:
        """Events in time order. An event lies in [begin, end) when its sort key does: periods never share one.

        `text` takes words, "phrases" and begin*; `source` a document's id or a part of its path or title;
        `collection` a sub-folder. `by="reported"` orders and bounds by the documents' dates instead.
        """
        with opening.reading(self._engine) as connection:
            return finding.events(connection, Filter(**wanted), by=by, after=after, limit=limit)

    def event(self, id: str) -> EventRow | None:  # noqa: A002
        """One event, or None."""
        with opening.reading(self._engine) as connection:
            return finding.event(connection, id)

    def histogram(
        self,
        by: Clock = "event",
        unit: Literal["year", "month", "day"] = "month",
        **wanted: Unpack[Wanted],
    ) -> list[Bin]:
        """Events counted by year, month or day of their sort key; units without any are left out."""
        with opening.reading(self._engine) as connection:
            return binning.histogram(connection, Filter(**wanted), by=by, unit=unit)

    def facets(self, of: Literal["source", "collection", "language"], limit: int = 300) -> list[Facet]:
        """What many events share, with how many do, the fullest first."""
        with opening.reading(self._engine) as connection:
            return binning.facets(connection, of, limit)

    def months(self) -> list[Bin]:
        """Every month that holds events."""
        return self.histogram(unit="month")

    def document(self, id: str, *, with_text: bool = True) -> DocumentRow | None:  # noqa: A002
        """One document, or None."""
        with opening.reading(self._engine) as connection:
            return listing.document(connection, id, with_text=with_text)

    def documents(
        self, *, state: State | None = None, after: str | None = None, limit: int | None = None
    ) -> list[DocumentRow]:
        """Documents without their text, by id; `after` is the last id seen."""
        with opening.reading(self._engine) as connection:
            return listing.documents(connection, state=state, after=after, limit=limit)

    def whole_documents(self, ids: Sequence[str]) -> Iterator[tuple[DocumentRow, list[EventRow]]]:
        """Documents with their text, mentions and events, a few megabytes at a time; unknown ids are passed over."""
        with opening.reading(self._engine) as connection:
            yield from bulk.whole_documents(connection, ids)

    def failures(self, limit: int | None = None) -> list[FailureRow]:
        """Documents that failed, the latest first."""
        with opening.reading(self._engine) as connection:
            return listing.failures(connection, limit)

    def undated(self, limit: int | None = None) -> list[UndatedRow]:
        """Documents without a date whose relative expressions wait for one."""
        with opening.reading(self._engine) as connection:
            return listing.undated(connection, limit)

    def ignored(self, limit: int | None = None) -> list[IgnoredRow]:
        """Files that are no documents, and why."""
        with opening.reading(self._engine) as connection:
            return listing.ignored(connection, limit)

    def notices(self) -> list[Notice]:
        """What everybody should see: the disk is full, the inbox is gone."""
        with opening.reading(self._engine) as connection:
            return listing.notices(connection)

    def timings(self, bounds: Sequence[float]) -> Timings:
        """How long documents took to read: a histogram with these bounds, in seconds."""
        with opening.reading(self._engine) as connection:
            return timings(connection, bounds)

    def hidden(self, document: str) -> set[str]:
        """The ids of a document's events that a person took off the timeline."""
        with opening.reading(self._engine) as connection:
            return correcting.is_hidden(connection, document)

    def changes(self) -> int:
        """A number that is another one after somebody else wrote. Cheap enough to ask every second.

        PostgreSQL has no such number: there the clock of its transactions serves.
        """
        if self._watched is None:
            # Outside any transaction: within one, nothing ever changes.
            self._watched = opening.bare(self._engine)
        cursor = self._watched.cursor()
        try:
            cursor.execute(opening.CHANGES[self._engine.dialect.name])
            row = cursor.fetchone()
            return int(row[0]) if row else 0
        finally:
            cursor.close()

    # Pages to make.

    def dirty_pages(self, limit: int, *, urgent: bool = False) -> list[str]:
        """Pages that no longer say the truth: the overview, what somebody waits for, then (unless only the `urgent`
        ones are asked for) the oldest.

        "index", "failures", "day:2025-11-06" (what happened then has changed), "month:2025-11" (any of its
        days may have), "document:<id>", "data" (what is put together from the data of all periods).
        """
        with opening.reading(self._engine) as connection:
            found = marking.marked(connection, limit, Rank.FRESH if urgent else Rank.BACKLOG)
        self._stamps.update(found)
        return [page for page, _ in found]

    def dirty_among(self, pages: Sequence[str]) -> list[str]:
        """Those of these pages that no longer say the truth."""
        with opening.reading(self._engine) as connection:
            found = marking.marked_among(connection, pages)
        self._stamps.update(found)
        return [page for page, _ in found]

    def clean_pages(self, keys: Sequence[str], *, outdated: str | None = None) -> None:
        """Pages that were made after they were named dirty; one that changed since stays dirty. What is put together
        from them is `outdated`, and becomes dirty in their stead."""
        made = [(page, self._stamps.pop(page)) for page in keys if page in self._stamps]
        if made:
            with opening.writing(self._engine) as connection:
                marking.unmark(connection, made)
                marking.mark(connection, {outdated: Rank.AT_ONCE} if outdated else {})

    def mark_all(self) -> None:
        """Has every page made anew: the templates changed, or the site is gone."""
        with opening.writing(self._engine) as connection:
            marking.mark_all(connection)

    # The doors: what a person says.

    def document_called(self, called: str) -> str:
        """The id of the document somebody means: by id, head of an id, path or name. Raises UsageError."""
        with opening.reading(self._engine) as connection:
            return naming.document_called(connection, called)

    def redate(self, document: str, date: date | None) -> None:
        """Gives a document another date, or its own again (None). Raises UsageError for an unknown document."""
        with opening.writing(self._engine, for_good=True) as connection:
            correcting.redate(connection, document, date)

    def retry(self, ids: Sequence[str] | None = None) -> int:
        """Tries failed documents again: these, or all; returns how many."""
        with opening.writing(self._engine) as connection:
            return correcting.retry(connection, ids)

    def hide(self, event_id: str, *, hide: bool = True) -> int:
        """Takes one event off the timeline for good, or puts it back."""
        with opening.writing(self._engine, for_good=True) as connection:
            return correcting.hide(connection, event_id, hide=hide)

    # The producer.

    def register(self, arrivals: Sequence[Arrival], now: float) -> list[Registered]:
        """Files that are ready to be read become documents, or one more path of a known one."""
        with opening.writing(self._engine) as connection:
            return registering.register_all(connection, arrivals, now)

    def ignore(self, paths: Sequence[tuple[str, str]], now: float) -> None:
        """Files that are no documents: (path, reason)."""
        with opening.writing(self._engine) as connection:
            registering.ignore(connection, paths, now)

    def forget_ignored(self, paths: Sequence[str]) -> None:
        """Ignored files that are gone."""
        with opening.writing(self._engine) as connection:
            registering.forget_ignored(connection, paths)

    def gone(self, paths: Sequence[str], now: float) -> list[str]:
        """Files that vanished; returns the ids of the documents withdrawn for it."""
        with opening.writing(self._engine) as connection:
            return registering.gone(connection, paths, now)

    def known_paths(self) -> dict[str, PathRow]:
        """Every path ever seen, as it was last seen."""
        with opening.reading(self._engine) as connection:
            return registering.known_paths(connection)

    def unread_paths(self) -> list[str]:
        """Paths of files that could not be opened."""
        with opening.reading(self._engine) as connection:
            return registering.unread_paths(connection)

    def mean_withdrawal(self, *, meant: bool = True) -> None:
        """A person says that most files are gone on purpose: they may be withdrawn, once."""
        if meant or self.is_withdrawal_meant():
            self.remember("withdrawal", "meant" if meant else "")

    def is_withdrawal_meant(self) -> bool:
        """Whether a person said so."""
        return self.recall("withdrawal") == "meant"

    def next_work(self, limit: int, now: float) -> list[Work]:
        """Documents that want a worker, the most urgent first."""
        with opening.reading(self._engine) as connection:
            return handing.next_work(connection, limit, now)

    def hand_out(self, task: str, ids: Sequence[str], now: float) -> set[str]:
        """Notes which task carries which documents, before it is sent; returns those it may carry."""
        with opening.writing(self._engine) as connection:
            return handing.hand_out(connection, task, ids, now)

    def handed_out(self) -> list[HandedOut]:
        """Documents on the queue or with a worker."""
        with opening.reading(self._engine) as connection:
            return handing.handed_out(connection)

    def take_back(self, tasks: Sequence[str]) -> int:
        """Tasks lost through no fault of their documents; returns how many documents wait again."""
        with opening.writing(self._engine) as connection:
            return handing.take_back(connection, tasks)

    def worker_died(self, tasks: Sequence[str], now: float) -> list[str]:
        """Tasks whose whole worker died; returns the ids of documents given up."""
        with opening.writing(self._engine) as connection:
            return [lost for task in tasks for lost in handing.worker_died(connection, task, now)]

    def in_flight(self) -> Flight:
        """How much is handed out."""
        with opening.reading(self._engine) as connection:
            return handing.in_flight(connection)

    def speeds(self, since: float) -> dict[str, Speed]:
        """What documents of each suffix cost lately."""
        with opening.reading(self._engine) as connection:
            return handing.speeds(connection, since)

    def postpone(self, document: str, until: float) -> None:
        """Not before then: its file is changing."""
        with opening.writing(self._engine) as connection:
            handing.postpone(connection, document, until)

    def undone(self) -> int:
        """Documents that have neither a result nor a failure yet."""
        with opening.reading(self._engine) as connection:
            return correcting.undone(connection)

    def fail(self, document: str, reason: str, now: float) -> None:
        """A document that cannot be handed out, and why."""
        with opening.writing(self._engine) as connection:
            handing.fail(connection, document, reason, now)

    def want_engine(self, engine: str) -> int:
        """Says which engine is wanted; documents read by another are read again, in the background."""
        with opening.writing(self._engine) as connection:
            correcting.remember(connection, "engine", engine)
            return handing.outdated(connection, engine)

    def remember(self, key: str, value: str) -> None:
        """Keeps a small fact of our own."""
        with opening.writing(self._engine) as connection:
            correcting.remember(connection, key, value)

    def recall(self, key: str) -> str | None:
        """What was remembered."""
        with opening.reading(self._engine) as connection:
            return correcting.recall(connection, key)

    def notice(self, key: str, said: str | None, now: float) -> bool:
        """Puts up a notice, or takes it down (None); False when nothing changed."""
        with opening.writing(self._engine) as connection:
            return correcting.notice(connection, key, said, now)

    # The assembler.

    def apply(self, facts: Sequence[Fact], now: float) -> list[Verdict]:
        """Workers' facts, in one transaction; keep it under 25 ms, somebody else wants to write too."""
        with opening.writing(self._engine) as connection:
            return applying.apply(connection, facts, correcting.recall(connection, "engine"), now)

    def spent_blobs(self, ids: Sequence[str]) -> set[str]:
        """Of these documents, all settled, the blobs that nobody needs any more."""
        with opening.reading(self._engine) as connection:
            return handing.spent_blobs(connection, ids)
