"""What a reader takes and gives: bytes of a known kind in, text and what stands beside it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from timeline.model import Evidence, Part, Segment
from timeline.reading.kinds import Kind


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes whose kind has been told."""

    data: bytes
    name: str
    kind: Kind
    media_type: str
    max_text_chars: int
    date_order: str | None = None
    language: str | None = None  # set by a person; for OCR, which must know before it reads
    zone: str | None = None  # where moments told in UTC become days


@dataclass(frozen=True, slots=True)
class Opened:
    """A document taken out of another, with the time its holder gives it."""

    data: bytes
    time: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What one reader found; `timeline.reading.read` weighs it into a Document."""

    text: str
    media_type: str
    titles: tuple[str, ...] = ()  # best first; blanks are skipped
    evidence: tuple[Evidence, ...] = ()
    language: str | None = None  # declared by the document; checked against the text
    pages: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    is_prose: bool = True  # a dateline may stand at its head; not so in tables, chats and subtitles
