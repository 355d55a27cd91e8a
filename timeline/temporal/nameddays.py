"""Named days: fixed, nth weekday, Easter-bound, of other calendars, and what `holidays` lists (its one door)."""

import importlib
from functools import lru_cache

from timeline.temporal import values
from timeline.temporal.reckonings import RECKONINGS
from timeline.temporal.values import Cal, day_number

# Day of the Chinese and Indian calendars → (country, words in that country's list, days to add).
_MOVING = {
    "lunar-new-year": ("CN", ("Chinese New Year", "Spring Festival"), 0),
    "mid-autumn": ("CN", ("Mid-Autumn",), 0),
    "dragon-boat": ("CN", ("Dragon Boat",), 0),
    "qingming": ("CN", ("Tomb-Sweeping", "Qingming"), 0),
    "diwali": ("SG", ("Diwali", "Deepavali"), 0),
    "buddhas-birthday": ("KR", ("Buddha's Birthday",), 0),
    "vernal-equinox": ("JP", ("Vernal Equinox",), 0),
    "autumnal-equinox": ("JP", ("Autumnal Equinox",), 0),
    "vesak": ("SG", ("Vesak",), 0),
}

# Days of the Persian, Islamic and Hebrew calendar: calendar-month-day, as packs may write it too.
_RECKONED = {
    "nowruz": "persian-1-1",
    "ramadan": "islamic-9-1",
    "eid-al-fitr": "islamic-10-1",
    "arafah": "islamic-12-9",
    "eid-al-adha": "islamic-12-10",
    "islamic-new-year": "islamic-1-1",
    "ashura": "islamic-1-10",
    "arbaeen": "islamic-2-20",
    "mawlid": "islamic-3-12",
    "rosh-hashanah": "hebrew-7-1",
    "yom-kippur": "hebrew-7-10",
    "sukkot": "hebrew-7-15",
    "hanukkah": "hebrew-9-25",
    "purim": "hebrew-14-14",
    "passover": "hebrew-1-15",
    "shavuot": "hebrew-3-6",
}


@lru_cache(4096)
def find(name: str, year: int) -> Cal | None:
    """The day (or unit) of a name in a year: "12-25", "11-4-4" (nth weekday), "06-5>19", "easter-2", "ramadan",
    "lunar-new-year/-1" (the day before)."""
    if name.startswith("easter"):
        offset = int(name.removeprefix("easter") or 0)
        return Cal("day", values.easter(year) + offset) if year > 300 else None
    if name.startswith("orthodox"):
        offset = int(name.removeprefix("orthodox") or 0)
        return Cal("day", values.orthodox_easter(year) + offset) if year > 300 else None
    if name.startswith("advent"):  # the first of the four Sundays before Christmas lies from 27 November on
        first = values.day(year, 11, 27)
        if first is None:
            return None
        weeks = int(name.removeprefix("advent")) - 1
        return Cal("day", first.index + (7 - values.weekday_of(first.index)) + 7 * weeks)
    if name.startswith("season-"):
        return values.season(year, name.removeprefix("season-"))
    if ">" in name:
        return _weekday_from(year, *map(int, name.replace(">", "-").split("-")))
    parts = name.split("/")
    fixed = parts[0].split("-")
    offset = int(parts[1]) if len(parts) > 1 else 0
    if len(fixed) == 2 and name[:2].isdecimal():
        return values.day(year, int(fixed[0]), int(fixed[1]))
    if name[:2].isdecimal() and len(fixed) >= 3:
        nth = -1 if fixed[2] == "last" else int(fixed[2])
        number = values.nth_weekday(year, int(fixed[0]), int(fixed[1]), nth)
        return None if number is None else Cal("day", number + offset)
    told = _RECKONED.get(parts[0], parts[0])
    found = _reckoned(told, year) if told.partition("-")[0] in RECKONINGS else _moving(told, year)
    return found.shift(offset) if found else None


def _weekday_from(year: int, month: int, weekday: int, day: int) -> Cal:
    """The first such weekday from a day of a month on: Midsummer's Eve is a Friday from 19 June."""
    first = day_number(year, month, day)
    return Cal("day", first + (weekday - values.weekday_of(first)) % 7)


def _reckoned(name: str, year: int) -> Cal | None:
    """The first day of that name ("islamic-12-18") in a Gregorian year; an Islamic one may come twice in it."""
    calendar, *parts = name.split("-")
    month, day = map(int, parts)
    reckoning = RECKONINGS[calendar]
    first = day_number(year, 1, 1)
    own = reckoning.year_with(first)
    days = (reckoning.day(of_year, month, day) for of_year in (own, own + 1))
    return next((Cal("day", number) for number in days if number is not None and number >= first), None)


def _moving(name: str, year: int) -> Cal | None:
    if name not in _MOVING or not 1900 <= year <= 2099:
        return None
    country, words, offset = _MOVING[name]
    package = importlib.import_module("holidays")  # 50 ms: not at start-up, and only texts that name such a day
    listed = package.country_holidays(country, years=year, language="en_US")
    for found, said in sorted(listed.items()):
        if any(word in said for word in words) and "Eve" not in said:
            return Cal("day", found.toordinal() - 1 + offset)
    return None
