"""Seconds since 0001-01-01 to calendar keys and back, for any year: Python's datetime holds no year before 1."""

from functools import lru_cache

DAY = 86_400
# Days from 0001-01-01 to 0000-03-01, where the arithmetic of eras begins (H. Hinnant, "chrono-compatible low-level
# date algorithms"): 400 years are one era of 146,097 days.
_TO_MARCH = 306
_ERA = 146_097


def civil(days: int) -> tuple[int, int, int]:
    """Year, month, day of a day counted from 0001-01-01 (proleptic Gregorian, year 0 = 1 BC)."""
    era, of_era = divmod(days + _TO_MARCH, _ERA)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, day


def days_of(year: int, month: int = 1, day: int = 1) -> int:
    """Days from 0001-01-01 to a date."""
    era, of_era = divmod(year - (month <= 2), 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * _ERA + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _TO_MARCH


def key_of(seconds: int, unit: str) -> str:
    """The key of the year, month or day an instant lies in: "2025", "2025-11", "2025-11-06", "-0043-03"."""
    return _spelled(seconds // DAY, unit)


@lru_cache(maxsize=8192)
def _spelled(days: int, unit: str) -> str:
    year, month, day = civil(days)
    spelled = f"{'-' if year < 0 else ''}{abs(year):04d}"
    return {"year": spelled, "month": f"{spelled}-{month:02d}", "day": f"{spelled}-{month:02d}-{day:02d}"}[unit]


def begin_of(key: str) -> int:
    """Where the unit of a key begins, in seconds since 0001-01-01."""
    sign = -1 if key.startswith("-") else 1
    numbers = [int(part) for part in key.lstrip("-").split("-")]
    return days_of(sign * numbers[0], *numbers[1:]) * DAY
