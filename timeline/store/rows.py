"""What the store answers with: frozen rows for pages, exports, the command line and the roles."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from timeline.model import DctSource, Document, Event, Hints, Mention, Shape


class State(StrEnum):
    """Where a document is. Every document is in exactly one of these, at any time."""

    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"


class Urgency(IntEnum):
    """Who goes first."""

    UPGRADE = 0  # read long ago, by an older engine
    BACKLOG = 1
    FRESH = 2  # somebody dropped it just now, and waits: it goes alone


class Need(StrEnum):
    """What a worker is wanted for, and what it is given."""

    BYTES = "bytes"  # the file
    TEXT = "text"  # the text read before: corrections, upgrades


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents by state. `documents` is all that ever came in: files that were ignored too."""

    queued: int = 0
    working: int = 0
    done: int = 0
    failed: int = 0
    withdrawn: int = 0
    ignored: int = 0
    events: int = 0
    documents: int = 0
    undated: int = 0  # documents with expressions that hang on a date nobody knows


@dataclass(frozen=True, slots=True)
class Balance:
    """Documents in = done + failed + withdrawn + ignored, once nothing is queued or working."""

    documents: int
    queued: int
    working: int
    done: int
    failed: int
    withdrawn: int
    ignored: int
    strays: int  # paths that are neither a document's nor ignored: always 0

    @property
    def holds(self) -> bool:
        """True when nothing is on its way and nothing is missing."""
        settled = self.done + self.failed + self.withdrawn + self.ignored
        return self.documents == settled and not (self.queued or self.working or self.strays)

    def __str__(self) -> str:
        return (
            f"{self.documents} in = {self.done} done + {self.failed} failed + {self.withdrawn} withdrawn"
            f" + {self.ignored} ignored (queued {self.queued}, working {self.working}, strays {self.strays})"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How fast it goes; all zero or None when nothing waits."""

    waiting: int  # documents queued or working
    finished: int  # done or failed within the last minute
    rate: float  # documents a second over that minute
    seconds_left: float | None
    oldest_waiting: float | None  # seconds
    again: int = 0  # documents done that are read again by newer rules, behind all other work


@dataclass(frozen=True, slots=True)
class Notice:
    """Something everybody should see: the disk is full, the inbox is gone."""

    key: str
    text: str
    at: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What an event's card says of its document."""

    id: str
    title: str
    path: str
    dct: str | None  # ISO date
    dct_source: DctSource
    language: str
    media_type: str
    collection: str  # sub-folder of the inbox, "" at its top


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in its place among the others; hand `cursor` back as `after` to go on behind it."""

    event: Event
    document: DocumentSummary
    sort: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Bin:
    """Events in one unit of time; key "2025", "2025-11" or "2025-11-06" (year 0 and before: "-0043-03")."""

    key: str
    begin: int  # seconds since 0001-01-01
    count: int
    shapes: tuple[tuple[Shape, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that many events share, and how many do: a source (by id, with its name), a folder, a language."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document and all that is known of it; `document` and `mentions` once it was read, if asked for."""

    id: str
    name: str
    title: str
    path: str  # the first of its paths, or of its parent's with the member's behind it
    paths: tuple[str, ...]
    collection: str
    state: State
    sha256: str | None
    size: int
    dct: str | None
    dct_source: DctSource
    language: str
    media_type: str
    attempts: int
    reason: str | None
    registered_at: float
    started_at: float | None
    finished_at: float | None
    ms: float | None  # spent on reading and extraction
    engine: str | None
    revision: int  # counts corrections
    correction: str | None  # a person's date
    events: int
    parent: str | None
    superseded_by: str | None
    same_text: tuple[str, ...]  # other documents with the same text and another date
    worker: str | None
    document: Document | None = None
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class FailureRow:
    """A document that failed, and what to do about it."""

    id: str
    path: str
    reason: str
    attempts: int
    at: float


@dataclass(frozen=True, slots=True)
class UndatedRow:
    """A document nobody knows the date of, and how many of its expressions stand on no timeline for it."""

    id: str
    path: str
    unanchored: int


@dataclass(frozen=True, slots=True)
class IgnoredRow:
    """A file that is no document, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class PathRow:
    """A file of the inbox as it was last seen."""

    path: str
    document_id: str | None
    state: str  # present, gone, ignored
    size: int
    mtime_ns: int
    inode: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """A document that wants a worker."""

    id: str
    revision: int
    need: Need
    name: str
    suffix: str
    size: int
    path: str | None  # a present file that holds its bytes (its outermost parent's)
    blob: str  # id under which those bytes travel
    sha256: str | None  # of those bytes
    member: tuple[str, ...]
    hints: Hints
    fresh: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A document that was handed to the queue and has no result yet."""

    id: str
    task: str
    handed_at: float
    started_at: float | None
    started_by: str | None
    size: int
    blob: str


@dataclass(frozen=True, slots=True)
class Flight:
    """How much is handed out."""

    documents: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Speed:
    """What a document of a kind costs, in milliseconds: so much, and so much for each kilobyte."""

    ms: float
    ms_per_kb: float
