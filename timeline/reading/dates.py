"""Full calendar dates as documents are stamped with them: found, never guessed at."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from timeline.reading.months import MONTHS

_NAME = r"[^\W\d_]{3,13}"
_FORMS = re.compile(
    rf"""
    (?<!\d)(?<!\d[-/._])(?P<y1>[12]\d{{3}})(?P<s1>[-/._])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})(?!\d|[-/._]\d)
  | (?<!\w)(?<!\d[-/._])(?P<a2>\d{{1,2}})(?P<s2>[-/._])(?P<b2>\d{{1,2}})(?P=s2)(?P<y2>[12]\d{{3}})(?!\d|[-/._]\d)
  | (?<!\w)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+(?:of|de|del|d[’']))?[\s_-]*
      (?P<m3>{_NAME})\.?,?(?:\s+(?:de|del))?[\s_-]+(?P<y3>[12]\d{{3}})(?!\d)
  | (?<!\w)(?P<m4>{_NAME})\.?[\s_-]*(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?[\s_-]+(?P<y4>[12]\d{{3}})(?!\d)
  | (?<!\d)(?P<y5>[12]\d{{3}})\s?[年년]\s?(?P<m5>\d{{1,2}})\s?[月월]\s?(?P<d5>\d{{1,2}})\s?[日일]
  | (?<!\w)(?P<y6>[12]\d{{3}})\.?\s(?P<m6>{_NAME})\.?\s(?P<d6>\d{{1,2}})(?!\d)
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"[12]\d{3}")  # every form has one
_UTC = re.compile(
    r"(?:D:)?(\d{4})-?([01]\d)-?([0-3]\d)[T ]?([0-2]\d):?([0-5]\d)(?::?\d\d(?:\.\d{1,9})?)?(?:Z|[+-]00'?:?00'?)"
)
_ISO_TIGHT = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?=\d|T|\s|Z|$)")


@dataclass(frozen=True, slots=True)
class Found:
    """A full date in a text; `ambiguous` when only a date order decided between day and month."""

    value: date
    start: int
    end: int
    ambiguous: bool = False


def find_dates(text: str, date_order: str | None = None) -> Iterator[Found]:
    """Every full date in `text`, from left to right; an impossible one is passed over."""
    if not _YEAR.search(text):
        return
    for match in _FORMS.finditer(text):
        found = _resolve(match, date_order)
        if found is not None:
            yield found


def _resolve(match: re.Match[str], date_order: str | None) -> Found | None:
    got = {key: text for key, text in match.groupdict().items() if text is not None}
    if "y2" in got:
        return _numeric(match, got, date_order)
    form = match.lastgroup[-1] if match.lastgroup else ""
    form = next(key[1] for key in got if key[0] == "y") or form
    month = got["m" + form]
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    value = make(int(got["y" + form]), number, int(got["d" + form]))
    return Found(value, match.start(), match.end()) if value else None


def _numeric(match: re.Match[str], got: dict[str, str], date_order: str | None) -> Found | None:
    """06.11.2025 is day first wherever dots are used; 06/11/2025 waits for an order unless one part is over 12."""
    first, second, year = int(got["a2"]), int(got["b2"]), int(got["y2"])
    day_first, month_first = make(year, second, first), make(year, first, second)
    if day_first and month_first and day_first != month_first:
        ambiguous = got["s2"] != "."
        value = month_first if ambiguous and date_order == "MDY" else day_first
        return Found(value, match.start(), match.end(), ambiguous and date_order is None)
    only = day_first or month_first
    return Found(only, match.start(), match.end()) if only else None


def in_zone(moment: datetime, zone: str | None) -> datetime:
    """A moment on the clocks of a zone, and without one on its own."""
    is_told = zone is not None and moment.tzinfo is not None
    return (moment.astimezone(ZoneInfo(zone)) if is_told and zone else moment).replace(tzinfo=None)


def make(year: int, month: int, day: int) -> date | None:
    """That day, or None when no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def stamped(value: object, date_order: str | None = None, zone: str | None = None) -> date | None:
    """The day a metadata field names: ISO 8601, PDF "D:2025…", RFC 2822, or a date written out.

    The day is the writer's own. A moment in UTC names no writer's: it becomes a day in `zone`, where one is set.
    """
    if zone and (told := _UTC.fullmatch(str(value).strip())):
        with suppress(ValueError, OverflowError):  # no such day, or none in that zone: as it stands, then
            year, month, day, hour, minute = map(int, told.groups())
            return in_zone(datetime(year, month, day, hour, minute, tzinfo=UTC), zone).date()
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = str(value).strip().removeprefix("D:")
    if match := _ISO_TIGHT.match(text):
        return make(int(match[1]), int(match[2]), int(match[3]))
    for found in find_dates(text, date_order):
        return None if found.ambiguous else found.value
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.date()
