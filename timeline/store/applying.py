"""The assembler's writing: what workers say of documents becomes events, states and pages to make.

Facts are weighed one by one in memory and written together: a statement costs as much for fifty documents as for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, Insert, bindparam, select, update

from timeline.facts import Died, Done, Fact, Failed, Missing, Started
from timeline.store import placing, schema
from timeline.store.handing import child_died, rank_of
from timeline.store.inheriting import inherit_hidden
from timeline.store.many import Many, upsert
from timeline.store.marking import Rank, mark, pages_of
from timeline.store.registering import drop_children, new_child
from timeline.store.rows import Need, State
from timeline.store.wire import DOCUMENT, MEMBER, MENTIONS

_d = schema.documents.c
_CHUNK = 500


class Verdict(StrEnum):
    """What became of a worker's word."""

    STORED = "stored"
    REPEATED = "repeated"  # said before: nothing changed
    STALE = "stale"  # of an older correction, an older engine or a task that was taken back: refused
    UNKNOWN = "unknown"  # of no document here


def apply(connection: Connection, facts: Sequence[Fact], engine: str | None, now: float) -> list[Verdict]:
    """Facts in the order they were told; `engine` is the one wanted today. Returns what became of each."""
    verdicts: list[Verdict] = []
    round_ = _Round(connection, engine, now)
    round_.load(fact.id for fact in facts if not isinstance(fact, Died))
    for fact in facts:
        if isinstance(fact, Died):
            # Whom it strikes depends on all that was told before.
            round_.write()
            child_died(connection, fact.task, fact.cause, now)
            round_ = _Round(connection, engine, now)
            round_.load(other.id for other in facts if not isinstance(other, Died))
            verdicts.append(Verdict.STORED)
        else:
            verdicts.append(round_.weigh(fact))
    round_.write()
    return verdicts


@dataclass(slots=True)
class _Standing:
    """How a document stands, while facts about it are weighed."""

    id: str
    state: str
    was: str | None
    pending: str | None
    task: str | None
    revision: int
    engine: str | None
    urgency: int
    alone: bool
    attempts: int
    reason: str | None
    handed_at: float | None
    started_at: float | None
    started_by: str | None
    finished_at: float | None
    ms: float | None
    title: str
    dct: str | None
    dct_source: str
    language: str
    media_type: str
    events: int
    unanchored: int


_FIELDS = tuple(_Standing.__slots__)
_LOAD = select(*(_d[name] for name in _FIELDS)).where(_d.id.in_(bindparam("wanted", expanding=True)))
_WRITTEN = tuple(name for name in _FIELDS if name != "id")
_WRITE = Many(
    lambda _: (
        update(schema.documents).where(_d.id == bindparam("of")).values({name: bindparam(name) for name in _WRITTEN})
    )
)


def _keep(connection: Connection) -> Insert:
    insert = upsert(connection, schema.contents)
    kept = {name: insert.excluded[name] for name in ("text", "detail", "mentions")}
    return insert.on_conflict_do_update(index_elements=["document_id"], set_=kept)


_KEEP = Many(_keep)


