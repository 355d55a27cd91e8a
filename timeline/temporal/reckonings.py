"""Other calendars: days of the Persian, Islamic (Umm al-Qura) and Hebrew year as day numbers, through libraries.

The one door to `persiantools`, `hijridate` and `pyluach`; each is imported when a text first needs it.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol, cast

from timeline.temporal.bounds import day_number

_UMM_AL_QURA = range(1343, 1501)  # years for which the calendar was published
_ISLAMIC_EPOCH = day_number(622, 7, 19)  # 16 July of the Julian calendar
ADAR = 14  # the month "Adar" when it is not said which of a leap year's two: the last, in which Purim lies


class _Dated(Protocol):
    def to_gregorian(self) -> date: ...

    def to_pydate(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A calendar: `first` tells the day number a month of a year begins with, `order` the months of a year."""

    name: str  # as the explanation says it
    first: Callable[[int, int], int]
    order: Callable[[int], range | list[int]]
    longest: int  # days of its longest month
    years: range
    epoch: int  # day number near which year 1 begins
    mean: float  # days of a year
    has_adar: bool = False
    doubt: str = ""  # what is not sure of a day, in the explanation's words

    def month(self, year: int, month: int) -> tuple[int, int] | None:
        """First day of a month and of the next one; None when there is no such month."""
        if year not in self.years:
            return None
        months = list(self.order(year))
        if month == ADAR and self.has_adar:
            month = months[-7]
        if month not in months:
            return None
        at = months.index(month) + 1
        following = (year, months[at]) if at < len(months) else (year + 1, next(iter(self.order(year + 1))))
        return self.first(year, month), self.first(*following)

    def year(self, year: int) -> tuple[int, int] | None:
        """First day of a year and of the next one; None when it is out of reach."""
        if year not in self.years:
            return None
        return self.first(year, next(iter(self.order(year)))), self.first(year + 1, next(iter(self.order(year + 1))))

    def day(self, year: int, month: int, day: int) -> int | None:
        """The day number of a date; None when there is no such day."""
        bounds = self.month(year, month)
        if bounds is None or not 1 <= day <= self.longest:
            return None
        # A month of 29 days in the tables may have had 30 where the moon was seen a day late.
        return bounds[0] + day - 1 if bounds[0] + day - 1 < bounds[1] or self.doubt else None

    def year_with(self, number: int) -> int:
        """The year in which a day lies."""
        year = min(max(int((number - self.epoch) / self.mean) + 1, self.years[0]), self.years[-1])
        while year > self.years[0] and self.first(year, next(iter(self.order(year)))) > number:
            year -= 1
        while year < self.years[-1] and self.first(year + 1, next(iter(self.order(year + 1)))) <= number:
            year += 1
        return year

    def month_away(self, number: int, count: int) -> tuple[int, int]:
        """Year and month of the month that many after the one in which a day lies."""
        year = self.year_with(number)
        months = list(self.order(year))
        at = sum(self.first(year, month) <= number for month in months) - 1 + count
        while at < 0:
            year -= 1
            months = list(self.order(year))
            at += len(months)
        while at >= len(months):
            at -= len(months)
            year += 1
            months = list(self.order(year))
        return year, months[at]


def _made(package: str, kind: str, *parts: int) -> _Dated:
    return cast("_Dated", getattr(importlib.import_module(package), kind)(*parts))


@cache
def _persian(year: int, month: int) -> int:
    return _made("persiantools.jdatetime", "JalaliDate", year, month, 1).to_gregorian().toordinal() - 1


@cache
def _islamic(year: int, month: int) -> int:
    if year in _UMM_AL_QURA:
        return _made("hijridate", "Hijri", year, month, 1).to_gregorian().toordinal() - 1
    return _ISLAMIC_EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2


@cache
def _hebrew(year: int, month: int) -> int:
    return _made("pyluach.dates", "HebrewDate", year, month, 1).to_pydate().toordinal() - 1


def _twelve(year: int) -> range:  # noqa: ARG001 - reckonings share one signature
    return range(1, 13)


def _from_tishrei(year: int) -> list[int]:
    is_leap = (7 * year + 1) % 19 < 7
    return [*range(7, 13 + is_leap), *range(1, 7)]


RECKONINGS = {
    "persian": Reckoning("Persian", _persian, _twelve, 31, range(1, 3000), day_number(622, 3, 22), 365.2422),
    "islamic": Reckoning(
        "Islamic",
        _islamic,
        _twelve,
        30,
        range(1, 2000),
        _ISLAMIC_EPOCH,
        354.367,
        doubt="where the moon is sighted it may be a day earlier or later",
    ),
    "hebrew": Reckoning(
        "Hebrew", _hebrew, _from_tishrei, 30, range(3800, 6000), day_number(-3760, 9, 7), 365.2468, has_adar=True
    ),
}
