"""The assembler's writing: what workers say of documents becomes events, states and pages to make."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection, select, update

from timeline.model import Extraction
from timeline.store import placing, schema
from timeline.store.handing import fail, rank_of
from timeline.store.marking import Rank, mark, pages_of, upsert
from timeline.store.registering import drop_children, new_child
from timeline.store.rows import Need, State
from timeline.store.wire import DOCUMENT, MEMBER, MENTIONS

_d = schema.documents.c


class Verdict(StrEnum):
    """What became of a worker's word."""

    STORED = "stored"
    REPEATED = "repeated"  # said before: nothing changed
    STALE = "stale"  # of an older correction or an older engine: refused
    UNKNOWN = "unknown"  # of no document here


def started(connection: Connection, document: str, task: str, worker: str, now: float) -> Verdict:
    """A worker begins a document. Of a task that was taken back it says nothing."""
    changed = connection.execute(
        update(schema.documents)
        .where(_d.id == document, _d.task == task)
        .values(started_at=now, started_by=worker, state=_working(connection, document))
    )
    return Verdict.STORED if changed.rowcount else Verdict.STALE


def done(
    connection: Connection,
    document: str,
    revision: int,
    extraction: Extraction,
    *,
    task: str,
    ms: float,
    engine: str | None,
    now: float,
) -> Verdict:
    """A document was read: its events replace what it had. `engine` is the one wanted today."""
    row = connection.execute(
        select(_d.state, _d.pending, _d.revision, _d.engine, _d.urgency, _d.task).where(_d.id == document)
    ).first()
    if row is None:
        return Verdict.UNKNOWN
    # An older engine may answer what it was asked (there is no other worker), but not what nobody waits for.
    is_older = row.engine is not None and extraction.engine != engine and task != row.task
    if revision != row.revision or (row.pending is not None and is_older):
        return Verdict.STALE
    if row.pending is None and (row.engine is not None or row.state != State.FAILED):
        return Verdict.REPEATED
    withdrawn = row.state == State.WITHDRAWN
    read = extraction.document
    months = placing.remove(connection, document)
    months |= placing.put(connection, document, extraction.events, read.dct, live=not withdrawn)
    _keep(connection, document, extraction)
    connection.execute(
        update(schema.documents)
        .where(_d.id == document)
        .values(
            state=State.WITHDRAWN if withdrawn else State.DONE,
            was=State.DONE if withdrawn else None,
            pending=None,
            task=None,
            alone=False,
            engine=extraction.engine,
            attempts=_d.attempts + 1,
            reason=None,
            ms=ms,
            finished_at=now,
            title=read.title or read.name,
            dct=read.dct.isoformat(),
            dct_source=read.dct_source.value,
            language=read.language,
            media_type=read.media_type,
            events=len({event.id for event in extraction.events}),
        )
    )
    _children(connection, document, extraction, now)
    failed_before = {"failures": Rank.FRESH} if row.state == State.FAILED else {}
    mark(connection, pages_of(sorted(months), document, rank_of(row.urgency)) | failed_before)
    return Verdict.STORED


def failed(connection: Connection, document: str, revision: int, reason: str, now: float) -> Verdict:
    """A document could not be read. One that was read before, and only better, keeps what it had."""
    row = connection.execute(select(_d.state, _d.pending, _d.revision).where(_d.id == document)).first()
    if row is None:
        return Verdict.UNKNOWN
    if revision != row.revision:
        return Verdict.STALE
    if row.pending is None:
        return Verdict.REPEATED
    connection.execute(update(schema.documents).where(_d.id == document).values(attempts=_d.attempts + 1))
    if row.pending == Need.TEXT and row.state == State.DONE:
        connection.execute(
            update(schema.documents).where(_d.id == document).values(pending=None, task=None, reason=reason)
        )
    else:
        fail(connection, document, reason, now)
    return Verdict.STORED


def missing(connection: Connection, document: str, task: str) -> Verdict:
    """A worker found no bytes for a document: it waits again, if this is the task that counts."""
    changed = connection.execute(
        update(schema.documents)
        .where(_d.id == document, _d.task == task)
        .values(task=None, handed_at=None, started_at=None, started_by=None, state=_waiting(connection, document))
    )
    return Verdict.STORED if changed.rowcount else Verdict.REPEATED


def _working(connection: Connection, document: str) -> str:
    state = connection.execute(select(_d.state).where(_d.id == document)).scalar() or State.QUEUED
    return State.WORKING if state == State.QUEUED else str(state)


def _waiting(connection: Connection, document: str) -> str:
    state = connection.execute(select(_d.state).where(_d.id == document)).scalar() or State.QUEUED
    return State.QUEUED if state == State.WORKING else str(state)


def _keep(connection: Connection, document: str, extraction: Extraction) -> None:
    row = {
        "text": extraction.document.text,
        "detail": DOCUMENT.dump_json(replace(extraction.document, text="")).decode(),
        "mentions": MENTIONS.dump_json(extraction.mentions).decode(),
    }
    insert = upsert(connection, schema.contents).values(document_id=document, **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["document_id"], set_=row))


def _children(connection: Connection, document: str, extraction: Extraction, now: float) -> None:
    parts = extraction.document.parts
    own = connection.execute(select(_d.member).where(_d.id == document)).scalar_one()
    above = MEMBER.validate_json(own) if own else ()
    members: Sequence[tuple[str, ...]] = [(*above, part.path) for part in parts]
    for part, member in zip(parts, members, strict=True):
        new_child(connection, document, member, part.sha256, part.size, now)
    drop_children(connection, document, {MEMBER.dump_json(member).decode() for member in members})
