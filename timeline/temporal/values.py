"""Calendar units as (unit, index), their arithmetic and their TIMEX3 spelling; holds BCE and far years."""

from dataclasses import dataclass

from timeline.temporal.bounds import civil, day_number, days_in_month

__all__ = ["Cal", "civil", "day_number", "days_in_month"]  # the calendar itself is shared with bounds

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS = ("SP", "SU", "FA", "WI")  # meteorological, from March; winter belongs to the year it begins in
SEASON_NUMBERS = {name: number for number, name in enumerate(SEASONS)}

# The letter of a unit in a TIMEX3 duration, and whether it stands after the T.
UNIT_LETTERS = {
    "millennium": "ML",
    "century": "C",
    "decade": "E",
    "year": "Y",
    "half": "6M",
    "quarter": "3M",
    "season": "3M",
    "month": "M",
    "fortnight": "2W",
    "week": "W",
    "weekend": "WE",
    "day": "D",
    "hour": "TH",
    "minute": "TM",
    "second": "TS",
}


@dataclass(frozen=True, slots=True)
class Cal:
    """One calendar unit: `index` counts units of its kind, so that "the next one" is index + 1."""

    unit: str
    index: int

    def shift(self, count: int) -> "Cal":
        """The unit `count` later (earlier when negative)."""
        return Cal(self.unit, self.index + count)


def year(number: int) -> Cal:
    """A year; 0 is 1 BC."""
    return Cal("year", number)


def month(number: int, of_year: int) -> Cal:
    """A month of a year, 1 to 12."""
    return Cal("month", number * 12 + of_year - 1)


def day(number: int, of_year: int, of_month: int) -> Cal | None:
    """A day, or None when there is none such (31 February)."""
    if not (1 <= of_year <= 12 and 1 <= of_month <= days_in_month(number, of_year)):
        return None
    return Cal("day", day_number(number, of_year, of_month))


def season(number: int, name: str) -> Cal:
    """A meteorological season of a year."""
    return Cal("season", number * 4 + SEASON_NUMBERS[name])


