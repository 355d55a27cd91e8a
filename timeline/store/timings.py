"""How long documents took to read, as a histogram."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from timeline.store import schema


@dataclass(frozen=True, slots=True)
class Timings:
    """Cumulative: `counts[i]` documents took at most `bounds[i]` seconds."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    count: int
    seconds: float


def timings(connection: Connection, bounds: Sequence[float]) -> Timings:
    """Of every document that was read."""
    ms = schema.documents.c.ms
    within = [func.coalesce(func.sum(case((ms <= bound * 1000, 1), else_=0)), 0) for bound in bounds]
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(ms), 0.0), *within).where(ms.is_not(None))
    ).one()
    return Timings(tuple(bounds), tuple(int(count) for count in row[2:]), int(row[0]), float(row[1]) / 1000)
