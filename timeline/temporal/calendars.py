"""Meanings of calendar expressions: dates, weeks, seasons, quarters, decades, named days."""

from timeline.model import TimexType
from timeline.temporal import dateparsing, nameddays, values
from timeline.temporal.normalisation import Anchor, Context, Reading, Slots, day_at, month_at, year_at
from timeline.temporal.values import Cal, spell, within

_ERA_REACH = 120  # years
_NEAR_DAYS = 2  # months
_HALF_YEAR = 6
_SHORT = 400  # characters: a note, a command, a tweet; without a past verb it speaks of what is to come
PIVOT = 30  # two-digit years reach this far beyond the anchor: "'49" is 1949 in 2015, "'25" is 2025


def dated(cal: Cal, steps: tuple[str, ...] = (), anchor: Anchor | None = None) -> Reading:
    """A DATE of one calendar unit."""
    return Reading(TimexType.DATE, spell(cal), cal, steps=steps, anchor=anchor, unit=cal.unit)


def open_date(value: str, unit: str, step: str = "nothing says which") -> Reading:
    """A DATE whose leading parts are not known: XXXX-12-25."""
    return Reading(TimexType.DATE, value, steps=(step,), unit=unit)


def impossible(why: str) -> Reading:
    """A date that cannot be: shown as a mention without a value."""
    return Reading(TimexType.DATE, "", steps=(why,), is_impossible=True)


def full_year(two_digits: int, ctx: Context) -> int:
    """The year two digits stand for: the one nearest before `PIVOT` years after the document."""
    anchor = ctx.document()
    latest = (year_at(anchor) if anchor else 2000) + PIVOT
    return latest - (latest - two_digits) % 100


def year_slot(slots: Slots, ctx: Context) -> int | None:
    """The year said, of four digits or two, before Christ or after."""
    number = slots.integer("year")
    if number is None and (two := slots.integer("year2")) is not None:
        number = full_year(two, ctx)
    if number is None:
        number = slots.integer("spoken_year")
    if number is not None and slots.text("era") == "BC":
        return 1 - number
    return number


def year_of_era(slots: Slots, ctx: Context) -> Reading | None:
    """ "in 479", in a text that just spoke of 480 BC, or of 476: a year of one to three digits near the last one."""
    number, last = slots.integer("year"), ctx.mentioned("decade")
    if number is None or last is None:
        return None
    before = year_at(last)
    year = 1 - number if before <= 0 else number
    return (
        dated(values.year(year), ("a year of the time spoken of",), last) if abs(year - before) <= _ERA_REACH else None
    )


def date(slots: Slots, ctx: Context) -> Reading | None:
    """Year, month, day and weekday, any of them missing."""
    year, month, day = year_slot(slots, ctx), slots.integer("month"), slots.integer("day")
    if year is None and slots.integer("shift") is not None and (anchor := ctx.base()):
        year = year_at(anchor) + (slots.integer("shift") or 0)
    if month is None and day is None:
        if year is not None:
            return dated(values.year(year), ("the year as written",))
        return weekday(slots, ctx) if "weekday" in slots else None
    if month is not None and not 1 <= month <= 12:
        return impossible(f"there is no month {month}")
    if year is None:
        return _without_year(slots, ctx, month, day)
    if month is None:
        return None
    if day is None:
        return dated(values.month(year, month), ("the month as written",))
    return _full(slots, ctx, year, month, day)


def _full(slots: Slots, ctx: Context, year: int, month: int, day: int) -> Reading:
    cal = values.day(year, month, day)
    if cal is None:
        return impossible(f"there is no day {day} in month {month} of {year}")
    written = ctx.text[ctx.offset : ctx.tokens.end(ctx.stop - 1)]
    parsed = dateparsing.parse(written, ctx.pack.code) if slots.text("written") != "no" else None
    if parsed is not None and parsed == cal:
        return dated(parsed, ("the date as written, read by dateparser",))
    return dated(cal, ("the date as written",))


def _without_year(slots: Slots, ctx: Context, month: int | None, day: int | None) -> Reading | None:
    if month is None:
        return _day_of_month(slots, ctx, day or 0)
    if day is not None and not 1 <= day <= (29 if month == 2 else values.days_in_month(2001, month)):
        return impossible(f"there is no day {day} in month {month}")
    anchor = ctx.base()
    if anchor is None:
        tail = f"-{day:02d}" if day else ""
        return open_date(f"XXXX-{month:02d}{tail}", "day" if day else "month", "the year is not said")
    told = ctx.year_told(month, day) if day else None
    year = nearest_year(slots, ctx, anchor, month, day) if told is None else told
    if day is None:
        return dated(values.month(year, month), (f"that month {_told(slots, ctx)} the anchor",), anchor)
    for candidate in (year, year - 1, year + 1, year - 2, year - 3, year + 3):  # 29 February waits for its year
        cal = values.day(candidate, month, day)
        if cal:
            return dated(cal, (f"that day {_told(slots, ctx)} the anchor",), anchor)
    return impossible(f"there is no day {day} in month {month}")


def direction(slots: Slots, ctx: Context) -> int:
    """Where a bare day or month lies: -1 past, 1 future, 0 the nearest."""
    told = slots.integer("direction")
    if told is not None:
        return told
    tense = ctx.tense()
    if ctx.key(ctx.position - 1) in ctx.pack.tense.get("ahead", ()):  # "by August", "until Friday"
        return 0 if tense == "past" else 1
    if tense in ("past", "future"):
        return -1 if tense == "past" else 1
    if tense == "" and ctx.lean in ("", "future") and len(ctx.text) < _SHORT:
        return 1
    return 0


