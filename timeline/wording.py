"""How dates are said to a person: the one place where the page's dates get their English."""

from datetime import date

from timeline.model import DctSource, Placement, Shape, Timex, TimexType
from timeline.temporal.bounds import DAY, Bounds, bounds, civil
from timeline.temporal.placing import length

MONTHS = "January February March April May June July August September October November December".split()
_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "AU": "autumn", "WI": "winter"}
_SEASON_MONTHS = {
    "SP": "March–May",
    "SU": "June–August",
    "FA": "September–November",
    "AU": "September–November",
    "WI": "December–February",
}
_DAY_PARTS = {
    "MO": "morning",
    "MI": "midday",
    "AF": "afternoon",
    "EV": "evening",
    "NI": "night",
    "DT": "daytime",
}
_LONG = ("year", "decade", "century", "millennium")
_MONTHLY = ("month", "quarter", "half", "season")

SOURCE_WORDS = {
    DctSource.CORRECTION: "corrected by a person",
    DctSource.SIDECAR: "from the file beside it",
    DctSource.FRONT_MATTER: "from its front matter",
    DctSource.HEADER: "from its header",
    DctSource.METADATA: "from its metadata",
    DctSource.FILE_NAME: "from the file name",
    DctSource.DATELINE: "from its dateline",
    DctSource.TEXT: "from the head of the text",
    DctSource.FILE_TIME: "only from the file’s time",
    DctSource.UNKNOWN: "not known",
}


def say_year(year: int) -> str:
    """ "2025", "44 BC" (year 0 is 1 BC)."""
    return f"{1 - year} BC" if year <= 0 else str(year)


