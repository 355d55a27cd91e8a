"""Events going into the timeline and out of it: rows, words and counts in step."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection, Insert, Row, bindparam, column, delete, insert, literal_column, select, table, update

from timeline.model import Event
from timeline.store import schema
from timeline.store.calendar import DAY, begin_of, key_of
from timeline.store.finding import SLOT_BITS, key
from timeline.store.many import Many, upsert
from timeline.store.wire import EVENT

_c = schema.events.c
_SLOTS = 1 << SLOT_BITS


_TAKEN = select(_c.seq).where(_c.seq.in_(bindparam("wanted", expanding=True)))
_HIDDEN = select(schema.hidden.c.document_id, schema.hidden.c.event_id).where(
    schema.hidden.c.document_id.in_(bindparam("wanted", expanding=True))
)


class _Row(TypedDict):
    """What must be known of an event to count it in or out."""

    seq: int
    sort: int
    reported: int
    shape: str
    statement: str


class _FullRow(_Row):
    id: str
    document_id: str
    begin: int | None
    end: int | None
    granularity: str
    body: str
    live: bool


_CHUNK = 500  # well under SQLite's bound on parameters


def sort_of(event: Event) -> int:
    """Where an event stands: at its begin, or just before its end when nobody says when it began."""
    place = event.placement
    if place.begin is not None:
        return place.begin
    return place.end - 1 if place.end is not None else 0


@dataclass(frozen=True, slots=True)
class Arriving:
    """A document's events, none of which is placed yet."""

    document: str
    events: Sequence[Event]
    dct: date
    live: bool


def put(connection: Connection, arriving: Sequence[Arriving]) -> dict[str, set[str]]:
    """Places the events of several documents; returns the days touched by each."""
    concealed = _concealed(connection, [one.document for one in arriving])
    rows: dict[tuple[str, str], _FullRow] = {}
    days: dict[str, set[str]] = {}
    for one in arriving:
        for event in one.events:
            row = _row(one, event, is_concealed=(one.document, event.id) in concealed)
            rows[one.document, event.id] = row
            if row["live"]:
                days.setdefault(one.document, set()).add(key_of(row["sort"], "day"))
    if not rows:
        return {}
    _make_room(connection, list(rows.values()))
    # In the order of the key: the index of words then takes a transaction's events in one piece.
    placed = sorted(rows.values(), key=lambda row: row["seq"])
    _PUT.run(connection, placed)
    _show(connection, [row for row in placed if row["live"]], 1)
    return days


def _row(one: Arriving, event: Event, *, is_concealed: bool) -> _FullRow:
    sort = sort_of(event)
    return {
        "seq": key(sort, _slot(one.document, event.id)),
        "id": event.id,
        "document_id": one.document,
        "sort": sort,
        "begin": event.placement.begin,
        "end": event.placement.end,
        "reported": (one.dct.toordinal() - 1) * DAY,
        "shape": event.placement.shape.value,
        "granularity": event.placement.granularity,
        "statement": event.statement,
        "body": EVENT.dump_json(event).decode(),
        "live": one.live and not is_concealed,
    }