def is_untold(slots: Slots, ctx: Context) -> bool:
    """Whether nothing tells where a bare day lies, in a language whose texts then mean the document's own year."""
    return ctx.pack.defaults.get("untold") == "own" and not (
        ctx.tense() or ctx.lean or ctx.is_narrative or slots.integer("direction") is not None
    )


def _told(slots: Slots, ctx: Context) -> str:
    return {-1: "last before", 0: "nearest to", 1: "next after"}[direction(slots, ctx)]


def nearest_year(slots: Slots, ctx: Context, anchor: Anchor, month: int, day: int | None) -> int:
    """The year of a bare month or day: by the verb's tense, else the nearest; in narrative time goes on."""
    year, anchor_month, anchor_day = day_at(anchor)
    distance = month - anchor_month
    if ctx.is_narrative:
        return year + 1 if distance <= -10 and anchor.cal.unit not in ("year", "decade") else year
    if is_untold(slots, ctx):
        return year
    way = direction(slots, ctx)
    is_before = (month, day or 0) < (anchor_month, anchor_day if day else 0)
    if way > 0:
        is_just_past = distance >= -1 and ctx.lean == "past"
        return year + 1 if is_before and not is_just_past else year
    # A day of the coming weeks is meant even beside a past verb: "has set Nov. 10 as the deadline".
    farthest = (_NEAR_DAYS if way < 0 else _HALF_YEAR) if day else (0 if way < 0 else _HALF_YEAR)
    if distance > farthest:
        return year - 1
    return year + 1 if distance < -6 + (way < 0) * -6 else year


def _day_of_month(slots: Slots, ctx: Context, day: int) -> Reading | None:
    """ "the 14th": in the month of the anchor or the one before or after it."""
    if not 1 <= day <= 31:
        return None
    anchor = ctx.mentioned("month") if slots.text("ref") == "mention" else None
    anchor = anchor or ctx.base("month")
    if anchor is None:
        return open_date(f"XXXX-XX-{day:02d}", "day", "the month is not said")
    index = within(anchor.cal, "month").index
    is_open = anchor.cal.unit == "day" and anchor.span is None and not is_untold(slots, ctx)
    way = direction(slots, ctx) if is_open else 0
    _, _, today = day_at(anchor)
    index += (way < 0 and day > today) * -1 + (way > 0 and day < today)
    for candidate in (index, index + (1 if way > 0 else -1)):
        cal = values.day(candidate // 12, candidate % 12 + 1, day)
        if cal:
            return dated(cal, (f"that day {_told(slots, ctx)} the anchor",), anchor)
    return impossible(f"there is no day {day} in that month")


def weekday(slots: Slots, ctx: Context) -> Reading | None:
    """A bare weekday: the anchor's own day, else by tense the last or the next one."""
    number = slots.integer("weekday")
    if number is None:
        return None
    anchor = ctx.base("day")
    if anchor is None:
        return open_date(f"XXXX-WXX-{number}", "day", "the week is not said")
    today = within(anchor.cal, "day").index
    ahead = (number - values.weekday_of(today)) % 7
    way = slots.integer("direction")
    if way is None:
        tense = ctx.tense()
        is_ahead = ctx.key(ctx.position - 1) in ctx.pack.tense.get("ahead", ())
        is_until = ctx.key(ctx.position - 1) in ctx.pack.tense.get("until", ())
        is_coming = is_until or tense == "future" or (tense != "past" and (is_ahead or ctx.lean in ("future", "")))
        way = 1 if is_coming else -1
    if ctx.is_narrative and anchor.span:
        way = 1
    if ahead == 0:
        return dated(Cal("day", today), ("that weekday is the anchor's own",), anchor)
    cal = Cal("day", today + (ahead if way > 0 else ahead - 7))
    return dated(
        cal, ("the next such day after the anchor" if way > 0 else "the last such day before the anchor",), anchor
    )


def numeric_date(slots: Slots, ctx: Context) -> Reading | None:
    """3/4/2025: the order is the document's, a setting's, the language's; flagged when nothing decides."""
    first, second = slots.integer("a"), slots.integer("b")
    if first is None or second is None:
        return None
    order, is_sure = ctx.date_order
    day, month = (first, second) if order == "DMY" else (second, first)
    if month > 12 >= day:
        day, month = month, day
    year = year_slot(slots, ctx)
    is_doubtful = not is_sure and first <= 12 and second <= 12 and first != second
    if year is None:
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        reading = date(Slots({"month": month, "day": day, "written": "no"}), ctx)
    elif not 1 <= month <= 12 or (cal := values.day(year, month, day)) is None:
        return impossible(f"there is no day {day} in month {month} of {year}")
    else:
        reading = dated(cal, (f"the numbers in the order {order}",))
    if reading:
        reading.is_ambiguous = is_doubtful
    return reading


def compact_date(slots: Slots, ctx: Context) -> Reading | None:  # noqa: ARG001 - meanings share one signature
    """20251106."""
    digits = slots.text("digits")
    if len(digits) != 8:
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    cal = values.day(year, month, day) if 1900 <= year <= 2100 else None
    return dated(cal, ("the date as written",)) if cal else None


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
    year, shift = year_slot(slots, ctx), slots.integer("shift")
    anchor = None
    if year is None:
        anchor = ctx.base()
        if anchor is None:
            return open_date(f"XXXX-{name}" if name[:2].isdecimal() and len(name) == 5 else "XXXX-XX-XX", "day")
        year = year_at(anchor)
        today = within(anchor.cal, "day").index
        here = nameddays.find(name, year)
        if here is None:
            return None
        way = shift if shift is not None else direction(slots, ctx)
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
