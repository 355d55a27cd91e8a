"""Events by time, text and source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from sqlalchemy import ColumnElement, Connection, FromClause, Integer, literal_column, or_, select, text

from timeline.errors import UsageError
from timeline.model import Shape
from timeline.store import schema, words
from timeline.store.listing import SUMMARY, event_rows
from timeline.store.rows import EventRow

Clock = Literal["event", "reported"]
# An event's key is its sort key, shifted, with a slot below: a million events fit one and the same second.
SLOT_BITS = 20
# Beyond ±139,000 years the key no longer grows; the order within it is then by slot.
_FARTHEST = 2 ** (62 - SLOT_BITS) - 1
# So few documents and events are quicker gathered than looked for along the line.
_FEW_DOCUMENTS, _FEW = 300, 5000
_d, _e = schema.documents.c, schema.events.c
_JOINED = schema.events.join(schema.documents, _d.id == _e.document_id)


class Wanted(TypedDict, total=False):
    """A Filter's fields, as keywords."""

    begin: int | None
    end: int | None
    shapes: Sequence[Shape]
    granularities: Sequence[str]
    source: str | None
    text: str | None
    language: str | None
    document: str | None
    collection: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What events are asked for; the empty filter is all of them."""

    begin: int | None = None
    end: int | None = None
    shapes: Sequence[Shape] = ()
    granularities: Sequence[str] = ()
    source: str | None = None
    text: str | None = None
    language: str | None = None
    document: str | None = None
    collection: str | None = None


def key(sort: int, slot: int = 0) -> int:
    """Where an event with this sort key stands among all."""
    return int(max(-_FARTHEST, min(_FARTHEST, sort))) << SLOT_BITS | slot


def events(
    connection: Connection, wanted: Filter, *, by: Clock = "event", after: str | None = None, limit: int | None = None
) -> list[EventRow]:
    """Live events in time order, behind the cursor `after`."""
    source, place, conditions = chosen(connection, wanted, by)
    query = select(_e.seq, _e.sort, _e.reported, _e.body, *SUMMARY).select_from(source).where(*conditions)
    if by == "event":
        query = query.where(place > _cursor(after)[1]) if after else query
        query = query.order_by(place)
    else:
        if after:
            reported, seq = _cursor(after)
            query = query.where(_e.reported >= reported)
            query = query.where(or_(_e.reported > reported, _e.seq > seq))
        query = query.order_by(_e.reported, _e.seq)
    return event_rows(connection.execute(query.limit(limit)))


def event(connection: Connection, event_id: str) -> EventRow | None:
    """One event, hidden and withdrawn ones too."""
    found = connection.execute(
        select(_e.seq, _e.sort, _e.reported, _e.body, *SUMMARY)
        .select_from(_JOINED)
        .where(_e.id == event_id)
        .order_by(_e.live.desc(), _e.document_id)
        .limit(1)
    )
    return next(iter(event_rows(found)), None)


def chosen(
    connection: Connection, wanted: Filter, by: Clock
) -> tuple[FromClause, ColumnElement[int], list[words.Condition]]:
    """Where the events wanted are read from, what they are ordered by, and what must hold of them."""
    if connection.dialect.name == "sqlite" and by == "event" and (match := words.match(wanted.text)):
        # The index of words is in time order too, its key being the events': the first 50 of a common word are
        # the first 50 entries of its list. The plus keeps SQLite from walking the events instead.
        source = words.INDEX.join(schema.events, _e.seq == text("+events_text.rowid")).join(
            schema.documents, _d.id == _e.document_id
        )
        conditions: list[words.Condition] = [words.INDEX.c.events_text.match(match)]
        conditions += _conditions(
            connection, replace(wanted, text=words.unspaced(wanted.text), begin=None, end=None), by
        )
        return source, words.INDEX.c.rowid, conditions + between(words.INDEX.c.rowid, wanted)
    conditions = _conditions(connection, wanted, by)
    few = _few_documents(connection, wanted)
    if few is None:
        return _JOINED, _e.seq, conditions
    # Few documents: their events are gathered and sorted, rather than looked for along the whole line.
    return _JOINED, literal_column("+events.seq", Integer), [_e.document_id.in_(few), *conditions]


def _few_documents(connection: Connection, wanted: Filter) -> list[str] | None:
    """The documents wanted, when they are few and hold few events; None otherwise."""
    if connection.dialect.name != "sqlite" or not (wanted.source or wanted.collection is not None or wanted.language):
        return None
    held = select(_d.id, _d.events).where(_d.events > 0, *_of_document(wanted)).limit(_FEW_DOCUMENTS + 1)
    found = connection.execute(held).all()
    is_few = len(found) <= _FEW_DOCUMENTS and sum(row.events for row in found) <= _FEW
    return [row.id for row in found] if is_few else None


def _cursor(after: str) -> tuple[int, int]:
    try:
        reported, seq = (int(part) for part in after.split("."))
        if max(abs(reported), abs(seq)) >= 2**63:
            raise ValueError("no database holds such a number")
        return reported, seq
    except ValueError as error:
        raise UsageError(f"{after!r} is no cursor: hand back the `cursor` of the last event you got") from error


def _conditions(connection: Connection, wanted: Filter, by: Clock) -> list[words.Condition]:
    found: list[words.Condition] = [_e.live.is_(True)]
    if by == "event":
        found += between(_e.seq, wanted)
    else:
        found += [_e.reported >= wanted.begin] if wanted.begin is not None else []
        found += [_e.reported < wanted.end] if wanted.end is not None else []
    found += [_e.shape.in_(wanted.shapes)] if wanted.shapes else []
    found += [_e.granularity.in_(wanted.granularities)] if wanted.granularities else []
    found += [_e.document_id == wanted.document] if wanted.document else []
    found += _of_document(wanted)
    if wanted.text and wanted.text.strip():
        found += words.conditions(connection, wanted.text)
    return found


def _of_document(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_d.language == wanted.language] if wanted.language else []
    if wanted.collection is not None:
        found.append(or_(_d.collection == wanted.collection, _d.collection.startswith(wanted.collection + "/")))
    if wanted.source:
        like = f"%{words.escaped(wanted.source)}%"
        found.append(or_(_d.id == wanted.source, _d.path.ilike(like, escape="\\"), _d.title.ilike(like, escape="\\")))
    return found


def between(place: ColumnElement[int], wanted: Filter) -> list[words.Condition]:
    """That an event's key, in this column, lies between the bounds."""
    found: list[words.Condition] = [place >= key(wanted.begin)] if wanted.begin is not None else []
    return found + ([place < key(wanted.end)] if wanted.end is not None else [])