def first_day(cal: Cal) -> int:
    """The number of the day a unit begins with."""
    unit, index = cal.unit, cal.index
    if unit == "day":
        return index
    if unit == "week":
        return index * 7
    if unit == "weekend":
        return index * 7 + 5
    if unit == "month":
        return day_number(index // 12, index % 12 + 1, 1)
    if unit == "season":
        return day_number(index // 4, (index % 4) * 3 + 3, 1)
    if unit == "quarter":
        return day_number(index // 4, (index % 4) * 3 + 1, 1)
    if unit == "half":
        return day_number(index // 2, (index % 2) * 6 + 1, 1)
    return day_number(index * {"year": 1, "decade": 10, "century": 100, "millennium": 1000}[unit], 1, 1)


def containing(unit: str, number: int) -> Cal:
    """The unit of that kind in which a day lies."""
    if unit == "day":
        return Cal("day", number)
    if unit in ("week", "weekend"):
        return Cal(unit, number // 7)
    y, m, _ = civil(number)
    index = {
        "month": y * 12 + m - 1,
        "quarter": y * 4 + (m - 1) // 3,
        "half": y * 2 + (m - 1) // 6,
        "season": (y * 12 + m - 3) // 3,
        "year": y,
        "decade": y // 10,
        "century": y // 100,
        "millennium": y // 1000,
    }[unit]
    return Cal(unit, index)


def within(cal: Cal, unit: str) -> Cal:
    """`cal` seen in another unit: the containing one, or the first it contains."""
    return cal if cal.unit == unit else containing(unit, first_day(cal))


def year_of(cal: Cal) -> int:
    """The year a unit begins in (for a week, the year of its Thursday, as ISO 8601 has it)."""
    if cal.unit in ("week", "weekend"):
        return civil(cal.index * 7 + 3)[0]
    return civil(first_day(cal))[0]


def weekday_of(number: int) -> int:
    """1 for Monday to 7 for Sunday."""
    return number % 7 + 1


def spell_year(number: int) -> str:
    """Four digits; `BC0044` for 44 BC, which is year -43."""
    return f"{number:04d}" if number > 0 else f"BC{1 - number:04d}"


def spell(cal: Cal) -> str:
    """The TIMEX3 value, as TimeBank spells it."""
    unit, index = cal.unit, cal.index
    if unit == "year":
        return spell_year(index)
    if unit == "month":
        return f"{spell_year(index // 12)}-{index % 12 + 1:02d}"
    if unit == "day":
        y, m, d = civil(index)
        return f"{spell_year(y)}-{m:02d}-{d:02d}"
    if unit in ("week", "weekend"):
        y = year_of(cal)
        number = (index - (day_number(y, 1, 4) // 7)) + 1
        return f"{spell_year(y)}-W{number:02d}" + ("-WE" if unit == "weekend" else "")
    if unit == "season":
        return f"{spell_year(index // 4)}-{SEASONS[index % 4]}"
    if unit == "quarter":
        return f"{spell_year(index // 4)}-Q{index % 4 + 1}"
    if unit == "half":
        return f"{spell_year(index // 2)}-H{index % 2 + 1}"
    digits = {"decade": 3, "century": 2, "millennium": 1}[unit]
    return f"{index:0{digits}d}" if index >= 0 else f"BC{-1 - index:0{digits}d}"


def iso_week(number: int, week: int) -> Cal | None:
    """Week `week` of an ISO year, or None when it has no such week."""
    cal = Cal("week", day_number(number, 1, 4) // 7 + week - 1)
    return cal if week >= 1 and year_of(cal) == number else None


def easter(number: int) -> int:
    """Day number of Western Easter Sunday (the anonymous Gregorian computus)."""
    a, b, c = number % 19, number // 100, number % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month_, day_ = divmod(h + weekday - 7 * m + 114, 31)
    return day_number(number, month_, day_ + 1)


def orthodox_easter(number: int) -> int:
    """Day number of Orthodox Easter Sunday (Meeus' Julian computus, moved to the Gregorian calendar)."""
    d = (19 * (number % 19) + 15) % 30
    month_, day_ = divmod(d + (2 * (number % 4) + 4 * (number % 7) - d + 34) % 7 + 114, 31)
    return day_number(number, month_, day_ + 1) + number // 100 - number // 400 - 2


def nth_weekday(number: int, of_year: int, weekday: int, nth: int) -> int | None:
    """Day number of the nth weekday (1 Monday … 7 Sunday) of a month; -1 is the last; None when there is none."""
    if nth < 0:
        last = day_number(number, of_year, days_in_month(number, of_year))
        return last - (weekday_of(last) - weekday) % 7 + 7 * (nth + 1)
    first = day_number(number, of_year, 1)
    found = first + (weekday - weekday_of(first)) % 7 + 7 * (nth - 1)
    return found if found < first + days_in_month(number, of_year) else None


def spell_number(value: float) -> str:
    """A number as a duration has it: "2", "2.5"."""
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def duration(amount: float | str, unit: str, *, is_decimal: bool = False, decades: str = "") -> str:
    """`P3D`, `PT2H`, `PXY`; `amount` may be "X". Halves are spelled in the smaller unit where there is one: P2Y6M.

    `decades`: the letters of decades nobody counted, where a language's TIMEX3 has others ("PXDE").
    """
    letter = (decades if unit == "decade" else "") or UNIT_LETTERS[unit]
    time = "T" if letter[0] == "T" else ""
    letter = letter.lstrip("T")
    if isinstance(amount, str):
        return f"P{time}X{letter.lstrip('0123456789') or letter}"
    if letter[0].isdigit():  # units told as a multiple of a smaller one
        return f"P{spell_number(amount * int(letter[0]))}{letter[1:]}"
    whole, part = divmod(amount, 1)
    smaller = {"year": (12, "M"), "hour": (60, "M"), "minute": (60, "S")}.get(unit)
    if part and smaller and not is_decimal and (part * smaller[0]) % 1 == 0:
        head = f"{int(whole)}{letter}" if whole else ""
        return f"P{time}{head}{int(part * smaller[0])}{smaller[1]}"
    if unit == "month" and part == 0.5:
        return (f"P{int(whole)}M" if whole else "P") + "15D"
    if unit == "day" and part == 0.5 and not is_decimal:
        return (f"P{int(whole)}D" if whole else "P") + "T12H"
    if unit == "decade":
        return f"P{spell_number(amount * 10)}Y"
    if unit in ("century", "millennium"):
        return f"P{spell_number(amount * (100 if unit == 'century' else 1000))}Y"
    return f"P{time}{spell_number(amount)}{letter}"
