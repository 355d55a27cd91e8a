"""Which pages no longer say the truth: marked in the same transaction as what changed."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from sqlalchemy import Connection, Insert, Text, bindparam, case, delete, func, select, update

from timeline.store import schema
from timeline.store.many import Many, upsert

_c = schema.dirty.c
_CHUNK = 500  # well under SQLite's bound on parameters
_m = schema.meta.c
_NEXT_STAMP = (
    update(schema.meta)
    .where(_m.key == "stamp")
    .values(value=func.cast(func.cast(_m.value, schema.Big) + bindparam("count", type_=schema.Big), Text))
    .returning(_m.value)
)


class Rank(IntEnum):
    """Which pages are made first."""

    AT_ONCE = 0  # the overview
    FRESH = 1  # what somebody dropped just now, and waits for
    BACKLOG = 2


def mark(connection: Connection, pages: Mapping[str, Rank]) -> None:
    """Marks pages; one that is marked already keeps the better rank and gets a new stamp."""
    if not pages:
        return
    stamp = next_stamp(connection, len(pages))
    rows = [
        {"page": page, "rank": int(rank), "stamp": stamp + place} for place, (page, rank) in enumerate(pages.items())
    ]
    _MARK.run(connection, rows)


def _mark(connection: Connection) -> Insert:
    insert = upsert(connection, schema.dirty)
    better = case((insert.excluded.rank < _c.rank, insert.excluded.rank), else_=_c.rank)
    return insert.on_conflict_do_update(index_elements=["page"], set_={"rank": better, "stamp": insert.excluded.stamp})


_MARK = Many(_mark)


def marked(connection: Connection, limit: int, worst: Rank = Rank.BACKLOG) -> list[tuple[str, int]]:
    """Pages to make and the stamp of each, up to a rank: the overview, what is fresh, then the oldest."""
    query = select(_c.page, _c.stamp).where(_c.rank <= int(worst)).order_by(_c.rank, _c.stamp)
    return [(page, stamp) for page, stamp in connection.execute(query.limit(limit))]


def marked_among(connection: Connection, pages: Sequence[str]) -> list[tuple[str, int]]:
    """Those of these pages that are to be made, and the stamp of each."""
    found: list[tuple[str, int]] = []
    for start in range(0, len(pages), _CHUNK):
        rows = connection.execute(select(_c.page, _c.stamp).where(_c.page.in_(pages[start : start + _CHUNK])))
        found += [(page, stamp) for page, stamp in rows]
    return found


def unmark(connection: Connection, pages: Iterable[tuple[str, int]]) -> None:
    """Forgets pages that were made, unless they were marked again meanwhile: their stamp is another then."""
    made = delete(schema.dirty).where(_c.page == bindparam("made"), _c.stamp == bindparam("at"))
    connection.execute(made, [{"made": page, "at": stamp} for page, stamp in pages])


def next_stamp(connection: Connection, count: int = 1) -> int:
    """The first of `count` numbers never given before."""
    given = connection.execute(_NEXT_STAMP, {"count": count}).scalar()
    if given is None:
        connection.execute(schema.meta.insert().values(key="stamp", value=str(count)))
        return 0
    return int(given) - count


def pages_of(days: Sequence[str], document_id: str | None, rank: Rank) -> dict[str, Rank]:
    """The pages that show these days and this document."""
    pages = {"index": Rank.AT_ONCE}
    if document_id is not None:
        pages[f"document:{document_id}"] = rank
    return pages | {f"day:{day}": rank for day in days}


def mark_all(connection: Connection) -> None:
    """Marks every page there can be."""
    months = connection.execute(select(schema.bins.c.month).where(schema.bins.c.clock == "event").distinct()).scalars()
    d = schema.documents.c
    ids = connection.execute(select(d.id)).scalars()
    pages = {f"month:{month}": Rank.BACKLOG for month in months}
    pages |= {f"document:{document}": Rank.BACKLOG for document in ids}
    mark(connection, {"index": Rank.AT_ONCE, "failures": Rank.FRESH} | pages)
