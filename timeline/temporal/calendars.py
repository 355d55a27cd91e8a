"""Meanings of calendar dates: year, month, day and weekday, any of them missing, in words or numbers."""

from timeline.model import TimexType
from timeline.temporal import dateparsing, values
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots, day_at, year_at
from timeline.temporal.values import Cal, spell, within

_ERA_REACH = 120  # years
_NEAR_DAYS = 2  # months
_HALF_YEAR = 6
_BESIDE = 12  # characters between a day told with its month and one that goes on from it: "1 May to 3"
_TURN = -10  # months back from which a story has rather gone on into the next year
_WINTER = 12  # the month it begins in
_SHORT = 400  # characters: a note, a command, a tweet; without a past verb it speaks of what is to come
PIVOT = 30  # two-digit years reach this far beyond the anchor: "'49" is 1949 in 2015, "'25" is 2025


def dated(cal: Cal, steps: tuple[str, ...] = (), anchor: Anchor | None = None, *, lacks_year: bool = False) -> Reading:
    """A DATE of one calendar unit."""
    return Reading(TimexType.DATE, spell(cal), cal, steps=steps, anchor=anchor, lacks_year=lacks_year, unit=cal.unit)


def open_date(value: str, unit: str, step: str = "nothing says which") -> Reading:
    """A DATE whose leading parts are not known: XXXX-12-25."""
    return Reading(TimexType.DATE, value, steps=(step,), unit=unit)


def impossible(why: str) -> Reading:
    """A date that cannot be: shown as a mention without a value."""
    return Reading(TimexType.DATE, "", steps=(why,), is_impossible=True)


def full_year(two_digits: int, ctx: Context, pivot: int = PIVOT) -> int:
    """The year two digits stand for: the one nearest before `pivot` years after the document."""
    anchor = ctx.document()
    latest = (year_at(anchor) if anchor else 2000) + pivot
    return latest - (latest - two_digits) % 100


def year_slot(slots: Slots, ctx: Context) -> int | None:
    """The year said, of four digits or two, before Christ or after, or counted from the year before a `reign`."""
    number, two = slots.integer("year"), slots.integer("year2")
    tens, ones = slots.integer("tens"), slots.integer("ones")
    if tens is not None and ones is not None and ones != tens + 1:  # 九八年, but 七八年 are seven or eight years
        two = tens * 10 + ones
    if number is None and two is not None:
        after = slots.integer("after_year")  # 1914–18: later in the same century
        if after is not None and two <= after % 100:
            return None
        near = full_year(two, ctx, 1 if slots.integer("direction") == -1 else PIVOT)
        number = near if after is None else after // 100 * 100 + two
    if number is None:
        number = slots.integer("spoken_year")
    if number is not None and (reign := slots.integer("reign")) is not None:  # 令和6年, 民国三十八年
        return reign + number
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
    if (opened := ctx.bracketed_year()) and (
        cal := values.day(year_at(opened), month, day) if day else values.month(year_at(opened), month)
    ):
        return dated(cal, ("of the year before the bracket",), opened)
    anchor = ctx.base()
    if anchor is None:
        tail = f"-{day:02d}" if day else ""
        return open_date(f"XXXX-{month:02d}{tail}", "day" if day else "month", "the year is not said")
    told = ctx.year_told(month, day) if day else None
    story = ctx.story() if told is None and ctx.tense() == "past" and "direction" not in slots else None
    if story:
        return _within_story(story, month, day)
    year = nearest_year(slots, ctx, anchor, month, day) if told is None else told
    if day is None:
        return dated(
            values.month(year, month), (f"that month {_told(slots, ctx)} the anchor",), anchor, lacks_year=True
        )
    year = next((y for y in (year, year - 1, year + 1) if _is_on(slots, y, month, day)), year)
    for candidate in (year, year - 1, year + 1, year - 2, year - 3, year + 3):  # 29 February waits for its year
        cal = values.day(candidate, month, day)
        if cal:
            return dated(cal, (f"that day {_told(slots, ctx)} the anchor",), anchor, lacks_year=True)
    return impossible(f"there is no day {day} in month {month}")


