"""Named days: fixed, nth weekday, Easter-bound, and the moving ones through the `holidays` package (its one door)."""

import importlib
from functools import lru_cache

from timeline.temporal import values
from timeline.temporal.values import Cal

# Day of a calendar other than the Gregorian → (country, words in that country's list, days to add).
_MOVING = {
    "lunar-new-year": ("CN", ("Chinese New Year", "Spring Festival"), 0),
    "mid-autumn": ("CN", ("Mid-Autumn",), 0),
    "dragon-boat": ("CN", ("Dragon Boat",), 0),
    "qingming": ("CN", ("Tomb-Sweeping", "Qingming"), 0),
    "diwali": ("SG", ("Deepavali",), 0),
    "eid-al-fitr": ("AE", ("Eid al-Fitr",), 0),
    "eid-al-adha": ("AE", ("Eid al-Adha",), 0),
    "ramadan": ("MV", ("First Day of Ramadan",), 0),
    "ashura": ("IR", ("Ashura",), 0),
    "mawlid": ("AE", ("Prophet's Birthday", "Birthday of the Prophet", "Prophet Muhammad's Birthday"), 0),
    "islamic-new-year": ("AE", ("Islamic New Year", "Hijri New Year"), 0),
    "nowruz": ("IR", ("Nowruz",), 0),
    "rosh-hashanah": ("IL", ("Rosh Hashanah",), 0),
    "yom-kippur": ("IL", ("Yom Kippur",), 0),
    "sukkot": ("IL", ("Sukkot",), 0),
    "passover": ("IL", ("Pesach", "Passover"), 0),
    "purim": ("IL", ("Pesach", "Passover"), -30),
    "shavuot": ("IL", ("Shavuot",), 0),
    "hanukkah": ("IL", ("Yom Kippur",), 76),
    "vesak": ("SG", ("Vesak",), 0),
}


@lru_cache(4096)
def find(name: str, year: int) -> Cal | None:
    """The day (or unit) of a name in a year: "12-25", "11-4-4" (nth weekday), "easter-2", "orthodox0", "ramadan"."""
    if name.startswith("easter"):
        offset = int(name.removeprefix("easter") or 0)
        return Cal("day", values.easter(year) + offset) if year > 300 else None
    if name.startswith("orthodox"):
        offset = int(name.removeprefix("orthodox") or 0)
        return Cal("day", values.orthodox_easter(year) + offset) if year > 300 else None
    if name.startswith("season-"):
        return values.season(year, name.removeprefix("season-"))
    parts = name.split("/")
    fixed = parts[0].split("-")
    offset = int(parts[1]) if len(parts) > 1 else 0
    if len(fixed) == 2 and name[:2].isdecimal():
        return values.day(year, int(fixed[0]), int(fixed[1]))
    if name[:2].isdecimal() and len(fixed) >= 3:
        nth = -1 if fixed[2] == "last" else int(fixed[2])
        number = values.nth_weekday(year, int(fixed[0]), int(fixed[1]), nth)
        return None if number is None else Cal("day", number + offset)
    return _moving(name, year)


def _moving(name: str, year: int) -> Cal | None:
    if name not in _MOVING or not 1900 <= year <= 2099:
        return None
    country, words, offset = _MOVING[name]
    package = importlib.import_module("holidays")  # 50 ms: not at start-up, and only texts that name such a day
    listed = package.country_holidays(country, years=year, language="en_US")
    for found, said in sorted(listed.items()):
        if any(word in said for word in words):
            return Cal("day", found.toordinal() - 1 + offset)
    return None
