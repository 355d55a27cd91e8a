"""The store: documents, their events, and what people said of them. The only SQL; SQLite or PostgreSQL."""

from timeline.store.applying import Verdict
from timeline.store.finding import Clock, Wanted
from timeline.store.registering import Arrival, Registered
from timeline.store.rows import (
    Balance,
    Bin,
    Counts,
    DocumentRow,
    DocumentSummary,
    EventRow,
    Facet,
    FailureRow,
    Flight,
    HandedOut,
    IgnoredRow,
    Need,
    Notice,
    PathRow,
    Progress,
    Speed,
    State,
    UndatedRow,
    Urgency,
    Work,
)
from timeline.store.sole import Sole
from timeline.store.store import Store
from timeline.store.timings import STAGE_BOUNDS, Stage, Tally, Timings

__all__ = [
    "STAGE_BOUNDS",
    "Arrival",
    "Balance",
    "Bin",
    "Clock",
    "Counts",
    "DocumentRow",
    "DocumentSummary",
    "EventRow",
    "Facet",
    "FailureRow",
    "Flight",
    "HandedOut",
    "IgnoredRow",
    "Need",
    "Notice",
    "PathRow",
    "Progress",
    "Registered",
    "Sole",
    "Speed",
    "Stage",
    "State",
    "Store",
    "Tally",
    "Timings",
    "UndatedRow",
    "Urgency",
    "Verdict",
    "Wanted",
    "Work",
]
