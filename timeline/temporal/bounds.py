"""TIMEX3 values on the line: integer bounds, EDTF and granularity, for any year.

Instants are seconds since 0001-01-01T00:00 in the proleptic Gregorian calendar; they may be negative (BCE), because
Python's `datetime` holds neither BCE nor years after 9999. Year 0 is 1 BC (astronomical numbering, as EDTF has it).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

DAY = 86_400
_HOUR = 3_600
_EPOCH_ORDINAL = 1  # date(1, 1, 1).toordinal()
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Meteorological seasons of the northern hemisphere; a winter is named by the year in which it begins.
_SEASON_BEGIN = {"SP": 3, "SU": 6, "FA": 9, "AU": 9, "WI": 12}
_SEASON_EDTF = {"SP": "21", "SU": "22", "FA": "23", "AU": "23", "WI": "24"}

# Parts of a day in hours: TimeML names them and gives no bounds, so these are ours and are drawn with soft edges.
_DAY_PARTS = {
    "MO": (6, 12),
    "MI": (12, 13),
    "AF": (12, 18),
    "EV": (18, 24),
    "NI": (18, 30),
    "DT": (6, 18),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Half-open stretch [begin, end) that a value covers, with its EDTF spelling and granularity."""

    begin: int
    end: int
    edtf: str
    granularity: str
    is_soft: bool = False  # the unit itself has no sharp edges ("the morning")


