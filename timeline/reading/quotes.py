"""Quoted replies in a mail: whose words of which day, as segments with their own time."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from timeline.model import Segment
from timeline.reading.dates import find_dates, stamped

_QUOTE = re.compile(r"(?:[ \t]?>)+[ \t]?")
_QUOTING = (">", " ", "\t")
# "On 3 May 2024, X wrote:" and what mail programs say for it in other languages.
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|a\s+écrit|escribió|ha\s+scritto|schreef|escreveu|skrev|kirjoitti|napisał\w*|"
    r"пише|пишет|написал\w*|написав|yazdı|írta|a\s+scris)\b.{0,120}:\s*$|(?:写道|wrote)[：:]\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[-_ ]*(?:original message|forwarded message|begin forwarded message|ursprüngliche nachricht|message d'origine|"
    r"weitergeleitete nachricht|message transféré|mensaje original|mensaje reenviado|messaggio originale|"
    r"oorspronkelijk bericht)[-_: ]*",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"\*?(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden|skickat|отправлено|дата)"
    r"\s*:\*?\s*(.+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\*?(?:from|von|de|da|van|från|от|від)\s*:\*?\s*\S", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_MARKED = re.compile(r"^(?:[ \t]?>|\*?(?:from|von|de|da|van|från|от|від)[ \t]*:)", re.IGNORECASE | re.MULTILINE)
_FORWARDED_CHARS = 100  # longer than any line that only says "forwarded", dashes included
_HEADER_LINES = 6  # a forwarded header is so long at most
_ATTRIBUTION_LINES = 3  # "On …,\nX <x@y>\nwrote:"


def unquote(text: str, date_order: str | None = None) -> tuple[str, tuple[Segment, ...]]:
    """The text without quote marks, and a segment for each stretch whose own day is told."""
    if not _MARKED.search(text):
        return text, ()
    lines = list(_parted(text))
    times: dict[int, datetime] = {}  # by depth of quotation
    forwarded: datetime | None = None
    segments: list[Segment] = []
    offset = 0
    last: datetime | None = None  # of the last line that was not blank
    is_first = True  # a header above all else is the mail's own
    for number, (depth, line) in enumerate(lines):
        end = offset + len(line)
        if line.strip():
            _close(times, lines, number)
            if moment := _attributed(lines, number, date_order):
                times[depth + 1] = moment
            elif (len(line) < _FORWARDED_CHARS and _FORWARDED.fullmatch(line.strip())) or (
                ":" in line and _HEADER.match(line) and not is_first
            ):
                forwarded = _sent(lines, number, date_order) or forwarded
            own = times.get(depth) if depth else forwarded
            if own and own == last:
                segments[-1] = Segment(segments[-1].start, end, own)
            elif own:
                segments.append(Segment(offset, end, own))
            last, is_first = own, False
        offset = end + 1
    return "\n".join(line for _, line in lines), tuple(segments)


def _parted(text: str) -> Iterator[tuple[int, str]]:
    """Lines and their depth of quotation, a blank one where another voice begins."""
    before: int | None = None
    for raw in text.split("\n"):
        depth, line = _split(raw)
        if line.strip():
            if before is not None and depth != before:
                yield depth, ""
            before = depth
        else:
            before = None
        yield depth, line


def _close(times: dict[int, datetime], lines: list[tuple[int, str]], number: int) -> None:
    """Forget the attribution of a quotation that has ended; the next one has its own."""
    depth = lines[number][0]
    if not times or max(times) <= depth:
        return
    for deeper in [known for known in times if known > depth]:
        ahead = lines[number : number + _ATTRIBUTION_LINES + 1]
        if not any(after >= deeper for after, body in ahead if body.strip()):
            del times[deeper]


def _split(line: str) -> tuple[int, str]:
    match = _QUOTE.match(line) if line[:1] in _QUOTING else None
    return (match[0].count(">"), line[match.end() :]) if match else (0, line)


def _attributed(lines: list[tuple[int, str]], number: int, date_order: str | None) -> datetime | None:
    """The moment of the attribution that ends at line `number`, which may have begun some lines above."""
    depth, line = lines[number]
    if line.rstrip()[-1:] not in (":", "：") or not _WROTE.search(line):
        return None
    for first in range(number, max(-1, number - _ATTRIBUTION_LINES), -1):
        joined = " ".join(body.strip() for level, body in lines[first : number + 1] if level == depth)
        if moment := _moment(joined, date_order):
            return moment
    return None


def _sent(lines: list[tuple[int, str]], number: int, date_order: str | None) -> datetime | None:
    for _, line in lines[number : number + _HEADER_LINES]:
        if (match := _SENT.match(line.strip())) and (moment := _moment(match[1], date_order)):
            return moment
    return None


def _moment(text: str, date_order: str | None) -> datetime | None:
    found = next(_days(text, date_order), None)
    if not found:
        return None
    clock = _CLOCK.search(text)
    return datetime.combine(found, _time(clock) if clock else time())  # midnight: only the day is known


def _days(text: str, date_order: str | None) -> Iterator[date]:
    for found in find_dates(text, date_order):
        yield found.value
    if day := stamped(text, date_order):
        yield day


def _time(clock: re.Match[str]) -> time:
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower().startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else time()
