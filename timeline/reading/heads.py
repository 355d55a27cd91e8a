"""The date at the head of a text: a dateline, a "Published" line, or a date standing alone."""

import re
from collections.abc import Iterator

from timeline.model import DctSource, Evidence
from timeline.reading.dates import Found, find_dates

HEAD_CHARS = 1500
HEAD_LINES = 12  # headline, byline, a "Published" line and the lead stand within these
PROSE_CHARS = 100  # a longer line is no headline, nor is half as long a one that ends as a sentence does
LEAD_CHARS = 160  # a dateline opens a paragraph; a date further in is part of a statement

_PUBLISHED = re.compile(
    r"\W*(?:first\s+)?(?:published|posted|updated|last\s+updated|last\s+modified|issued|released|date|dated|created|written|"
    r"veröffentlicht|erschienen|aktualisiert|stand|datum|erstellt|publié|mis\s+à\s+jour|date\s+de\s+publication|"
    r"publicado|actualizado|fecha|pubblicato|aggiornato|data|atualizado|gepubliceerd|publicerad|udgivet|julkaistu|"
    r"opublikowano|опубликовано|дата|опубліковано|发布时间|公開日)\b(?:\s+(?:on|am|le|el|il|em|op|at))?\s*[:：]?\s*",
    re.IGNORECASE,
)
# What says when a text was last changed dates it only where nothing says when it came out.
_UPDATED = re.compile(
    r"\W*(?:last\s+|zuletzt\s+)?(?:updated|modified|aktualisiert|mis\s+à\s+jour|actualizado|aggiornato|atualizado|bijgewerkt|"
    r"uppdaterad|zaktualizowano|обновлено|оновлено)\b",
    re.IGNORECASE,
)
_CAME_OUT = re.compile(
    r"published|posted|issued|released|veröffentlicht|erschienen|publié|publicado|pubblicato|gepubliceerd|publicerad|"
    r"opublikowano|опубликовано|опубліковано",
    re.IGNORECASE,
)
# "KYIV, Nov. 6, 2025 (Agency) —", "Berlin, 6. November 2025 –", "(Madrid, 3 de mayo de 2024)", "Town Hall, 3 May 2024".
_WORD = r"(?:[A-ZÀ-ÞĀ-ŽΑ-ΩЀ-Я][\w.’'-]*|of|the|de|la|le|les|el|del|da|do|di|am|an|der|den|im|upon|sur|y|et|und|and)"
_PLACE = rf"{_WORD}(?:[ ,/]+{_WORD}){{0,6}}"
_BEFORE_DATE = re.compile(rf"[(\[]?{_PLACE}\s*[,:(|–—-]\s*(?:den\s+|le\s+|a\s+|el\s+)?[(\[]?")
_AFTER_DATE = re.compile(
    r"(?:\s*[rгр]\.)?[)\]]?,?\s*(?:\([^()\n]{1,40}\)|/[^/\n]{1,40}/|[A-Z]{2,}(?:\s[A-Z]{2,}){0,3})?\s*(?:[-–—:]+(?:\s|$)|[)\].]*$)"
)
_WIRE = re.compile(r"[（(【]?[\u3400-\u9fff]{2,14}")  # "（北京2024年3月15日电）"
_WEEKDAY = re.compile(r"\W*(?:[^\W\d_]{2,12}\.?,?\s+)?(?:den\s+|le\s+|el\s+)?")
_TAIL = re.compile(
    r"[\s,.;|)\]·–—-]*(?:(?:at|um|à|a\s+las|kl\.?|\||,)?\s*\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?|uhr|z|[A-Z]{2,5})?)?[\s,.;|)\]·гr]*",
    re.IGNORECASE,
)


def head_evidence(text: str, date_order: str | None = None) -> Iterator[Evidence]:
    """What the head of `text` says of the day it was written, at most one item of a kind."""
    seen: set[DctSource] = set()
    late: Evidence | None = None
    is_head = True  # until prose begins: a lone date further down heads a part, or stands in a table
    for line in _lines(text):
        for found in find_dates(line[: LEAD_CHARS + 40], date_order):
            item = _judge(line, found)
            if item is not None and _UPDATED.match(line):
                came_out = _came_out(line, found, date_order)
                late, item = late or item, came_out
            if item is not None and item.source not in seen and (is_head or item.source is not DctSource.TEXT):
                seen.add(item.source)
                yield item
            break  # only the first date of a line can be its stamp
        is_head = is_head and not _is_prose(line)
    if late is not None and DctSource.DATELINE not in seen:
        yield late


def _came_out(line: str, updated: Found, date_order: str | None) -> Evidence | None:
    """The other day of a line such as "Updated 2 April 2024, first published 15 March 2024"."""
    for found in find_dates(line[: 2 * LEAD_CHARS], date_order):
        if found.start >= updated.end and not found.ambiguous and _CAME_OUT.search(line, updated.end, found.start):
            return Evidence(DctSource.DATELINE, found.value, _short(line))
    return None


def is_stamp(line: str) -> bool:
    """Whether a short line only says when the text was written, and so is no title of it."""
    return len(line) <= LEAD_CHARS // 2 and any(_judge(line, found) for found in find_dates(line))


def _is_prose(line: str) -> bool:
    return len(line) >= PROSE_CHARS or (len(line) >= PROSE_CHARS // 2 and line.endswith((".", "!", "?", "。")))


def _lines(text: str) -> Iterator[str]:
    lines = [line.strip().strip("#*_> ") for line in text[:HEAD_CHARS].split("\n")]
    yield from [line for line in lines if line][:HEAD_LINES]


def _judge(line: str, found: Found) -> Evidence | None:
    if found.ambiguous or found.start > LEAD_CHARS:
        return None
    before, after = line[: found.start], line[found.end :]
    if match := _PUBLISHED.match(line):
        if _WEEKDAY.fullmatch(line[match.end() : found.start]) and _TAIL.match(after):
            return Evidence(DctSource.DATELINE, found.value, _short(line))
        return None
    if _WEEKDAY.fullmatch(before) and _TAIL.fullmatch(after):
        return Evidence(DctSource.TEXT, found.value, "date standing alone at the head")
    if _WIRE.fullmatch(before) and after[:1] in {"电", "電", "讯", "訊"}:
        return Evidence(DctSource.DATELINE, found.value, _short(line))
    if len(before) <= 60 and _BEFORE_DATE.fullmatch(before) and _AFTER_DATE.match(after):
        return Evidence(DctSource.DATELINE, found.value, _short(line))
    return None


def _short(line: str) -> str:
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
