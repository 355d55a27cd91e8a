"""Events counted: by year, month and day, by source, folder and language."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from sqlalchemy import Connection, Integer, func, literal_column, select

from timeline.model import Shape
from timeline.store import schema, words
from timeline.store.calendar import begin_of, key_of
from timeline.store.finding import SLOT_BITS, Clock, Filter, between, chosen
from timeline.store.rows import Bin, Facet, State

Unit = Literal["year", "month", "day"]
_d, _e = schema.documents.c, schema.events.c
_DAY = literal_column("86400", Integer)


def histogram(connection: Connection, wanted: Filter, *, by: Clock, unit: Unit) -> list[Bin]:
    """Live events counted by year, month or day; only bins that hold some, in time order."""
    if unit != "day" and wanted == Filter(begin=wanted.begin, end=wanted.end):
        return _from_months(connection, wanted, by, unit)
    source, place, conditions = chosen(connection, wanted, by)
    second = _e.sort if by == "event" else _e.reported
    midnight = second - (second % _DAY + _DAY) % _DAY  # % takes the sign of its left side in SQL
    if place is words.INDEX.c.rowid and replace(wanted, begin=None, end=None) == Filter(
        text=words.spaced_only(wanted.text)
    ):
        # The key of a word's entry holds the day: no event need be looked at, and half a million are counted in time.
        day = (words.INDEX.c.rowid.op(">>")(SLOT_BITS)).label("second")
        counted = select((day - (day % _DAY + _DAY) % _DAY).label("day"), func.count()).select_from(words.INDEX)
        found = [words.INDEX.c.events_text.match(words.match(wanted.text)), *between(words.INDEX.c.rowid, wanted)]
        days = connection.execute(counted.where(*found).group_by("day"))
        return _plain_bins([(key_of(begin, unit), count) for begin, count in days])
    rows = connection.execute(
        select(midnight.label("day"), _e.shape, func.count())
        .select_from(source)
        .where(*conditions)
        .group_by("day", _e.shape)
    )
    tallies: dict[str, dict[Shape, int]] = {}
    for begin, shape, count in rows:
        shapes = tallies.setdefault(key_of(begin, unit), {})
        shapes[Shape(shape)] = shapes.get(Shape(shape), 0) + count
    return _bins(tallies)


def facets(connection: Connection, of: Literal["source", "collection", "language"], limit: int) -> list[Facet]:
    """Events on the timeline by source, folder or language, the fullest first; counted from what documents hold."""
    value, name = {
        "source": (_d.id, _d.title),
        "collection": (_d.collection, _d.collection),
        "language": (_d.language, _d.language),
    }[of]
    held = func.sum(_d.events)
    found = connection.execute(
        select(value, func.max(name), held)
        .where(_d.events > 0, _d.state != State.WITHDRAWN)
        .group_by(value)
        .order_by(held.desc(), value)
        .limit(limit)
    )
    return [Facet(*row) for row in found]


def _from_months(connection: Connection, wanted: Filter, by: Clock, unit: Unit) -> list[Bin]:
    c = schema.bins.c
    query = select(c.begin, c.shape, c.count).where(c.clock == by, c.count > 0)
    if wanted.begin is not None:
        query = query.where(c.begin >= begin_of(key_of(wanted.begin, "month")))
    if wanted.end is not None:
        query = query.where(c.begin < wanted.end)
    tallies: dict[str, dict[Shape, int]] = {}
    for begin, shape, count in connection.execute(query):
        shapes = tallies.setdefault(key_of(begin, unit), {})
        shapes[Shape(shape)] = shapes.get(Shape(shape), 0) + count
    return _bins(tallies)


def _plain_bins(counted: Iterable[tuple[str, int]]) -> list[Bin]:
    """Bins that do not tell shapes apart."""
    tallies: Counter[str] = Counter()
    for name, count in counted:
        tallies[name] += count
    return sorted((Bin(name, begin_of(name), count) for name, count in tallies.items()), key=lambda bin_: bin_.begin)


def _bins(tallies: dict[str, dict[Shape, int]]) -> list[Bin]:
    found = [
        Bin(key=name, begin=begin_of(name), count=sum(shapes.values()), shapes=tuple(sorted(shapes.items())))
        for name, shapes in tallies.items()
    ]
    return sorted(found, key=lambda bin_: bin_.begin)
