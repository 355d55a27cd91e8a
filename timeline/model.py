"""The nouns: Document, Mention, Timex, Event, and the small parts they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class DctSource(StrEnum):
    """Where a document's creation time comes from; the order is the order of trust."""

    CORRECTION = "correction"  # a person said so
    SIDECAR = "sidecar"  # a file beside it
    FRONT_MATTER = "front matter"
    HEADER = "header"  # e-mail Date, and other headers that are part of a format
    METADATA = "metadata"  # <meta>, JSON-LD, document properties
    DATELINE = "dateline"  # "KYIV, Nov. 6, 2025 (Agency) —"
    FILE_NAME = "file name"
    TEXT = "text"  # a date standing at the head of the text
    FILE_TIME = "file time"  # the weakest: shown with a warning
    UNKNOWN = "unknown"


class TimexType(StrEnum):
    """The four types of TIMEX3."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


class Signal(StrEnum):
    """A word beside a timex that says how the statement holds over it; it stands outside the TIMEX3 extent."""

    SINCE = "since"  # holds from then on
    UNTIL = "until"  # holds up to then
    BEFORE = "before"
    AFTER = "after"
    BY = "by"
    THROUGHOUT = "throughout"  # over the whole of it
    FOR = "for"  # a length of time
    WITHIN = "within"  # "in 18 months", "within hours"
    FROM = "from"  # opens a from-to; the partner is the next mention
    TO = "to"  # closes a from-to; the partner is the mention before
    AS_OF = "as of"
    NONE = ""


class Shape(StrEnum):
    """How an event lies on the line."""

    MOMENT = "moment"  # one calendar unit, however long: a day, a month, a year
    STRETCH = "stretch"  # asserted from somewhere to somewhere
    OPEN = "open"  # one end is not said
    VAGUE = "vague"  # "in recent days": near its anchor, no more is known


class AnchorSource(StrEnum):
    """What a relative expression was counted from."""

    NONE = "none"  # the expression stands by itself
    DOCUMENT = "document"  # the document's creation time
    MENTION = "mention"  # a dated mention earlier in the text
    SEGMENT = "segment"  # the time of the line, message or quoted mail it stands in


@dataclass(frozen=True, slots=True)
class Timex:
    """A normalised temporal expression: the TIMEX3 attributes of ISO-TimeML.

    `value` is spelled as TimeBank spells it ("2025-W45", "2025-SU", "199", "P21M", "PAST_REF").
    """

    type: TimexType
    value: str
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a mention has its value, as data; `timeline.events.explain` makes the sentence."""

    rule: str  # name of the rule in the language pack
    steps: tuple[str, ...]  # short plain-English fragments, in order
    anchor: str | None = None  # TIMEX3 value it was counted from
    anchor_source: AnchorSource = AnchorSource.NONE
    anchor_span: tuple[int, int] | None = None  # where that mention stands, when anchor_source is MENTION


@dataclass(frozen=True, slots=True)
class Mention:
    """A claimed stretch of text. Offsets are Python string offsets, half-open.

    [start, end) is the TIMEX3 extent; [phrase_start, phrase_end) also holds the signal word ("since 2023").
    `timex` is None for an impossible date ("31 February"): it is shown, never bent into a possible one.
    """

    start: int
    end: int
    text: str
    timex: Timex | None
    explanation: Explanation
    signal: Signal = Signal.NONE
    phrase_start: int = -1
    phrase_end: int = -1
    perfect: bool = False  # a present-perfect or ongoing clause: a duration ends at the anchor
    ambiguous: bool = False  # "03/04/2025" where nothing in the document decides the order
    clip: str = ""  # "to-anchor": "earlier this week" ends with the anchor's day; "from-anchor": "later this month"
    vague: str = ""  # granularity of a PAST_REF or FUTURE_REF that lies near its anchor: "in recent days" → "day"
    point: str = ""  # where it lies, if not at its value: Spanish "hace tres días" is P3D in TIMEX3, and a day; a month
    #                  of another calendar is "2025-01-20/2025-02-18"

    @property
    def is_adrift(self) -> bool:
        """A date counted from another that nobody knows: "yesterday" in a document without a date."""
        return self.timex is not None and self.timex.value.startswith("XXXX")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where something lies on the line. Integers are seconds since 0001-01-01T00:00 (proleptic Gregorian, may be
    negative); `end` is exclusive; None means open on that side."""

    begin: int | None
    end: int | None
    edtf: str
    granularity: str  # second minute hour part-of-day day week weekend month season quarter half year decade century
    shape: Shape
    soft_begin: bool = False
    soft_end: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """An entry on the timeline: a statement with a date and a quote."""

    id: str  # hash of (text of the document, mention span, kind): survives re-rendering and re-extraction
    placement: Placement
    timex: Timex
    expression: str  # the phrase, signal included: "since 2023"
    statement: str  # the sentence it stands in, white space folded
    expression_start: int  # offsets of the phrase within `statement`
    expression_end: int
    clause_start: int  # offsets within `statement` of the clause worth showing first
    clause_end: int
    span: tuple[int, int]  # offsets of the phrase within the document's text
    page: int | None  # 1-based, when the source has pages
    explanation: str  # the sentence
    rule: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a document with its own time or language: a chat line, a subtitle, a quoted mail, a paragraph."""

    start: int
    end: int
    dct: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a creation time, strongest first in `Document.evidence`."""

    source: DctSource
    value: date
    note: str = ""  # "Date header", "<meta article:published_time>", "dc:date"


@dataclass(frozen=True, slots=True)
class Part:
    """A document within a document: member of an archive, attachment of a mail. Addressed as parent + path."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document from outside its bytes."""

    named_date: date | None = None  # by sidecar or file name: part of the document's identity
    named_source: DctSource = DctSource.FILE_NAME
    file_time: datetime | None = None  # earliest seen
    language: str | None = None  # set by a person or by settings
    correction: date | None = None  # a person's date: beats all evidence
    date_order: str | None = None  # "DMY" | "MDY" | "YMD": used where the document itself does not decide
    time_zone: str | None = None  # of the inbox, "Europe/Kyiv": where moments told in UTC become days
    title: str | None = None  # by sidecar, as is where it comes from
    origin: str | None = None
    is_arrival_time: bool = False  # the file time is that of its arrival: set by a copy, most likely


@dataclass(frozen=True, slots=True)
class Document:
    """What reading gives: text and what is known about it. Pure; no id, no state (those are the store's)."""

    name: str  # file name as the user sees it
    title: str
    text: str
    language: str  # ISO 639-1
    dct: date
    dct_source: DctSource
    media_type: str
    evidence: tuple[Evidence, ...] = ()
    pages: tuple[int, ...] = ()  # offset in `text` where each page starts
    segments: tuple[Segment, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()  # "decoded as Windows-1252", "text cut at 5,000,000 characters", "OCR"
    metadata: Mapping[str, str] = field(default_factory=dict)  # author, subject: for display only

    @property
    def is_dated(self) -> bool:
        """Whether anything says when it was written; `dct` means nothing otherwise."""
        return self.dct_source is not DctSource.UNKNOWN


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a worker makes of one document: the payload of a result."""

    document: Document
    mentions: tuple[Mention, ...]
    events: tuple[Event, ...]
    engine: str  # version of the engine and its packs

    @property
    def unanchored(self) -> int:
        """How many expressions stand on no timeline because nobody knows when the document was written."""
        return 0 if self.document.is_dated else sum(mention.is_adrift for mention in self.mentions)
