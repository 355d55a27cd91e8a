"""Bytes to text, title, language and the day a document was written; one file a kind of source."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import cast

from timeline.errors import UnreadableError
from timeline.model import Document, Hints
from timeline.reading.content import Content, Source
from timeline.reading.dating import UNDATED, weigh
from timeline.reading.heads import head_evidence
from timeline.reading.kinds import Kind, kind_of, suffix
from timeline.reading.naming import named_date
from timeline.reading.sidecars import sidecar_date, sidecar_fields

__all__ = ["UNDATED", "named_date", "read", "sidecar_date", "sidecar_fields", "warm_up"]

# Named, not imported: kreuzberg and trafilatura cost 0.2 s each, and plain text needs neither.
_READERS = MappingProxyType(
    {
        Kind.TEXT: "plain",
        Kind.MARKDOWN: "plain",
        Kind.HTML: "webpage",
    }
)
TITLE_CHARS = 200


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
    if not data:
        raise UnreadableError(f"{name}: empty file; drop it again when it has content")
    source = Source(data, name, kind_of(data, name), max_text_chars, hints.date_order)
    content = _bounded(_reader(source.kind)(source), max_text_chars)
    if not content.text.strip() and not content.parts:
        raise UnreadableError(f"{name}: no text in it; drop it again when it has content")
    return _document(content, source, hints, is_member=bool(member))


def warm_up() -> None:
    """Load what the first document would wait for (a worker calls this at its start)."""
    import_module("timeline.reading.language").warm_up()
    for module in set(_READERS.values()):
        import_module(f"timeline.reading.{module}")


@cache
def _reader(kind: Kind) -> Callable[[Source], Content]:
    return cast("Callable[[Source], Content]", import_module(f"timeline.reading.{_READERS[kind]}").read)


@cache
def _language_of() -> Callable[[str, str | None], str]:
    return cast("Callable[[str, str | None], str]", import_module("timeline.reading.language").language_of)


def _document(content: Content, source: Source, hints: Hints, *, is_member: bool) -> Document:
    found = list(content.evidence)
    if content.is_prose:
        found.extend(head_evidence(content.text, hints.date_order))
    dated = weigh(found, source.name, hints, is_member=is_member)
    return Document(
        name=source.name,
        title=_title(content, source.name),
        text=content.text,
        language=hints.language or _language_of()(content.text, content.language),
        dct=dated.dct,
        dct_source=dated.source,
        media_type=content.media_type,
        evidence=dated.evidence,
        pages=content.pages,
        segments=content.segments,
        parts=content.parts,
        notes=(*content.notes, *dated.notes),
        metadata=content.metadata,
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
    first = next((line.strip(" #*_=\t") for line in content.text[:2000].split("\n") if line.strip(" #*_=\t")), "")
    if content.is_prose and 3 <= len(first) <= 120 and re.search(r"[^\W\d_]{2}", first) and first[-1:] not in ",;":
        return _shortened(first)
    leaf = name.rsplit("/", 1)[-1]
    return leaf.removesuffix(suffix(leaf)) or leaf


def _shortened(title: str) -> str:
    folded = " ".join(title.split())
    return folded if len(folded) <= TITLE_CHARS else folded[: TITLE_CHARS - 1].rstrip() + "…"
