"""The meaning of dates written in another calendar: their Gregorian day; for months and years the nearest unit."""

from timeline.temporal import values
from timeline.temporal.calendars import dated, direction, impossible, open_date
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots
from timeline.temporal.reckonings import RECKONINGS, Reckoning
from timeline.temporal.values import Cal, containing, within

_DIGITS = 100  # a decade below is told by its last two digits
_PIVOT = 10  # two-digit years reach this far beyond the anchor


def converted_date(slots: Slots, ctx: Context) -> Reading | None:
    """22 Bahman 1403, 15 Ramadan 1445: year, month and day of the `calendar`, any of them missing; its `decade`."""
    reckoning = RECKONINGS[slots.text("calendar")]
    month, day = slots.integer("month"), slots.integer("day")
    year, anchor = _year(slots, ctx, reckoning)
    if (months := slots.integer("months")) is not None:
        if (anchor := ctx.base("month")) is None:
            return open_date("XXXX-XX", "month", "its anchor is not known")
        year, month = reckoning.month_away(within(anchor.cal, "day").index, months)
    said = slots.integer("decade") if year is None else year
    if said is not None and not (slots.integer("from_year") or 0) <= said <= (slots.integer("to_year") or said):
        return None  # a year of our own calendar, for another rule
    if (decade := slots.integer("decade")) is not None:
        first = decade if decade >= _DIGITS else _century(ctx, reckoning, decade)
        begin, end = reckoning.year(first), reckoning.year(first + 9)
        return _long(reckoning, "decade", (begin[0], end[1]), None) if begin and end and first % 10 == 0 else None
    if month is None:
        return _long(reckoning, "year", reckoning.year(year), anchor) if year is not None else None
    if year is None:
        if (base := ctx.base("month")) is None:
            return open_date("XXXX-XX-XX" if day else "XXXX-XX", "day" if day else "month", "the year is not said")
        year, anchor = _nearest(slots, ctx, reckoning, month, day, base), base
    if day is None:
        return _long(reckoning, "month", reckoning.month(year, month), anchor)
    number = reckoning.day(year, month, day)
    step = f"day {day} of month {month} of {year} in the {reckoning.name} calendar"
    if number is None:
        return impossible(f"there is no {step}")
    return dated(Cal("day", number), (step, *([reckoning.doubt] if reckoning.doubt else [])), anchor)


def _year(slots: Slots, ctx: Context, reckoning: Reckoning) -> tuple[int | None, Anchor | None]:
    """The year said, of four digits or two, or counted from the anchor's; and that anchor."""
    if (year := slots.integer("year")) is not None:
        return year, None
    if (two := slots.integer("year2")) is not None:
        return _century(ctx, reckoning, two, _PIVOT), None
    years = slots.integer("years")
    anchor = ctx.base() if years is not None else None
    return (_own_year(anchor, reckoning) + (years or 0), anchor) if anchor else (None, None)


def _century(ctx: Context, reckoning: Reckoning, two: int, reach: int = 0) -> int:
    """The year of two digits that is the last up to `reach` years after the document's: '57 is 1357."""
    latest = _own_year(ctx.document(), reckoning) + reach
    return latest - (latest - two) % 100


def _own_year(anchor: Anchor | None, reckoning: Reckoning) -> int:
    day = within(anchor.cal, "day").index if anchor else values.day_number(2000, 1, 1)
    return reckoning.year_with(day)


def _nearest(slots: Slots, ctx: Context, reckoning: Reckoning, month: int, day: int | None, anchor: Anchor) -> int:
    """The year of a bare month or day: by `shift`, else by the verb's tense, else the nearest to the anchor."""
    own = _own_year(anchor, reckoning)
    if ctx.is_narrative and anchor.span:
        return own
    here = within(anchor.cal, "day").index
    starts = {year: start for year in (own - 1, own, own + 1) if (start := reckoning.day(year, month, day or 1))}
    if day and (said := slots.integer("weekday")):
        starts = {year: start for year, start in starts.items() if values.weekday_of(start) == said} or starts
    length = 1 if day else reckoning.longest
    shift = slots.integer("shift")
    way = direction(slots, ctx) if shift is None else shift
    if way == 0:
        return min(starts, key=lambda year: abs(starts[year] + length // 2 - here), default=own)
    # "last Bahman" has ended and "next Bahman" not begun; a bare one may be the month we are in.
    if way < 0:
        return max((year for year in starts if starts[year] + (length if shift else 0) <= here), default=own)
    return min((year for year in starts if starts[year] + (0 if shift else length) > here), default=own)


def _long(reckoning: Reckoning, unit: str, days: tuple[int, int] | None, anchor: Anchor | None) -> Reading | None:
    """A month, year or decade of another calendar: valued as the Gregorian one most of it lies in, with its days."""
    if days is None:
        return None
    first, last = days[0], days[1] - 1
    cal = containing(unit, (first + last) // 2)
    begin, end = values.spell(Cal("day", first)), values.spell(Cal("day", last))
    said = f"that {unit} of the {reckoning.name} calendar is {begin} to {end}, mostly {values.spell(cal)}"
    reading = dated(cal, (said,), anchor)
    reading.stretch = f"{begin}/{end}"
    return reading