class _Round:
    """One transaction's worth of weighing."""

    def __init__(self, connection: Connection, engine: str | None, now: float) -> None:
        self._connection, self._engine, self._now = connection, engine, now
        self._standing: dict[str, _Standing] = {}
        self._changed: dict[str, None] = {}
        self._read: dict[str, tuple[Done, bool]] = {}  # with whether it was read before
        self._pages: dict[str, Rank] = {}

    def load(self, ids: Iterable[str]) -> None:
        """How the documents stand."""
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), _CHUNK):
            rows = self._connection.execute(_LOAD, {"wanted": wanted[start : start + _CHUNK]})
            self._standing.update({row.id: _Standing(*row) for row in rows})

    def weigh(self, fact: Started | Done | Failed | Missing) -> Verdict:
        """What a fact means for its document."""
        document = self._standing.get(fact.id)
        if document is None:
            return Verdict.UNKNOWN
        if isinstance(fact, Done):
            verdict = self._done(document, fact)
        elif isinstance(fact, Failed):
            verdict = self._failed(document, fact)
        elif document.task != fact.task:
            verdict = Verdict.STALE
        elif isinstance(fact, Started):
            verdict = self._started(document, fact)
        else:
            document.task = document.handed_at = document.started_at = document.started_by = None
            document.state = State.QUEUED if document.state == State.WORKING else document.state
            verdict = Verdict.STORED
        if verdict is Verdict.STORED:
            self._changed[document.id] = None
        return verdict

    def _started(self, document: _Standing, fact: Started) -> Verdict:
        document.started_at, document.started_by = self._now, fact.worker
        document.state = State.WORKING if document.state == State.QUEUED else document.state
        return Verdict.STORED

    def _done(self, document: _Standing, fact: Done) -> Verdict:
        # An older engine may answer what it was asked (there is no other worker), but not what nobody waits for.
        is_older = document.engine is not None and fact.extraction.engine != self._engine
        if fact.revision != document.revision:
            return Verdict.STALE
        if document.pending is None and (document.engine is not None or document.state != State.FAILED):
            return Verdict.REPEATED
        if is_older and fact.task != document.task:
            return Verdict.STALE
        read = fact.extraction.document
        self._read[document.id] = (fact, document.engine is not None)
        self._touch(document, [], failures=document.state == State.FAILED)
        self._settle(document, State.DONE)
        document.alone, document.reason, document.ms = False, None, fact.ms
        document.engine = fact.extraction.engine
        document.title = read.title or read.name
        before, document.unanchored = document.unanchored, fact.extraction.unanchored
        if before or document.unanchored:  # that page lists them
            self._pages["failures"] = Rank.FRESH
        document.dct, document.dct_source = read.dct.isoformat() if read.is_dated else None, read.dct_source.value
        document.language, document.media_type = read.language, read.media_type
        document.events = len({event.id for event in fact.extraction.events})
        return Verdict.STORED

    def _failed(self, document: _Standing, fact: Failed) -> Verdict:
        if fact.revision != document.revision:
            return Verdict.STALE
        if document.pending is None:
            return Verdict.REPEATED
        document.reason = fact.reason
        if document.pending == Need.TEXT and document.state == State.DONE:
            # Read before, and only better this time: it keeps what it had.
            document.pending = document.task = None
            return Verdict.STORED
        self._settle(document, State.FAILED)
        self._touch(document, [], failures=True)
        return Verdict.STORED

    def _settle(self, document: _Standing, state: State) -> None:
        """A withdrawn document stays so, and comes back as what it became meanwhile."""
        withdrawn = document.state == State.WITHDRAWN
        document.state = State.WITHDRAWN if withdrawn else state
        document.was = state if withdrawn else None
        document.pending = document.task = None
        document.attempts += 1
        document.finished_at = self._now

    def _touch(self, document: _Standing, days: Sequence[str], *, failures: bool) -> None:
        for page, rank in pages_of(days, document.id, rank_of(document.urgency)).items():
            self._pages[page] = min(rank, self._pages.get(page, rank))
        if failures:
            self._pages["failures"] = Rank.FRESH

    def write(self) -> None:
        """Everything weighed so far."""
        if self._changed:
            rows = [
                {name: getattr(self._standing[id_], name) for name in _WRITTEN} | {"of": id_} for id_ in self._changed
            ]
            _WRITE.run(self._connection, rows)
        if self._read:
            self._write_read()
        mark(self._connection, self._pages)

    def _write_read(self) -> None:
        arriving = []
        for id_, (fact, before) in self._read.items():
            document = self._standing[id_]
            if before:
                self._touch(document, sorted(placing.remove(self._connection, id_)), failures=False)
            read = fact.extraction
            live = document.state != State.WITHDRAWN
            arriving.append(placing.Arriving(id_, read.events, read.document.dct, live=live))
        new = {id_: fact.extraction.events for id_, (fact, before) in self._read.items() if not before}
        inherit_hidden(self._connection, new)
        for id_, days in placing.put(self._connection, arriving).items():
            self._touch(self._standing[id_], sorted(days), failures=False)
        self._write_contents()
        for id_, (fact, before) in self._read.items():
            if fact.extraction.document.parts or before:
                self._write_children(id_, fact)

    def _write_contents(self) -> None:
        rows = [
            {
                "document_id": id_,
                "text": fact.extraction.document.text,
                "detail": DOCUMENT.dump_json(replace(fact.extraction.document, text="")).decode(),
                "mentions": MENTIONS.dump_json(fact.extraction.mentions).decode(),
            }
            for id_, (fact, _) in self._read.items()
        ]
        _KEEP.run(self._connection, rows)

    def _write_children(self, document: str, fact: Done) -> None:
        parts = fact.extraction.document.parts
        own = self._connection.execute(select(_d.member).where(_d.id == document)).scalar_one()
        above = MEMBER.validate_json(own) if own else ()
        members = [(*above, part.path) for part in parts]
        for part, member in zip(parts, members, strict=True):
            new_child(self._connection, document, member, part.sha256, part.size, self._now)
        drop_children(self._connection, document, {MEMBER.dump_json(member).decode() for member in members})