def _within_story(story: Anchor, month: int, day: int | None) -> Reading:
    """A bare day after a full date of another year: "on 3 May 2022 … on 13 June"."""
    told, told_month, _ = day_at(story)
    year = told + 1 if month - told_month <= _TURN else told
    if day is None:
        return dated(values.month(year, month), ("that month of the year just told",), story, lacks_year=True)
    cal = values.day(year, month, day)
    if cal is None:
        return impossible(f"there is no day {day} in month {month} of {year}")
    return dated(cal, ("that day of the year just told",), story, lacks_year=True)


def _is_on(slots: Slots, year: int, month: int, day: int) -> bool:
    """Whether a date falls on the weekday said with it: "Sunday, 8 March" tells its year."""
    cal = values.day(year, month, day)
    return cal is not None and values.weekday_of(cal.index) == slots.integer("weekday")


def direction(slots: Slots, ctx: Context) -> int:
    """Where a bare day or month lies: -1 past, 1 future, 0 the nearest."""
    told = slots.integer("direction")
    if told is not None:
        return told
    tense = ctx.tense()
    if ctx.is_led_by("elapsed"):  # "since August"
        return -1
    if ctx.is_led_by("ahead"):  # "by August", "until Friday"
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
        is_winter = anchor.cal.unit == "season" and anchor_month == _WINTER  # which goes on into the next year
        is_turn = distance <= (-1 if is_winter else _TURN) and anchor.cal.unit not in ("year", "decade")
        return year + 1 if is_turn else year
    if is_untold(slots, ctx):
        return year
    way = direction(slots, ctx)
    is_before = (month, day or 0) < (anchor_month, anchor_day if day else 0)
    if way > 0:
        is_just_past = distance >= -1 and ctx.lean == "past"
        return year + 1 if is_before and not is_just_past else year
    if slots.integer("direction") == -1:  # "last 5 May", whatever the verb
        return year if is_before or [month, day or 0] == [anchor_month, anchor_day if day else 0] else year - 1
    # A day of the coming weeks is meant even beside a past verb: "has set Nov. 10 as the deadline".
    farthest = 0 if ctx.is_led_by("elapsed") else (_NEAR_DAYS if day else 1) if way < 0 else _HALF_YEAR
    if distance > farthest:
        return year - 1
    is_past = way < 0 or (ctx.lean == "past" and not ctx.tense())  # also in a chronicle's lines without verbs
    return year + 1 if distance < -_HALF_YEAR and not is_past else year


def _day_of_month(slots: Slots, ctx: Context, day: int) -> Reading | None:
    """ "the 14th": in the month of the anchor or the one before or after it."""
    if not 1 <= day <= 31:
        return None
    if "months" not in slots and "weekday" not in slots and (told := ctx.day_told(day)):
        return dated(told.cal, ("the day of that number spoken of before",), told)
    anchor = ctx.mentioned("month") if slots.text("ref") == "mention" else None
    anchor = anchor or ctx.story() or ctx.base("month")
    if anchor is None:
        return open_date(f"XXXX-XX-{day:02d}", "day", "the month is not said")
    beside = None if "months" in slots else ctx.latest("day", "month", within_chars=_BESIDE)
    anchor = beside or anchor
    index = within(anchor.cal, "month").index
    months = slots.integer("months")  # "the 5th of last month"
    is_open = anchor.cal.unit == "day" and anchor.span is None and not is_untold(slots, ctx)
    way = direction(slots, ctx) if is_open and months is None else 0
    index += months or 0
    _, _, today = day_at(anchor)
    if beside and beside.cal.unit == "day" and day < today:  # "25 February … the 5th": time goes on
        index += direction(slots, ctx) >= 0
    index += (way < 0 and day > today) * -1 + (way > 0 and day < today)
    index = next((i for i in (index, index - 1, index + 1) if _is_on(slots, i // 12, i % 12 + 1, day)), index)
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
        is_ahead = ctx.is_led_by("ahead")
        is_until = ctx.is_led_by("until")
        is_coming = is_until or tense == "future" or (tense != "past" and (is_ahead or ctx.lean in ("future", "")))
        way = 1 if is_coming and not ctx.is_led_by("elapsed") else -1
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
