"""Meanings of longer and of named stretches: weeks, seasons, quarters, decades, centuries, holidays, nth weekdays."""

from timeline.temporal import nameddays, values
from timeline.temporal.calendars import date, dated, direction, open_date, year_slot
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots, year_at
from timeline.temporal.values import Cal, within

_ROUND = 20  # up to here a decade's name still means that of the last century
_COUNTED = frozenset({"decade", "year", "half", "season", "quarter", "month", "week", "weekend", "day"})

_OVER = 60  # days after which a story that goes on means the feast of the next year


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
    day = slots.integer("weekday")
    if cal and day is not None:
        return dated(Cal("day", values.first_day(cal) + day - 1), ("the day as written",)) if 1 <= day <= 7 else None
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
        if of_century is None and anchor and two <= _ROUND and number + 10 > year_at(anchor):
            number -= 100  # "the twenties", said in 2024: those that are over
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
    if slots.text("unit") == "millennium":
        return _millennium(slots)
    number, first = slots.integer("number"), slots.integer("year")
    if number is None and first is not None and first % 100 == 0:
        number = first // 100 + 1  # "1800-talet"
    if number is None or not 1 <= number <= 40:
        return None
    index = -number if slots.text("era") == "BC" else number - 1
    return dated(Cal("century", index), ("the century as written",))


def _millennium(slots: Slots) -> Reading | None:
    """ "the third millennium BC"."""
    number = slots.integer("number")
    if number is None or not 1 <= number <= 9:
        return None
    return dated(
        Cal("millennium", -number if slots.text("era") == "BC" else number - 1), ("the millennium as written",)
    )


def quarter(slots: Slots, ctx: Context) -> Reading | None:
    """Quarters and halves of calendar and fiscal years: "the third quarter", "Q3 2024", "the first half"."""
    unit = slots.text("unit", "quarter")
    count = {"quarter": 4, "half": 2}[unit]
    number = slots.integer("number")
    if number is None and (year := year_slot(slots, ctx)) is not None:  # "the 1988 quarter": the one spoken of
        last = ctx.latest(unit)
        if last is None:
            return open_date(f"{values.spell_year(year)}-QX", unit, "which quarter is not said")
        number = last.cal.index % count + 1
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
    is_open = anchor is not None and shift is None
    return dated(Cal(unit, year * count + number - 1), (f"the {unit} of that year",), anchor, lacks_year=is_open)


def _quarter_year(slots: Slots, ctx: Context, anchor: Anchor, unit: str, number: int) -> int:
    year = year_at(anchor)
    own = within(anchor.cal, unit).index
    count = {"quarter": 4, "half": 2}[unit]
    if year * count + number - 1 > own and direction(slots, ctx) < 0:
        return year - 1
    return year


def named_day(slots: Slots, ctx: Context) -> Reading | None:
    """Christmas, Thanksgiving, Ramadan: of a year said, or near the anchor; or the `unit` that day lies in."""
    reading = _named_day(slots, ctx)
    if reading is None or reading.cal is None or "unit" not in slots:
        return reading
    return dated(within(reading.cal, slots.text("unit")), reading.steps, reading.anchor)


def _named_day(slots: Slots, ctx: Context) -> Reading | None:
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
        if ctx.is_narrative and anchor.cal.unit in ("month", "day") and shift is None and not ctx.is_pluperfect():
            way = 1 if today - here.index > _OVER else 0
        if way > 0 and here.index < today:
            year += 1
        elif way < 0 and here.index > today and anchor.span is None:
            year -= 1
    found = nameddays.find(name, year)
    if found is None:
        return None
    return dated(found, ("the day of that name",), anchor)


def nth_weekday(slots: Slots, ctx: Context) -> Reading | None:
    """ "the first Monday in May", "the last Friday of the month"."""
    nth, number = slots.integer("nth"), slots.integer("weekday")
    if nth is None or number is None:
        return None
    whole, anchor = _whole(slots, ctx)
    if whole is None or whole.unit not in ("month", "year"):
        return None
    month = within(whole, "month") if nth > 0 else within(whole.shift(1), "month").shift(-1)
    found = values.nth_weekday(month.index // 12, month.index % 12 + 1, number, nth)
    return dated(Cal("day", found), ("that weekday of the month",), anchor) if found is not None else None


def _whole(slots: Slots, ctx: Context) -> tuple[Cal | None, Anchor | None]:
    """The month or year something is the nth of: said, or that of the anchor, or `of_shift` away from it."""
    if "of_month" in slots or "of_year" in slots:
        inner = date(slots.under("of_"), ctx)
        return (inner.cal, inner.anchor) if inner else (None, None)
    anchor = ctx.base()
    if anchor is None:
        return None, None
    return within(anchor.cal, slots.text("of_unit", "month")).shift(slots.integer("of_shift") or 0), anchor


def nth_unit(slots: Slots, ctx: Context) -> Reading | None:
    """ "the first week of October", "the last day of the year": the nth unit within another."""
    nth, unit = slots.integer("nth"), slots.text("unit")
    whole, anchor = _whole(slots, ctx)
    if nth is None or whole is None or whole.unit == unit or unit not in _COUNTED:
        return None
    if unit == "week" and whole.unit == "year":  # the weeks of a year are numbered by ISO 8601
        closing = within(Cal("day", values.first_day(whole.shift(1)) - 4), "week")  # 28 December lies in it
        week = closing.shift(nth + 1) if nth < 0 else values.iso_week(whole.index, nth)
        return dated(week, ("the weeks of that year counted",), anchor) if week else None
    first, last = values.first_day(whole), values.first_day(whole.shift(1)) - 1
    edge = within(Cal("day", last if nth < 0 else first), unit)
    if unit == "weekend" and not first <= values.first_day(edge) <= last:  # the weekend whose Saturday lies in it
        edge = edge.shift(-1 if nth < 0 else 1)
    cal = edge.shift(nth + 1 if nth < 0 else nth - 1)
    if not first - 6 <= values.first_day(cal) <= last:
        return None
    return dated(cal, (f"counted within that {whole.unit}",), anchor)


def week_of(slots: Slots, ctx: Context) -> Reading | None:
    """ "the week of 5 May"; unit may be weekend."""
    inner = date(slots, ctx) if "holiday" not in slots else _named_day(slots, ctx)
    if inner is None or inner.cal is None or inner.cal.unit != "day":
        return inner
    unit = slots.text("unit", "week")
    cal = within(inner.cal, unit)
    if unit == "weekend" and slots.integer("weeks") is None and values.weekday_of(inner.cal.index) == 1:
        cal = cal.shift(-1)  # the weekend of a Monday's feast is the one before it
    cal = cal.shift(slots.integer("weeks") or 0)
    return dated(cal, (*inner.steps, f"the {unit} told by that day"), inner.anchor)


def weekday_beside(slots: Slots, ctx: Context) -> Reading | None:
    """ "the Friday before Christmas": the weekday before or after a named day."""
    inner, number = named_day(slots.under("from_"), ctx), slots.integer("weekday")
    if inner is None or inner.cal is None or inner.cal.unit != "day" or number is None:
        return inner
    ahead = (number - values.weekday_of(inner.cal.index)) % 7
    step = (ahead or 7) if slots.integer("direction") == 1 else ahead - 7
    return dated(inner.cal.shift(step), (*inner.steps, "that weekday beside it"), inner.anchor)
