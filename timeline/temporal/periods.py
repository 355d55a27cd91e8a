"""Meanings of longer and of named stretches: weeks, seasons, quarters, decades, centuries, holidays, nth weekdays."""

from timeline.temporal import nameddays, values
from timeline.temporal.calendars import date, dated, direction, open_date, year_slot
from timeline.temporal.normalisation import Anchor, Context, Reading, Slots, month_at, year_at
from timeline.temporal.values import Cal, within


def iso_week(slots: Slots, ctx: Context) -> Reading | None:
    """Week 45 of 2025."""
    number, year = slots.integer("week"), year_slot(slots, ctx)
    anchor = None
    if year is None:
        anchor = ctx.base()
        if anchor is None:
            return None
        year = year_at(anchor)
    cal = values.iso_week(year, number) if number is not None else None
    return dated(cal, ("the week as written",), anchor) if cal else None


def decade(slots: Slots, ctx: Context) -> Reading | None:
    """ "the 1990s", "the nineties" (of the century that makes it past), "the 1900s" when a century is meant."""
    number = slots.integer("year")
    if number is None:
        two = slots.integer("decade")
        if two is None or two % 10:
            return None
        of_century = slots.integer("century")
        anchor = ctx.document() or ctx.base()
        latest = year_at(anchor) if anchor else 2005
        number = latest - (latest - two) % 100 if of_century is None else of_century * 100 - 100 + two
    if slots.text("era") == "BC":
        return dated(Cal("decade", -(number // 10) - 1), ("the decade as written",))
    if number % 10:
        return None
    return dated(Cal("decade", number // 10), ("the decade as written",))


def century(slots: Slots, ctx: Context) -> Reading | None:
    """ "the 19th century", "this century"."""
    shift = slots.integer("shift")
    if shift is not None:
        anchor = ctx.base()
        return (
            dated(within(anchor.cal, "century").shift(shift), ("the century of the anchor",), anchor)
            if anchor
            else None
        )
    number, first = slots.integer("number"), slots.integer("year")
    if number is None and first is not None and first % 100 == 0:
        number = first // 100 + 1  # "1800-talet"
    if number is None or not 1 <= number <= 40:
        return None
    index = -number if slots.text("era") == "BC" else number - 1
    return dated(Cal("century", index), ("the century as written",))


def season(slots: Slots, ctx: Context) -> Reading | None:
    """A season, of a year said or near the anchor."""
    name = slots.text("season")
    year, shift = year_slot(slots, ctx), slots.integer("shift")
    if year is not None:
        return dated(values.season(year, name), ("the season of that year",))
    anchor = ctx.base()
    if anchor is None:
        return open_date(f"XXXX-{name}", "season", "the year is not said")
    own = within(anchor.cal, "season")
    wanted = values.SEASON_NUMBERS[name]
    if anchor.cal.unit in ("year", "decade", "century"):
        return dated(values.season(year_at(anchor), name), ("the season of that year",), anchor)
    if shift is None:
        ahead = (wanted - own.index % 4) % 4
        way = direction(slots, ctx)
        step = 0 if not ahead else ahead if way > 0 or ctx.is_narrative else ahead - 4
    elif shift == 0:
        step = wanted - own.index % 4
        if own.index % 4 == 3 and month_at(anchor)[1] < 3:  # in January "this summer" is the coming one
            step = (wanted + 1) % 4
        elif step < 0 and direction(slots, ctx) > 0:
            step += 4
    else:
        ahead = (wanted - own.index % 4) % 4
        step = (ahead or 4) if shift > 0 else ahead - 4
    return dated(own.shift(step), ("that season counted from the anchor",), anchor)


def quarter(slots: Slots, ctx: Context) -> Reading | None:
    """Quarters and halves of calendar and fiscal years: "the third quarter", "Q3 2024", "the first half"."""
    unit = slots.text("unit", "quarter")
    count = {"quarter": 4, "half": 2}[unit]
    number = slots.integer("number")
    if number is None and year_slot(slots, ctx) is not None:  # "the 1988 quarter": the one spoken of
        last = ctx.latest(unit)
        number = last.cal.index % count + 1 if last else None
    if number is None or not (1 <= number <= count or number == -1):
        return None
    number = count if number == -1 else number
    year, shift = year_slot(slots, ctx), slots.integer("shift")
    anchor = None
    if year is None:
        anchor = ctx.base("year")
        if anchor is None:
            return open_date(f"XXXX-{unit[0].upper()}{number}", unit, "the year is not said")
        year = year_at(anchor) + (shift or 0)
        if shift is None and anchor.span is None:
            year = _quarter_year(slots, ctx, anchor, unit, number)
    return dated(Cal(unit, year * count + number - 1), (f"the {unit} of that year",), anchor)


def _quarter_year(slots: Slots, ctx: Context, anchor: Anchor, unit: str, number: int) -> int:
    year = year_at(anchor)
    own = within(anchor.cal, unit).index
    count = {"quarter": 4, "half": 2}[unit]
    if year * count + number - 1 > own and direction(slots, ctx) < 0:
        return year - 1
    return year


def named_day(slots: Slots, ctx: Context) -> Reading | None:
    """Christmas, Thanksgiving, Ramadan: of a year said, or near the anchor."""
    name = slots.text("holiday")
    year, shift, years = year_slot(slots, ctx), slots.integer("shift"), slots.integer("years")
    anchor = None
    if year is None:
        anchor = ctx.base()
        if anchor is None:
            return open_date(f"XXXX-{name}" if name[:2].isdecimal() and len(name) == 5 else "XXXX-XX-XX", "day")
        year = year_at(anchor) + (years or 0)
        today = within(anchor.cal, "day").index
        here = nameddays.find(name, year)
        if here is None:
            return None
        way = 0 if years is not None else shift if shift is not None else direction(slots, ctx)
        if way > 0 and here.index < today:
            year += 1
        elif way < 0 and here.index > today and anchor.span is None:
            year -= 1
    found = nameddays.find(name, year)
    if found is None:
        return None
    unit = slots.text("unit", found.unit)
    return dated(within(found, unit), ("the day of that name",), anchor)


def nth_weekday(slots: Slots, ctx: Context) -> Reading | None:
    """ "the first Monday in May", "the last Friday of the month"."""
    nth, number = slots.integer("nth"), slots.integer("weekday")
    if nth is None or number is None:
        return None
    inner = date(slots.under("of_"), ctx) if any(name in slots for name in ("of_month", "of_year")) else None
    anchor = inner.anchor if inner else ctx.base()
    cal = inner.cal if inner else within(anchor.cal, "month") if anchor else None
    if cal is None or cal.unit != "month":
        return None
    found = values.nth_weekday(cal.index // 12, cal.index % 12 + 1, number, nth)
    return dated(Cal("day", found), ("that weekday of the month",), anchor) if found is not None else None


def nth_unit(slots: Slots, ctx: Context) -> Reading | None:
    """ "the first week of October", "the last day of the year": the nth unit within another."""
    nth, unit = slots.integer("nth"), slots.text("unit")
    inner = date(slots.under("of_"), ctx) if "of_month" in slots or "of_year" in slots else None
    anchor = inner.anchor if inner else ctx.base()
    whole = inner.cal if inner else within(anchor.cal, slots.text("of_unit", "month")) if anchor else None
    if nth is None or whole is None or whole.unit == unit:
        return None
    first, last = values.first_day(whole), values.first_day(whole.shift(1)) - 1
    cal = within(Cal("day", last if nth < 0 else first), unit).shift(nth + 1 if nth < 0 else nth - 1)
    if not first - 6 <= values.first_day(cal) <= last:
        return None
    return dated(cal, (f"counted within that {whole.unit}",), anchor)


def week_of(slots: Slots, ctx: Context) -> Reading | None:
    """ "the week of 5 May"; unit may be weekend."""
    inner = date(slots, ctx) if "holiday" not in slots else named_day(slots, ctx)
    if inner is None or inner.cal is None or inner.cal.unit != "day":
        return inner
    unit = slots.text("unit", "week")
    return dated(within(inner.cal, unit), (*inner.steps, f"the {unit} that day lies in"), inner.anchor)
