"""Documents read many at a time: making every page anew must not ask five questions a document."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from timeline.store import schema
from timeline.store.listing import SUMMARY, document_row, event_rows
from timeline.store.rows import DocumentRow, EventRow
from timeline.store.wire import DOCUMENT, MENTIONS

_d, _e, _p, _c = schema.documents.c, schema.events.c, schema.paths.c, schema.contents.c
# Together, of the files the documents were read from: what is held in memory at once.
_MOST_BYTES = 4_000_000
_MOST_DOCUMENTS = 100


def whole_documents(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[DocumentRow, list[EventRow]]]:
    """Documents with their text, mentions and live events; ids that are none are passed over."""
    for start in range(0, len(ids), _MOST_DOCUMENTS):
        asked = ids[start : start + _MOST_DOCUMENTS]
        some: list[str] = []
        held = 0
        for identity, size in connection.execute(select(_d.id, _d.size).where(_d.id.in_(asked))).all():
            if some and held + size > _MOST_BYTES:
                yield from _read(connection, some)
                some, held = [], 0
            some.append(identity)
            held += size
        if some:
            yield from _read(connection, some)


def _read(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[DocumentRow, list[EventRow]]]:
    rows = connection.execute(select(schema.documents).where(_d.id.in_(ids))).all()
    paths: dict[str, list[str]] = {}
    present = select(_p.document_id, _p.path).where(_p.document_id.in_(ids), _p.state == "present").order_by(_p.path)
    for identity, path in connection.execute(present):
        paths.setdefault(str(identity), []).append(path)
    sharing: dict[str, list[str]] = {}
    hashes = [row.sha256 for row in rows if row.sha256]
    for sha256, identity in connection.execute(select(_d.sha256, _d.id).where(_d.sha256.in_(hashes)).order_by(_d.id)):
        sharing.setdefault(str(sha256), []).append(identity)
    events: dict[str, list[EventRow]] = {}
    placed = (
        select(_e.seq, _e.sort, _e.reported, _e.body, *SUMMARY)
        .select_from(schema.events.join(schema.documents, _d.id == _e.document_id))
        .where(_e.document_id.in_(ids), _e.live.is_(True))
        .order_by(_e.seq)
    )
    for event in event_rows(connection.execute(placed)):
        events.setdefault(event.document.id, []).append(event)
    kept = {row.document_id: row for row in connection.execute(select(schema.contents).where(_c.document_id.in_(ids)))}
    for row in rows:
        found = document_row(
            row,
            paths=tuple(paths.get(row.id, ())),
            same_text=tuple(one for one in sharing.get(row.sha256 or "", ()) if one != row.id),
        )
        if content := kept.get(row.id):
            read = replace(DOCUMENT.validate_json(content.detail), text=content.text)
            found = replace(found, document=read, mentions=MENTIONS.validate_json(content.mentions))
        yield found, events.get(row.id, [])
