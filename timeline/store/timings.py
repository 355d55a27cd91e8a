"""How long things took, as histograms."""

import contextlib
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from sqlalchemy import Connection, case, func, select

from timeline.store import schema

# Seconds: a transaction is to take 25 ms, a page 3; whatever takes longer is looked for here.
STAGE_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Stage(StrEnum):
    """What is measured beside reading; the values are the names under which the store remembers it."""

    STORE = "seconds:store"
    RENDER = "seconds:render"


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


class Tally:
    """How long something took each time, added up for good: a histogram that is kept as text between two lives."""

    def __init__(self, bounds: Sequence[float], kept: str | None = None) -> None:
        """`kept` is the text of an earlier one; of other bounds, or no text of ours, it counts for nothing."""
        self.bounds = tuple(bounds)
        self.counts, self.seconds = [0] * (len(self.bounds) + 1), 0.0
        with contextlib.suppress(ValueError, TypeError, KeyError):
            said = json.loads(kept or "")
            if tuple(said["bounds"]) == self.bounds and len(said["counts"]) == len(self.counts):
                self.counts, self.seconds = [int(count) for count in said["counts"]], float(said["seconds"])

    def add(self, seconds: float, times: int = 1) -> None:
        """Once more, or so many times together: each is taken to have had its equal share."""
        self.counts[bisect_left(self.bounds, seconds / times)] += times
        self.seconds += seconds

    @property
    def timings(self) -> Timings:
        """As Prometheus counts: each bound with everything below it."""
        upto = tuple(accumulate(self.counts))
        return Timings(self.bounds, upto[:-1], upto[-1], self.seconds)

    def __str__(self) -> str:
        return json.dumps({"bounds": self.bounds, "counts": self.counts, "seconds": round(self.seconds, 4)})
