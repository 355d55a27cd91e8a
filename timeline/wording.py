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
# How EDTF numbers what is longer than a month and shorter than a year.
_PARTS = {21: "spring {}", 22: "summer {}", 23: "autumn {}", 24: "winter {}"}
_PARTS |= {33: "the first quarter of {}", 34: "the second quarter of {}", 35: "the third quarter of {}"}
_PARTS |= {36: "the fourth quarter of {}", 40: "the first half of {}", 41: "the second half of {}"}
_MODS = {"START": "early", "MID": "mid", "END": "late"}
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
    if begin is None or end is None:
        return _say_open(placement, timex)
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
        return _with_mod(timex.mod, say_value(timex))
    return _say_span(begin, end, unit, placement.edtf)


def _say_open(placement: Placement, timex: Timex | None) -> str:
    """ "since summer 2023", "up to the end of 2026", "before the 1920s": by the name the text gave its edge."""
    begin, end, unit = placement.begin, placement.end, placement.granularity
    whole = bounds(timex.value) if timex is not None and timex.type is not TimexType.DURATION else None
    if timex is not None and whole is not None:
        named = _brief(timex)
        modified = _with_mod(timex.mod, named) if timex.mod in _MODS else named
        about = "about " if timex.mod == "APPROX" else ""
        if end is None and begin == whole.begin:
            return f"since {about}{modified}"
        if end is None and begin == whole.end:
            return f"after {about}{named}"
        if begin is None and end == whole.end and placement.shape is not Shape.VAGUE:
            return f"up to the end of {named}" if timex.mod == "END" else f"up to {about}{modified}"
        if begin is None and end == whole.begin and placement.shape is not Shape.VAGUE:
            return f"before {about}{named}"
    first, _, last = placement.edtf.partition("/")
    if begin is None:
        word = "until" if placement.shape is Shape.VAGUE else "up to"
        return f"{word} {_say_edge(last) or say_instant((end or 0) - 1, unit)}"
    said = _say_edge(first) or say_instant(begin, unit)
    return f"from {said} on" if placement.soft_begin else f"since {said}"


def _brief(timex: Timex) -> str:
    """A value in words as it stands after "since": without the months of a season, a part of day with its article."""
    unit = bounds(timex.value)
    article = "the " if unit is not None and unit.granularity == "part of day" else ""
    return article + say_value(timex).partition(" (")[0]


def _say_edge(edge: str) -> str | None:
    """An edge in EDTF that has a name of its own: a season, quarter, half, decade or century."""
    head, _, part = edge.rstrip("~").rpartition("-")
    if part.endswith("XX") and part[:-2].isdigit() and not head:
        return say_century(int(part[:-2]) * 100)
    if part.endswith("X") and part[:-1].isdigit() and not head:
        return f"the {part[:-1]}0s"
    if part.isdigit() and int(part) in _PARTS and head.lstrip("-").isdigit():
        return _PARTS[int(part)].format(_winter(int(head)) if part == "24" else say_year(int(head)))
    return None


def _winter(year: int) -> str:
    """The year of a winter, which ends in the next: "2023/24"."""
    return f"{year}/{(year + 1) % 100:02d}" if year > 0 else say_year(year)


def _with_mod(mod: str, said: str) -> str:
    """ "early 2024", "mid-2023", "the late 1990s", "early in the week of …"."""
    word = _MODS[mod]
    if not said.startswith("the "):
        return f"mid-{said}" if mod == "MID" else f"{word} {said}"
    if said[4].isdigit():
        return f"the {word}{'-' if mod == 'MID' else ' '}{said[4:]}"
    return f"the middle of {said}" if mod == "MID" else f"{word} in {said}"


def _say_span(begin: int, end: int, unit: str, edtf: str) -> str:
    if unit in ("hour", "minute", "second"):
        if end - begin <= 3600:
            return say_instant(begin, unit)
        return f"{say_instant(begin, unit)} – {say_instant(end, unit)}"
    if unit in _LONG or unit in _MONTHLY:
        starts_clean = civil(begin // DAY)[1:] == (1, 1) if unit in _LONG else civil(begin // DAY)[2] == 1
        ends_clean = civil(end // DAY)[1:] == (1, 1) if unit in _LONG else civil(end // DAY)[2] == 1
        if starts_clean and ends_clean:
            first_edge, _, last_edge = edtf.partition("/")
            first = _say_edge(first_edge) or say_instant(begin, unit)
            last = _say_edge(last_edge) or say_instant(end - 1, unit)
            year = f" {say_year(civil(begin // DAY)[0])}"
            if first.endswith(year) and last.endswith(year) and not first.startswith("the "):
                first = first.removesuffix(year)  # "May – July 2024"
            return last if first == last or first + year == last else f"{first} – {last}"
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
            said = _winter(year) if value.endswith("WI") else say_year(year)
            return f"{_SEASONS[value[-2:]]} {said} ({_SEASON_MONTHS[value[-2:]]})"
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
