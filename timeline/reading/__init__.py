"""Bytes to text, title, language and the day a document was written; one file a kind of source."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from timeline.errors import UnreadableError
from timeline.model import Document, Hints, Segment
from timeline.reading.content import Content, Opened, Source
from timeline.reading.dates import in_zone
from timeline.reading.dating import UNDATED, weigh
from timeline.reading.heads import head_evidence, is_stamp
from timeline.reading.kinds import Kind, kind_of, suffix
from timeline.reading.naming import named_date
from timeline.reading.sidecars import Told, sidecar_date, sidecar_fields, told_beside

__all__ = ["UNDATED", "Told", "named_date", "read", "sidecar_date", "sidecar_fields", "told_beside", "warm_up"]

# Named, not imported: kreuzberg and trafilatura cost 0.2 s each, and plain text needs neither.
_READERS = MappingProxyType(
    {
        Kind.TEXT: ("plain", "read"),
        Kind.MARKDOWN: ("plain", "read"),
        Kind.HTML: ("webpage", "read"),
        Kind.MHTML: ("mhtml", "read"),
        Kind.PDF: ("pdf", "read"),
        Kind.OFFICE: ("office", "read"),
        Kind.SHEET: ("sheets", "read"),
        Kind.CSV: ("sheets", "read_csv"),
        Kind.OPENDOCUMENT: ("markup", "read_opendocument"),
        Kind.OPENDOCUMENT_SHEET: ("markup", "read_opendocument_sheet"),
        Kind.LATEX: ("latex", "read"),
        Kind.RST: ("markup", "read_rst"),
        Kind.XML: ("markup", "read_xml"),
        Kind.MAIL: ("mail", "read"),
        Kind.MAILBOX: ("mail", "read_mailbox"),
        Kind.OUTLOOK: ("outlook", "read"),
        Kind.SUBTITLES: ("subtitles", "read"),
        Kind.JSON: ("jsons", "read"),
        Kind.ARCHIVE: ("archives", "read"),
        Kind.IMAGE: ("images", "read"),
    }
)
_OPENERS = MappingProxyType(  # kinds that hold documents, and what takes one out
    {
        Kind.ARCHIVE: ("archives", "member"),
        Kind.MAIL: ("mail", "attachment"),
        Kind.MAILBOX: ("mail", "mailbox_attachment"),
        Kind.OUTLOOK: ("outlook", "attachment"),
    }
)
MAX_DEPTH = 5  # documents within documents; deeper ones are named and left shut
MIXED_CHARS = 400  # a shorter text is in one language
TITLE_CHARS = 200
TITLE_LINE_CHARS = 120  # a first line as long as that is prose; one word says too little
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)  # turns or hides what follows


class _Languages(Protocol):
    """The language module, loaded when the first text without a language comes."""

    def warm_up(self) -> None: ...
    def language_of(self, text: str, declared: str | None = None) -> str: ...
    def mixed(self, text: str, language: str) -> tuple[Segment, ...]: ...


def read(
    data: bytes,
    name: str,
    hints: Hints = Hints(),  # noqa: B008  frozen, so safe to share
    member: tuple[str, ...] = (),
    *,
    max_text_chars: int = 20_000_000,
) -> Document:
    """Read a document, or the `member` of it (path within archives and mails, outermost first).

    Raises UnreadableError with the reason and the mend.
    """
    note = "time of the file"
    for step in member:
        opened = _opened(data, name, step)
        data, name = opened.data, step
        if opened.time:
            hints, note = replace(hints, file_time=opened.time, is_arrival_time=False), opened.note
    if not data:
        raise UnreadableError(f"{name}: empty file; drop it again when it has content")
    recognised = kind_of(data, name)
    if hints.file_time:
        hints = replace(hints, file_time=in_zone(hints.file_time, hints.time_zone))
    source = Source(
        data,
        name,
        recognised.kind,
        recognised.media_type,
        max_text_chars,
        hints.date_order,
        hints.language,
        hints.time_zone,
    )
    if source.kind is Kind.ARCHIVE and len(member) >= MAX_DEPTH:
        raise UnreadableError(
            f"{name}: archives within archives, more than {MAX_DEPTH} deep; unpack it and drop what it holds"
        )
    try:
        content = _bounded(_reader(*_READERS[source.kind])(source), max_text_chars)
    except RecursionError as error:  # comments within comments within …, folders that hold themselves
        raise UnreadableError(f"{name}: nested too deeply: the file is damaged or hostile") from error
    if not content.text.strip() and not content.parts:
        raise UnreadableError(f"{name}: no text in it; drop it again when it has content")
    return _document(content, source, hints, member_note=note if member else "")


def warm_up() -> None:
    """Load what the first document would wait for (a worker calls this at its start)."""
    _language().warm_up()
    for module, _ in set(_READERS.values()):
        import_module(f"timeline.reading.{module}")
    import_module("timeline.reading.pdf").warm_up()


@cache
def _reader(module: str, function: str) -> Callable[[Source], Content]:
    return cast("Callable[[Source], Content]", getattr(import_module(f"timeline.reading.{module}"), function))


def _opened(data: bytes, name: str, step: str) -> Opened:
    kind = kind_of(data, name).kind
    if kind not in _OPENERS:
        raise UnreadableError(f"{name}: holds no other documents; drop it again")
    module, function = _OPENERS[kind]
    opener = cast("Callable[[bytes, str, str], Opened]", getattr(import_module(f"timeline.reading.{module}"), function))
    try:
        return opener(data, name, step)
    except RecursionError as error:
        raise UnreadableError(f"{name}: nested too deeply: the file is damaged or hostile") from error


@cache
def _language() -> _Languages:
    return cast("_Languages", import_module("timeline.reading.language"))


def _document(content: Content, source: Source, hints: Hints, *, member_note: str) -> Document:
    found = list(content.evidence)
    if content.is_prose:
        found.extend(head_evidence(content.text, hints.date_order))
    dated = weigh(found, source.name, hints, member_note=member_note)
    language = hints.language or _language().language_of(content.text, content.language)
    segments = content.segments
    if not segments and not hints.language and len(content.text) >= MIXED_CHARS:
        segments = _language().mixed(content.text, language)
    return Document(
        name=source.name,
        title=_shortened(hints.title or "") or _title(content, source.name),
        text=content.text,
        language=language,
        dct=dated.dct,
        dct_source=dated.source,
        media_type=content.media_type,
        evidence=dated.evidence,
        pages=content.pages,
        segments=segments,
        parts=content.parts,
        notes=(*content.notes, *dated.notes),
        metadata={**content.metadata, "source": hints.origin} if hints.origin else content.metadata,
    )


def _bounded(content: Content, limit: int) -> Content:
    if len(content.text) <= limit:
        return content
    return replace(
        content,
        text=content.text[:limit],
        pages=tuple(start for start in content.pages if start < limit),
        segments=tuple(replace(part, end=min(part.end, limit)) for part in content.segments if part.start < limit),
        notes=(*content.notes, f"text cut at {limit:,} characters"),
    )


def _title(content: Content, name: str) -> str:
    """A title a person recognises: the document's own, its first line when that reads like one, or its name."""
    for candidate in content.titles:
        if title := _shortened(candidate):
            return title
    first = _first_line(content.text) if content.is_prose else ""
    if len(first) <= TITLE_LINE_CHARS and re.search(r"\w\w.*\s|[^\x00-\u02ff]{4}", first) and first[-1] not in ",;":
        return _shortened(first)
    leaf = name.rsplit("/", 1)[-1]
    return _shortened(leaf.removesuffix(suffix(leaf))) or _shortened(leaf) or "untitled"


def _first_line(text: str) -> str:
    """The first line that says more than a date."""
    lines = (line.strip(" #*_=\t") for line in text[:2000].split("\n"))
    return next((line for line in lines if line and not is_stamp(line)), "")


def _shortened(title: str) -> str:
    folded = " ".join(_UNSEEN.sub("", title).encode("utf-8", "replace").decode().split())
    return folded if len(folded) <= TITLE_CHARS else folded[: TITLE_CHARS - 1].rstrip() + "…"
