"""What a person says: another date, another try, an event that is none."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, func, select, update

from timeline.errors import UsageError
from timeline.store import placing, schema
from timeline.store.many import upsert
from timeline.store.marking import Rank, mark, pages_of
from timeline.store.rows import Need, State, Urgency

_d = schema.documents.c


def redate(connection: Connection, document: str, wanted: date | None) -> None:
    """Gives a document another date, or its own again (None); everything relative to it is worked out anew."""
    row = connection.execute(select(_d.state, _d.correction, _d.engine).where(_d.id == document)).first()
    if row is None:
        raise UsageError(f"there is no document {document}: see `timeline status`, or the end of its page's address")
    if row.state == State.FAILED:
        raise UsageError(f"document {document} could not be read, so it has no dates to move: `timeline retry` first")
    spelled = wanted.isoformat() if wanted else None
    if row.correction == spelled:
        return
    withdrawn = row.state == State.WITHDRAWN
    connection.execute(
        update(schema.documents)
        .where(_d.id == document)
        .values(
            correction=spelled,
            revision=_d.revision + 1,
            pending=Need.BYTES if row.engine is None else Need.TEXT,  # the file may be gone
            task=None,
            urgency=Urgency.FRESH,
            state=State.WITHDRAWN if withdrawn else State.QUEUED,
            was=State.QUEUED if withdrawn else None,
        )
    )
    mark(connection, pages_of([], document, Rank.FRESH))


def retry(connection: Connection, ids: Sequence[str] | None) -> int:
    """Tries failed documents again, all of them or these; returns how many."""
    # What nobody could read has no bytes to hand out: the next scan of the inbox tries it again by itself.
    chosen = [_d.state == State.FAILED, _d.sha256.is_not(None)]
    if ids is not None:
        known = set(connection.execute(select(_d.id).where(_d.id.in_(ids))).scalars())
        if unknown := sorted(set(ids) - known):
            raise UsageError(f"there is no document {', '.join(unknown)}: `timeline failures` lists those that failed")
        chosen.append(_d.id.in_(ids))
    tried = connection.execute(
        update(schema.documents)
        .where(*chosen)
        .values(
            state=State.QUEUED,
            pending=Need.BYTES,
            task=None,
            urgency=Urgency.FRESH if ids is not None and len(ids) == 1 else Urgency.BACKLOG,
            deaths=0,
            worker_deaths=0,
            reason=None,
        )
    ).rowcount
    if tried:
        mark(connection, {"index": Rank.AT_ONCE, "failures": Rank.FRESH})
    return tried


def hide(connection: Connection, event_id: str, *, hide: bool) -> int:
    """Takes one event off the timeline, or puts it back; returns in how many documents it stood."""
    h = schema.hidden.c
    holders = list(
        connection.execute(select(schema.events.c.document_id).where(schema.events.c.id == event_id)).scalars()
    )
    if not holders:
        raise UsageError(f"there is no event {event_id}: its document may have been corrected or withdrawn")
    if hide:
        rows = [{"event_id": event_id, "document_id": holder} for holder in holders]
        connection.execute(upsert(connection, schema.hidden).on_conflict_do_nothing(), rows)
    else:
        connection.execute(delete(schema.hidden).where(h.event_id == event_id))
    days, touched = placing.conceal(connection, event_id, hide=hide)
    pages = pages_of(sorted(days), None, Rank.FRESH)
    mark(connection, pages | {f"document:{document}": Rank.FRESH for document in touched})
    return len(holders)


def is_hidden(connection: Connection, document: str) -> set[str]:
    """The ids of a document's hidden events."""
    h = schema.hidden.c
    return set(connection.execute(select(h.event_id).where(h.document_id == document)).scalars())


def notice(connection: Connection, key: str, said: str | None, now: float) -> bool:
    """Puts up a notice, or takes it down (None); False when nothing changed."""
    c = schema.notices.c
    current = connection.execute(select(c.text).where(c.key == key)).scalar()
    if current == said:
        return False
    connection.execute(delete(schema.notices).where(c.key == key))
    if said is not None:
        connection.execute(schema.notices.insert().values(key=key, text=said, at=now))
    mark(connection, {"index": Rank.AT_ONCE})
    return True


def remember(connection: Connection, key: str, value: str) -> None:
    """Keeps a small fact of our own: the engine wanted, the epoch of the queue."""
    insert = upsert(connection, schema.meta).values(key=key, value=value)
    connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def recall(connection: Connection, key: str) -> str | None:
    """What was remembered."""
    return connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == key)).scalar()


def undone(connection: Connection) -> int:
    """Documents that have neither a result nor a failure yet."""
    states = [State.QUEUED, State.WORKING]
    return connection.execute(
        select(func.count()).select_from(schema.documents).where(_d.state.in_(states))
    ).scalar_one()
