"""How a timeline is cut into pages: a year, its months when it is large, their days, and numbered parts of a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from timeline.rendering.addresses import year_of
from timeline.store import Bin
from timeline.temporal.bounds import DAY, add_months, day_number
from timeline.wording import MONTHS, say_year

MOST_EVENTS = 250  # a page; more and a phone takes seconds to lay it out
MOST_AT_ONCE = 20_000  # events whose data a browser gets at once; beyond, it asks for what it shows


@dataclass(frozen=True, slots=True)
class Period:
    """A unit of time with a page of its own."""

    key: str
    begin: int
    end: int
    count: int

    @property
    def is_leaf(self) -> bool:
        """Its events stand on its page (or on numbered ones, a day's)."""
        return self.count <= MOST_EVENTS or self.unit == "day"

    @property
    def unit(self) -> str:
        """ "year", "month" or "day"."""
        return ("year", "month", "day")[self.key[1:].count("-")]

    @property
    def parts(self) -> int:
        """Numbered pages of a day."""
        return max(1, -(-self.count // MOST_EVENTS))

    @property
    def name(self) -> str:
        """ "2025", "November 2025", "6 November 2025"."""
        year, *rest = numbers(self.key)
        words = [str(rest[1])] if len(rest) > 1 else []
        words += [MONTHS[rest[0] - 1]] if rest else []
        return " ".join([*words, say_year(year)])


def numbers(key: str) -> tuple[int, ...]:
    """Year, month and day of a key, as far as it has them."""
    year = year_of(key)
    rest = key[len(year) + 1 :]
    return (int(year), *(int(part) for part in rest.split("-") if part))


def period(key: str, count: int) -> Period:
    """The period of a key."""
    year, *rest = numbers(key)
    first = day_number(year, *rest)
    last = first + 1 if len(rest) > 1 else add_months(first, 1 if rest else 12)
    return Period(key, first * DAY, last * DAY, count)


def years(months: Sequence[Bin]) -> list[Period]:
    """The years of some months."""
    counts: dict[str, int] = {}
    for month in months:
        year = year_of(month.key)
        counts[year] = counts.get(year, 0) + month.count
    return [period(key, count) for key, count in counts.items()]


def months_of(year: str, months: Sequence[Bin]) -> list[Period]:
    """The months of a year that hold events."""
    return [period(month.key, month.count) for month in months if year_of(month.key) == year]


def leaves(months: Sequence[Bin]) -> Iterator[Period]:
    """Years that stand on one page, and the months of those that do not (their days are not looked at)."""
    for year in years(months):
        if year.is_leaf:
            yield year
        else:
            yield from months_of(year.key, months)
