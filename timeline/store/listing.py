"""Documents and what is told of them, and the rows that are read, as the store answers with them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal_column, select

from timeline.model import DctSource
from timeline.store import schema
from timeline.store.rows import (
    DocumentRow,
    DocumentSummary,
    EventRow,
    FailureRow,
    IgnoredRow,
    Notice,
    State,
    UndatedRow,
)
from timeline.store.wire import DOCUMENT, EVENT, MENTIONS

IGNORED: ColumnElement[str] = literal_column("'ignored'")  # spelled out, else SQLite does not see that the index fits
_d = schema.documents.c
UNDATED = (_d.unanchored > literal_column("0"), _d.state == State.DONE)


def document(connection: Connection, document_id: str, *, with_text: bool) -> DocumentRow | None:
    """One document, with its text and mentions if wanted and once it was read."""
    row = connection.execute(select(schema.documents).where(_d.id == document_id)).first()
    if row is None:
        return None
    shares = select(_d.id).where(_d.sha256 == row.sha256, _d.id != row.id).order_by(_d.id)
    found = document_row(
        row,
        paths=tuple(path for (path,) in connection.execute(_paths_of(document_id))),
        same_text=tuple(connection.execute(shares).scalars()) if row.sha256 else (),
    )
    if not with_text:
        return found
    kept = connection.execute(select(schema.contents).where(schema.contents.c.document_id == document_id)).first()
    if kept is None:
        return found
    read = replace(DOCUMENT.validate_json(kept.detail), text=kept.text)
    return replace(found, document=read, mentions=MENTIONS.validate_json(kept.mentions))


def documents(
    connection: Connection, *, state: State | None, after: str | None, limit: int | None
) -> list[DocumentRow]:
    """Documents without their text, by id; `after` is the last id seen."""
    query = select(schema.documents).order_by(_d.id).limit(limit)
    if state is not None:
        query = query.where(_d.state == state)
    if after is not None:
        query = query.where(_d.id > after)
    return [document_row(row, paths=(), same_text=()) for row in connection.execute(query)]


def failures(connection: Connection, limit: int | None = None) -> list[FailureRow]:
    """Documents that failed, the latest first."""
    rows = connection.execute(
        select(_d.id, _d.path, _d.reason, _d.attempts, func.coalesce(_d.finished_at, _d.registered_at))
        .where(_d.state == State.FAILED)
        .order_by(func.coalesce(_d.finished_at, _d.registered_at).desc(), _d.id)
        .limit(limit)
    )
    return [FailureRow(id_, path, reason or "", attempts, at) for id_, path, reason, attempts, at in rows]


def undated(connection: Connection, limit: int | None = None) -> list[UndatedRow]:
    """Documents without a date whose relative expressions wait for one, those with most of them first."""
    chosen = select(_d.id, _d.path, _d.unanchored).where(*UNDATED).order_by(_d.unanchored.desc(), _d.path)
    return [UndatedRow(*row) for row in connection.execute(chosen.limit(limit))]


def ignored(connection: Connection, limit: int | None = None) -> list[IgnoredRow]:
    """Files that are no documents, and why."""
    c = schema.paths.c
    rows = connection.execute(select(c.path, c.reason).where(c.state == IGNORED).order_by(c.path).limit(limit))
    return [IgnoredRow(path, reason or "") for path, reason in rows]


def notices(connection: Connection) -> list[Notice]:
    """What everybody should see, oldest first."""
    c = schema.notices.c
    return [Notice(*row) for row in connection.execute(select(c.key, c.text, c.at).order_by(c.at, c.key))]


SUMMARY = (
    _d.id.label("document"),
    _d.title,
    _d.path,
    _d.dct,
    _d.dct_source,
    _d.language,
    _d.media_type,
    _d.collection,
)


def event_rows(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[EventRow]:
    """Events out of their columns and their documents' SUMMARY, which is put together once for all of a document."""
    summaries: dict[str, DocumentSummary] = {}
    found = []
    for row in rows:
        summary = summaries.get(row.document)
        if summary is None:
            summary = summaries[row.document] = _summary(row)
        found.append(EventRow(EVENT.validate_json(row.body), summary, row.sort, f"{row.reported}.{row.seq}"))
    return found


def _summary(row: Row[*tuple[Any, ...]]) -> DocumentSummary:
    return DocumentSummary(
        id=row.document,
        title=row.title,
        path=row.path,
        dct=row.dct,
        dct_source=DctSource(row.dct_source),
        language=row.language,
        media_type=row.media_type,
        collection=row.collection,
    )


def document_row(row: Row[*tuple[Any, ...]], paths: tuple[str, ...], same_text: tuple[str, ...]) -> DocumentRow:
    """A document out of its columns, without its text."""
    return DocumentRow(
        id=row.id,
        name=row.name,
        title=row.title,
        path=row.path,
        paths=paths or (row.path,),
        collection=row.collection,
        state=State(row.state),
        sha256=row.sha256,
        size=row.size,
        dct=row.dct,
        dct_source=DctSource(row.dct_source),
        language=row.language,
        media_type=row.media_type,
        attempts=row.attempts,
        reason=row.reason,
        registered_at=row.registered_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        ms=row.ms,
        engine=row.engine,
        revision=row.revision,
        correction=row.correction,
        events=row.events,
        parent=row.parent,
        superseded_by=row.superseded_by,
        same_text=same_text,
        worker=row.started_by,
    )


def _paths_of(document_id: str) -> Select[str]:
    c = schema.paths.c
    return select(c.path).where(c.document_id == document_id, c.state == "present").order_by(c.path)
