"""Text → mentions → timexes: the tagger, usable alone; it knows nothing of documents or stores."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from timeline.model import Mention, Segment
from timeline.temporal import dateparsing, extraction, locales, marks, packs

__all__ = ["engine_version", "extract", "languages"]

_GENERATION = "1"  # raised by hand when results change for a reason outside these files and dateparser

languages = packs.languages


def extract(
    text: str,
    dct: date | datetime | None = None,
    language: str = "en",
    *,
    segments: Sequence[Segment] = (),
    date_order: str | None = None,
    narrative: bool | None = None,
) -> list[Mention]:
    """Every expression of time in `text`, sorted, without overlaps; offsets are half-open Python string offsets.

    `dct` is what relative expressions are counted from; without it they keep values such as XXXX-05. `segments`
    override it, and the language, for their stretch of the text. `date_order` ("DMY", "MDY", "YMD") reads 03/04/2025
    where nothing in the text decides. `narrative` True counts from the last date mentioned, False from `dct`; by
    default the text itself tells. A language without a pack of its own is
    read with one generated from dateparser's words, else with the numbers-only base pack.
    """
    segments = sorted(segments, key=lambda segment: segment.start)
    if not text.isascii() and marks.MARKS.search(text):

        def read(bare: str, moved: list[Segment]) -> list[Mention]:
            return _read(bare, dct, language, moved, date_order, narrative)

        return marks.read_without(text, segments, read)
    return _read(text, dct, language, segments, date_order, narrative)


def _read(
    text: str,
    dct: date | datetime | None,
    language: str,
    segments: Sequence[Segment],
    date_order: str | None,
    narrative: bool | None,
) -> list[Mention]:
    found: list[Mention] = []
    for start, end, code in _stretches(len(text), language, segments):
        local = [
            replace(segment, start=segment.start - start, end=segment.end - start)
            for segment in segments
            if segment.start < end and segment.end > start
        ]
        mentions = extraction.find(text[start:end], pack_for(code), dct, local, date_order, narrative)
        found += [_moved(mention, start) for mention in mentions] if start else mentions
    return found


def pack_for(code: str) -> packs.Pack:
    """The pack of a language, by its code ("pt-BR" is "pt"): made by hand, else generated, else the base pack."""
    code = code.lower().replace("_", "-").partition("-")[0]
    code = locales.ALIASES.get(code, code)
    return packs.load(code) if code in _known() else locales.load(code)


@cache
def _known() -> frozenset[str]:
    return frozenset(packs.languages())


def _stretches(length: int, language: str, segments: Sequence[Segment]) -> list[tuple[int, int, str]]:
    """The text cut where its language changes."""
    cuts: list[tuple[int, int, str]] = []
    at = 0
    for segment in segments:
        start, end = max(at, segment.start), min(length, segment.end)
        if segment.language is None or segment.language == language or start >= end:
            continue
        if start > at:
            cuts.append((at, start, language))
        cuts.append((start, end, segment.language))
        at = end
    return [*cuts, (at, length, language)] if at < length or not cuts else cuts


def _moved(mention: Mention, by: int) -> Mention:
    why = mention.explanation
    if why.anchor_span:
        why = replace(why, anchor_span=(why.anchor_span[0] + by, why.anchor_span[1] + by))
    return replace(
        mention,
        start=mention.start + by,
        end=mention.end + by,
        phrase_start=mention.phrase_start + by,
        phrase_end=mention.phrase_end + by,
        explanation=why,
    )


@cache
def engine_version() -> str:
    """Changes whenever rules or code that change results change: a hash of this folder."""
    digest = hashlib.sha256(f"{_GENERATION} {dateparsing.version()}".encode())
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.toml"), *folder.glob("languages/*.toml")]):
        digest.update(path.name.encode() + path.read_bytes())
    return f"{_GENERATION}-{digest.hexdigest()[:12]}"