def is_leap(year: int) -> bool:
    """Whether a proleptic Gregorian year has 366 days; year 0 is 1 BC."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Days in a month of any year."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """Days since 0001-01-01 for any year (Howard Hinnant's days_from_civil, shifted)."""
    y = year - (month <= 2)
    era = y // 400
    year_of_era = y - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 306


def civil(days: int) -> tuple[int, int, int]:
    """Year, month, day of a day number: the inverse of `day_number`."""
    z = days + 306
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + (3 if mp < 10 else -9)
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def instant(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Seconds since 0001-01-01T00:00."""
    return day_number(year, month, day) * DAY + hour * _HOUR + minute * 60 + second


def instant_of(moment: date | datetime) -> int:
    """Seconds since 0001-01-01T00:00 of a date or a naive datetime."""
    seconds = (moment.toordinal() - _EPOCH_ORDINAL) * DAY
    if isinstance(moment, datetime):
        seconds += moment.hour * _HOUR + moment.minute * 60 + moment.second
    return seconds


def add_months(days: int, months: int) -> int:
    """A day number moved by months; the day is cut to the month's length (31 January + 1 month = 28 February)."""
    year, month, day = civil(days)
    index = year * 12 + month - 1 + months
    year, month = index // 12, index % 12 + 1
    return day_number(year, month, min(day, days_in_month(year, month)))


def edtf_year(year: int) -> str:
    """EDTF spelling of a year: four digits, a sign before BCE years, `Y` before years of five digits."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def edtf_day(days: int) -> str:
    """EDTF spelling of a day."""
    year, month, day = civil(days)
    return f"{edtf_year(year)}-{month:02d}-{day:02d}"


def format_instant(seconds: int) -> str:
    """ISO date of an instant, with the time when it is not midnight: `2025-11-06`, `2025-11-06T14:30`."""
    days, rest = divmod(seconds, DAY)
    text = edtf_day(days)
    if rest:
        text += f"T{rest // _HOUR:02d}:{rest % _HOUR // 60:02d}"
        if rest % 60:
            text += f":{rest % 60:02d}"
    return text


def parse_instant(text: str) -> int:
    """The instant an ISO date, a year or a year and month begin at, as a person types them. Raises ValueError."""
    found = bounds(text.strip())
    if found is None:
        raise ValueError(f"not a date: {text!r}; write it as 2025-11-06, 2025-11 or 2025")
    return found.begin


_VALUE = re.compile(
    r"(?P<bc>BC)?(?P<year>-?\d{1,9})"
    r"(?:-(?:W(?P<week>\d{1,2})(?:-(?P<weekpart>WE|[1-7]))?|Q(?P<quarter>[1-4])|H(?P<half>[12])"
    r"|(?P<season>SP|SU|FA|AU|WI)|(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?))?"
    r"(?:T(?P<time>.+))?"
)
_CLOCK = re.compile(r"(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?")


def bounds(value: str) -> Bounds | None:
    """Bounds of a TIMEX3 DATE or TIME value; None when it names no stretch of the line (PAST_REF, XXXX-12-25)."""
    match = _VALUE.fullmatch(value)
    if match is None:
        return None
    part = match.groupdict()
    digits = part["year"]
    plain = not any(part[name] for name in ("week", "quarter", "half", "season", "month", "time"))
    if len(digits.lstrip("-")) < 4 and plain:
        return _long_unit(digits, is_bc=bool(part["bc"]))
    year = 1 - int(digits) if part["bc"] else int(digits)
    if abs(year) > 10_000_000:
        return None
    whole = _calendar_unit(year, part)
    if whole is None or not part["time"]:
        return whole
    return _time_of_day(whole, part["time"]) if whole.granularity == "day" else whole


def _long_unit(digits: str, *, is_bc: bool) -> Bounds | None:
    """Decades ("199"), centuries ("19") and millennia ("1"), before and after Christ."""
    size = 10 ** (4 - len(digits.lstrip("-")))
    granularity = {10: "decade", 100: "century", 1000: "millennium"}[size]
    if is_bc:
        # "BC03" is 399–300 BC: the digits are those its years share.
        first, last = 1 - (int(digits) * size + size - 1), 1 - max(int(digits) * size, 1)
        edtf = f"{edtf_year(first)}/{edtf_year(last)}"
    else:
        first = int(digits) * size
        last = first + size - 1
        edtf = f"{digits}{'X' * (4 - len(digits))}"
    return Bounds(instant(first), instant(last + 1), edtf, granularity)


def _calendar_unit(year: int, part: dict[str, str | None]) -> Bounds | None:
    name = edtf_year(year)
    if part["month"]:
        return _month_or_day(year, int(part["month"]), part["day"])
    if part["week"]:
        return _week(year, int(part["week"]), part["weekpart"])
    if part["quarter"]:
        n = int(part["quarter"])
        return _months(year, 3 * n - 2, 3, f"{name}-{32 + n}", "quarter")
    if part["half"]:
        n = int(part["half"])
        return _months(year, 6 * n - 5, 6, f"{name}-{39 + n}", "half")
    if part["season"]:
        return _months(year, _SEASON_BEGIN[part["season"]], 3, f"{name}-{_SEASON_EDTF[part['season']]}", "season")
    return Bounds(instant(year), instant(year + 1), name, "year")


def _months(year: int, month: int, count: int, edtf: str, granularity: str) -> Bounds:
    first = day_number(year, month)
    return Bounds(first * DAY, add_months(first, count) * DAY, edtf, granularity)


def _month_or_day(year: int, month: int, day: str | None) -> Bounds | None:
    if not 1 <= month <= 12:
        return None
    if day is None:
        return _months(year, month, 1, f"{edtf_year(year)}-{month:02d}", "month")
    if not 1 <= int(day) <= days_in_month(year, month):
        return None
    first = day_number(year, month, int(day))
    return Bounds(first * DAY, (first + 1) * DAY, edtf_day(first), "day")


def _week(year: int, week: int, part: str | None) -> Bounds | None:
    if not 0 <= week <= 53:
        return None
    fourth = day_number(year, 1, 4)  # always in week 1
    monday = fourth - fourth % 7 + 7 * (week - 1)  # day 0, 0001-01-01, is a Monday
    if part == "WE":
        return Bounds(
            (monday + 5) * DAY, (monday + 7) * DAY, f"{edtf_day(monday + 5)}/{edtf_day(monday + 6)}", "weekend"
        )
    if part:
        day = monday + int(part) - 1
        return Bounds(day * DAY, (day + 1) * DAY, edtf_day(day), "day")
    return Bounds(monday * DAY, (monday + 7) * DAY, f"{edtf_day(monday)}/{edtf_day(monday + 6)}", "week")


def _time_of_day(day: Bounds, time: str) -> Bounds:
    if time in _DAY_PARTS:
        first, last = _DAY_PARTS[time]
        return Bounds(day.begin + first * _HOUR, day.begin + last * _HOUR, day.edtf, "part of day", is_soft=True)
    match = _CLOCK.fullmatch(time)
    if match is None:
        return day
    hour, minute, second = (int(group) if group else 0 for group in match.groups())
    if hour > 24 or minute > 59 or second > 60:
        return day
    begin = day.begin + hour * _HOUR + minute * 60 + second
    granularity, size = ("second", 1) if match[3] else ("minute", 60) if match[2] else ("hour", _HOUR)
    days, rest = divmod(begin, DAY)
    edtf = f"{edtf_day(days)}T{rest // _HOUR:02d}:{rest % _HOUR // 60:02d}:{rest % 60:02d}"
    return Bounds(begin, begin + size, edtf, granularity)