def say_date(day: date) -> str:
    """ "6 November 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_day(days: int) -> str:
    """A day number, as `say_date`."""
    year, month, day = civil(days)
    return f"{day} {MONTHS[month - 1]} {say_year(year)}"


def say_days(first: int, last: int) -> str:
    """Two day numbers, both included: "3–6 November 2025", "28 October – 2 November 2025"."""
    if first == last:
        return say_day(first)
    (y1, m1, d1), (y2, m2, d2) = civil(first), civil(last)
    if y1 != y2:
        return f"{say_day(first)} – {say_day(last)}"
    if m1 != m2:
        return f"{d1} {MONTHS[m1 - 1]} – {d2} {MONTHS[m2 - 1]} {say_year(y1)}"
    return f"{d1}–{d2} {MONTHS[m1 - 1]} {say_year(y1)}"


def say_instant(seconds: int, granularity: str) -> str:
    """An instant, as finely as its granularity allows."""
    days, rest = divmod(seconds, DAY)
    year, month, _ = civil(days)
    if granularity == "decade":
        return f"the {say_year(year - year % 10)}s"
    if granularity in _LONG:
        return say_year(year)
    if granularity in _MONTHLY:
        return f"{MONTHS[month - 1]} {say_year(year)}"
    if granularity in ("hour", "minute", "second"):
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
        return f"{say_day(days)}, {clock}" + (f":{rest % 60:02d}" if granularity == "second" else "")
    return say_day(days)


def say_placement(placement: Placement, timex: Timex | None = None) -> str:
    """A place on the line: "3–6 November 2025", "since 2023", "about February 2024 – 6 November 2025"."""
    begin, end, unit = placement.begin, placement.end, placement.granularity
    if begin is None:
        word = "until" if placement.shape is Shape.VAGUE else "up to"
        return f"{word} {say_instant((end or 0) - 1, unit)}"
    if end is None:
        return (
            f"since {say_instant(begin, unit)}" if not placement.soft_begin else f"from {say_instant(begin, unit)} on"
        )
    if placement.shape is Shape.VAGUE:
        near = end - 1 if placement.soft_begin else begin
        return f"shortly {'before' if placement.soft_begin else 'after'} {say_day(near // DAY)}"
    if placement.shape is Shape.STRETCH and placement.soft_begin:
        first = bounds(placement.edtf.partition("/")[0].rstrip("~"))  # the EDTF says how fine the soft edge is
        return f"about {say_instant(begin, first.granularity if first else unit)} – {say_day((end - 1) // DAY)}"
    unit_said = say_value(timex) if timex is not None else None
    whole = bounds(timex.value) if timex is not None and timex.type is not TimexType.DURATION else None
    if unit_said and whole and (whole.begin, whole.end) == (begin, end):
        return ("about " if placement.soft_begin and unit != "part of day" else "") + unit_said
    if whole and timex and timex.mod in ("START", "MID", "END") and whole.begin <= begin and end <= whole.end:
        return f"{ {'START': 'early', 'MID': 'mid', 'END': 'late'}[timex.mod] } {say_value(timex)}"
    return _say_span(begin, end, unit)


def _say_span(begin: int, end: int, unit: str) -> str:
    if unit in ("hour", "minute", "second"):
        if end - begin <= 3600:
            return say_instant(begin, unit)
        return f"{say_instant(begin, unit)} – {say_instant(end, unit)}"
    if unit in _LONG or unit in _MONTHLY:
        starts_clean = civil(begin // DAY)[1:] == (1, 1) if unit in _LONG else civil(begin // DAY)[2] == 1
        ends_clean = civil(end // DAY)[1:] == (1, 1) if unit in _LONG else civil(end // DAY)[2] == 1
        if starts_clean and ends_clean:
            first, last = say_instant(begin, unit), say_instant(end - 1, unit)
            return first if first == last else f"{first} – {last}"
    return say_days(begin // DAY, (end - 1) // DAY)


def say_value(timex: Timex) -> str:
    """A TIMEX3 value in words: "summer 2025 (June–August)", "21 months", "the week of 3–9 November 2025"."""
    if timex.type is TimexType.DURATION:
        return _say_duration(timex)
    value = timex.value
    named = {"PAST_REF": "the past", "FUTURE_REF": "the future", "PRESENT_REF": "the present"}
    if value in named:
        return named[value]
    if timex.type is TimexType.SET:
        return f"repeated ({value})"
    unit = bounds(value)
    return _say_bounds(value, unit) if unit is not None else value


def _say_bounds(value: str, unit: Bounds) -> str:
    days = unit.begin // DAY
    year = civil(days)[0]
    match unit.granularity:
        case "week":
            return f"the week of {say_days(days, days + 6)}"
        case "weekend":
            return f"the weekend of {say_days(days, days + 1)}"
        case "quarter" | "half":
            ordinal = ("first", "second", "third", "fourth")[int(value[-1]) - 1]
            return f"the {ordinal} {'quarter' if unit.granularity == 'quarter' else 'half'} of {say_year(year)}"
        case "season":
            return f"{_SEASONS[value[-2:]]} {say_year(year)} ({_SEASON_MONTHS[value[-2:]]})"
        case "century":
            return say_century(year)
        case "millennium":
            return f"{say_year(year)} – {say_year(civil((unit.end - 1) // DAY)[0])}"
        case "part of day":
            return f"{_DAY_PARTS[value[-2:]]} of {say_day(days)}"
        case granularity:
            return say_instant(unit.begin, granularity)


def say_century(first_year: int) -> str:
    """ "the 18th century"."""
    number = first_year // 100 + 1 if first_year > 0 else (-first_year) // 100 + 1
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"the {number}{suffix} century" + ("" if first_year >= 0 else " BC")


def _say_duration(timex: Timex) -> str:
    size = length(timex.value)
    prefix = {
        "LESS_THAN": "less than ",
        "MORE_THAN": "more than ",
        "EQUAL_OR_MORE": "at least ",
        "EQUAL_OR_LESS": "at most ",
        "APPROX": "about ",
    }.get(timex.mod or "", "")
    if size is None:
        return prefix + "an unsaid length of time"
    years, months = divmod(size.months, 12) if size.months >= 24 and size.months % 12 == 0 else (0, size.months)
    if size.months == 12:
        years, months = 1, 0
    hours, rest = divmod(size.seconds, 3600)
    counts = [
        (years, "year"),
        (months, "month"),
        (size.days, "day"),
        (hours, "hour"),
        (rest // 60, "minute"),
        (rest % 60, "second"),
    ]
    said = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in counts if n]
    return prefix + (" ".join(said) or "no time")