def _concealed(connection: Connection, documents: Sequence[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for start in range(0, len(documents), _CHUNK):
        rows = connection.execute(_HIDDEN, {"wanted": documents[start : start + _CHUNK]})
        found.update((document, event) for document, event in rows)
    return found


def remove(connection: Connection, document_id: str) -> set[str]:
    """Takes a document's events away for good; returns the days touched."""
    days = _show(connection, _rows(connection, document_id, live=True), -1)
    connection.execute(delete(schema.events).where(_c.document_id == document_id))
    return days


def withdraw(connection: Connection, document_id: str) -> set[str]:
    """Keeps a document's events, but shows them no longer."""
    days = _show(connection, _rows(connection, document_id, live=True), -1)
    connection.execute(update(schema.events).where(_c.document_id == document_id).values(live=False))
    return days


def restore(connection: Connection, document_id: str) -> set[str]:
    """Shows a document's events again, but for those a person hid."""
    h = schema.hidden.c
    concealed = select(h.event_id).where(h.document_id == document_id)
    rows = _rows(connection, document_id, live=False, besides=set(connection.execute(concealed).scalars()))
    _set_live(connection, [row["seq"] for row in rows], live=True)
    return _show(connection, rows, 1)


def conceal(connection: Connection, event_id: str, *, hide: bool) -> tuple[set[str], set[str]]:
    """Hides one event wherever it stands, or shows it again; returns days and documents touched."""
    found = connection.execute(
        select(*_WANTED, _c.document_id)
        .select_from(schema.events.join(schema.documents, schema.documents.c.id == _c.document_id))
        .where(_c.id == event_id, _c.live.is_(hide), schema.documents.c.state != "withdrawn")
    ).all()
    rows = [_as_dict(row) for row in found]
    _set_live(connection, [row["seq"] for row in rows], live=not hide)
    return _show(connection, rows, -1 if hide else 1), {row.document_id for row in found}


_WANTED = (_c.seq, _c.sort, _c.reported, _c.shape, _c.statement, _c.id)


def _as_dict(row: Row[*tuple[Any, ...]]) -> _Row:
    return _Row(seq=row.seq, sort=row.sort, reported=row.reported, shape=row.shape, statement=row.statement)


def _rows(connection: Connection, document_id: str, *, live: bool, besides: Iterable[str] = ()) -> list[_Row]:
    query = select(*_WANTED).where(_c.document_id == document_id, _c.live.is_(live)).order_by(_c.seq)
    skipped = set(besides)
    return [_as_dict(row) for row in connection.execute(query) if row.id not in skipped]


def _set_live(connection: Connection, seqs: Sequence[int], *, live: bool) -> None:
    for start in range(0, len(seqs), _CHUNK):
        chunk = seqs[start : start + _CHUNK]
        connection.execute(update(schema.events).where(_c.seq.in_(chunk)).values(live=live))


def _slot(document_id: str, event_id: str) -> int:
    digest = hashlib.blake2b(f"{document_id}{event_id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) & (_SLOTS - 1)


def _make_room(connection: Connection, rows: list[_FullRow]) -> None:
    """Moves events whose place is taken on to the next free slot of their second."""
    taken: set[int] = set()
    for start in range(0, len(rows), _CHUNK):
        wanted = [row["seq"] for row in rows[start : start + _CHUNK]]
        taken.update(connection.execute(_TAKEN, {"wanted": wanted}).scalars())
    given: set[int] = set()
    for row in rows:
        seq = row["seq"]
        while seq in given or seq in taken:
            seq = (seq >> SLOT_BITS << SLOT_BITS) | ((seq + 1) % _SLOTS)
            if connection.execute(select(_c.seq).where(_c.seq == seq)).first():
                taken.add(seq)
        row["seq"] = seq
        given.add(seq)


def _show(connection: Connection, rows: Sequence[_Row], sign: int) -> set[str]:
    """Counts rows in (+1) or out (-1), their words too; returns their days."""
    if not rows:
        return set()
    if connection.dialect.name == "sqlite":
        (_INDEX if sign > 0 else _UNINDEX).run(connection, rows)
    months = [key_of(row["sort"], "month") for row in rows]
    tally = Counter(("event", month, row["shape"]) for month, row in zip(months, rows, strict=True))
    # Nobody knows when a document of the first day of all was written.
    tally.update(("reported", key_of(row["reported"], "month"), row["shape"]) for row in rows if row["reported"])
    _COUNT.run(
        connection,
        [
            {"clock": clock, "month": month, "shape": shape, "begin": begin_of(month), "count": sign * count}
            for (clock, month, shape), count in sorted(tally.items())
        ],
    )
    return {key_of(row["sort"], "day") for row in rows}


def _count(connection: Connection) -> Insert:
    added = upsert(connection, schema.bins)
    return added.on_conflict_do_update(
        index_elements=["clock", "month", "shape"], set_={"count": schema.bins.c.count + added.excluded.count}
    )


_words = table("events_text", column("rowid"), column("statement"), column("events_text"))
_PUT = Many(lambda _: insert(schema.events))
_COUNT = Many(_count)
_INDEX = Many(lambda _: insert(_words).values(rowid=bindparam("seq"), statement=bindparam("statement")))
# The index keeps no text of its own: it must be told what it is to forget.
_UNINDEX = Many(
    lambda _: insert(_words).values(
        rowid=bindparam("seq"), statement=bindparam("statement"), events_text=literal_column("'delete'")
    )
)
