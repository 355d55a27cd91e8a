"""What only shows when mentions stand side by side: times joined to dates, from–to pairs."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from timeline.model import Signal, TimexType
from timeline.temporal import values
from timeline.temporal.found import Found
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Reading
from timeline.temporal.seasons import name_winter
from timeline.temporal.values import Cal, civil, spell, within

_IN_A_YEAR = {"day": 0, "month": 12, "season": 4, "quarter": 4, "half": 2}  # how many; a day has no fixed place
_WEEKDAYS = re.compile(r"XXXX-WXX-\d")
_HOURS = re.compile(r"PT(\d{1,2})H")
_DAY_HOURS = 24
_LINK = 4  # tokens that may stand between the ends of a from–to
_BESIDE = 4  # tokens between a day and its time: "Saturday, at about 10"


def refine(found: list[Found], ctx: Context) -> list[Found]:
    """The refiners in their order: joined times first, because a from–to may lie between joined ones."""
    for refiner in _REFINERS:
        found = refiner(found, ctx)
    return found


def _between(left: Found, right: Found, ctx: Context) -> str | None:
    if right.first - left.last > _LINK:
        return None
    known = ctx.pack.grammar.symbols
    if any(known[ctx.symbols[index]].is_break for index in range(left.last - 1, right.first)):
        return None
    return " ".join(ctx.key(index) for index in range(left.last, right.first))


def join_times(found: list[Found], ctx: Context) -> list[Found]:
    """ "10 a.m." + "Friday", "Friday" + "at" + "10 a.m.": one mention, where the pack's [joins] allow it."""
    joins = ctx.pack.joins
    time_first, date_first = joins.get("time_date", frozenset()), joins.get("date_time", frozenset())
    out: list[Found] = []
    for right in found:
        left = out[-1] if out else None
        link = _between(left, right, ctx) if left else None
        if left and link is not None:
            is_after = _is_clock(left) and _is_day(right) and link in time_first
            is_before = _is_day(left) and _is_clock(right) and link in date_first
            if is_after or is_before:
                _join(left, right, left if is_after else right, right if is_after else left)
                continue
        out.append(right)
    return out


def _is_clock(found: Found) -> bool:
    reading = found.reading
    return reading.type is TimexType.TIME and reading.clock is not None and not reading.has_day


def _is_day(found: Found) -> bool:
    reading = found.reading
    if reading.type is TimexType.TIME:
        return reading.has_day and reading.clock is not None and reading.clock[1:2].isalpha()
    return reading.type is TimexType.DATE and reading.unit == "day" and not reading.is_vague


def _join(left: Found, right: Found, time: Found, day: Found) -> None:
    clock = time.reading.clock or ""
    part = day.reading.clock or ""
    earliest = 6 if part == "TNI" else 1  # two o'clock at night is not 14:00
    half = time.reading.half or ("PM" if part in ("TEV", "TNI", "TAF") else "")
    if part in ("TEV", "TNI", "TAF") and clock[1:3].isdecimal() and earliest <= int(clock[1:3]) < 12:
        clock = f"T{int(clock[1:3]) + 12}{clock[3:]}"
    date = day.reading.value.partition("T")[0]
    left.reading = Reading(
        TimexType.TIME,
        date + clock,
        day.reading.cal,
        mod=time.reading.mod or day.reading.mod,
        steps=(*day.reading.steps, *time.reading.steps),
        anchor=day.reading.anchor,
        clock=clock,
        half=half,
        is_impossible=time.reading.is_impossible or day.reading.is_impossible,
        is_ambiguous=day.reading.is_ambiguous,
        unit="time",
    )
    left.last, left.end = right.last, right.end
    left.phrase_last = max(left.phrase_last, right.phrase_last)


def lend_days(found: list[Found], ctx: Context) -> list[Found]:
    """ "7:30 a.m. (0530 GMT) on Sunday", "9 to 11 a.m. on Sunday": the day said after two times is that of both."""
    for index in range(len(found) - 2):
        first, twin, day = found[index : index + 3]
        if not (_is_clock(first) and _is_clock(twin) and _is_day(day) and day.reading.type is TimexType.DATE):
            continue
        if _between(first, twin, ctx) == "(" and (_between(twin, day, ctx) or "").startswith(")"):
            _lend_day(first, day.reading)
            _lend_day(twin, day.reading)
    after = ctx.pack.joins.get("lend", frozenset())
    for index, (first, day) in enumerate(pairwise(found)):
        is_dated = index > 0 and _is_day(found[index - 1]) and first.first - found[index - 1].last <= _BESIDE
        if _is_clock(first) and _is_day(day) and not is_dated and _between(first, day, ctx) in after:
            _lend_day(first, day.reading)
    ranges = ctx.pack.ranges
    links = ranges.get("bare", frozenset()) | ranges.get("between", frozenset())
    for first, last in pairwise(found):
        link = _between(first, last, ctx)
        if _is_clock(first) and _is_timed_day(last) and link in links:
            _lend_day(first, last.reading)
        elif _is_clock(last) and link is not None:
            is_opened = link in ranges and first.reading.type is TimexType.DATE and _is_day(first)
            if is_opened or (_is_timed_day(first) and link in links):
                _lend_day(last, first.reading)
    return found


def end_hours(found: list[Found], ctx: Context) -> list[Found]:
    """ "de 9 a 14 horas", "9–14 h": what closes a range of times is a time too, no length."""
    links = {link for opener, words in ctx.pack.ranges.items() if opener != "list" for link in words}
    for first, last in pairwise(found):
        hours = None if last.reading.cal else _HOURS.fullmatch(last.reading.value)
        if hours and int(hours[1]) <= _DAY_HOURS and _is_clock(first) and _between(first, last, ctx) in links:
            clock = f"T{int(hours[1]):02d}:00"
            value = first.reading.value.partition("T")[0] + clock
            last.reading = replace(first.reading, value=value, clock=clock, steps=("the end of the range",))
    return found


def _is_timed_day(found: Found) -> bool:
    """Whether a mention is a time of a day that was said with it."""
    reading = found.reading
    return reading.type is TimexType.TIME and reading.has_day and bool(reading.clock and reading.clock[1].isdecimal())


def _lend_day(time: Found, day: Reading) -> None:
    time.reading.cal, time.reading.anchor = day.cal, day.anchor
    time.reading.value = f"{day.value.partition('T')[0]}{time.reading.clock or ''}"
    time.reading.steps = (*time.reading.steps, "the day said beside it")


def pair_ranges(found: list[Found], ctx: Context) -> list[Found]:
    """ "from March to May 2011", "1914–1918": both ends say so, and lend each other the year."""
    ranges = ctx.pack.ranges
    for left, right in pairwise(found):
        kinds = {left.reading.type, right.reading.type}
        if not kinds <= {TimexType.DATE, TimexType.TIME} or left.signal is Signal.TO:
            continue
        link = _between(left, right, ctx)
        if link is None:
            continue
        links = {link} if link else {" ".join(ctx.keys_after(right.first, size)) for size in (1, 2)}  # "al 9 de abril"
        for opener, first in _openers(left, ctx):
            if not links.isdisjoint(ranges.get(opener, ())):
                left.phrase_first = first
                _pair(left, right, ctx)
                break
        else:
            if link in ranges.get("bare", ()) and left.reading.unit == right.reading.unit:
                _pair(left, right, ctx)
    return found


def share_years(found: list[Found], ctx: Context) -> list[Found]:
    """ "in February and March 1917", "on 5 May 1917 and 3 June": of two listed alike, the year said is that of both."""
    links = ctx.pack.ranges.get("list", frozenset())
    pairs = [*pairwise(found)] if links else []
    # The year is handed back from the last of many, then on from the first.
    for left, right in [*reversed(pairs), *pairs]:
        first, second = left.reading, right.reading
        if not (first.cal and second.cal and first.type is second.type is TimexType.DATE and first.unit == second.unit):
            continue
        if left.signal is Signal.FROM or _between(left, right, ctx) not in links:
            continue
        if first.lacks_year and (second.anchor is None or _says_year(right)):
            _lend_year(first, second.cal, ctx, latest=second.cal)
        elif second.lacks_year and first.anchor is None:
            _lend_year(second, first.cal, ctx, earliest=first.cal)
    return found


def _says_year(found: Found) -> bool:
    """Whether a mention says its year, if only as one counted from the anchor: "April of last year"."""
    return "years" in found.rule.constants


def share_sets(found: list[Found], ctx: Context) -> list[Found]:
    """ "every Tuesday and Thursday": a bare weekday listed after one that recurs recurs too."""
    links = {link for link in (*ctx.pack.ranges.get("list", ()), ",") if " " not in link}
    weekdays = ctx.pack.classes.get("weekday", {})
    for first, last in pairwise(found):
        if _WEEKDAYS.fullmatch(first.reading.value) and first.reading.type is TimexType.SET:
            name = " ".join(ctx.keys_after(last.first, last.last - last.first))
            if name in weekdays and last.reading.type is TimexType.DATE and _between(first, last, ctx) in links:
                value = f"XXXX-WXX-{weekdays[name]}"
                last.reading = replace(first.reading, value=value, cal=None, steps=("recurs like the day before it",))
    return found


def _openers(left: Found, ctx: Context) -> list[tuple[str, int]]:
    """What may open a from–to, and where its phrase then begins: words before the mention, or its first ("del 6")."""
    before = [
        (" ".join(ctx.keys_before(left.first, size)), left.first - size) for size in (3, 2, 1) if size <= left.first
    ]
    return [*before, *((" ".join(ctx.keys_after(left.first, size)), left.first) for size in (2, 1))]


def _pair(left: Found, right: Found, ctx: Context) -> None:
    left.signal, right.signal = Signal.FROM, Signal.TO
    right.phrase_first = left.last
    first, second = left.reading, right.reading
    _lend_half(first, second)
    if not (first.cal and second.cal):
        return
    are_dates = first.type is second.type is TimexType.DATE
    if are_dates and first.anchor and (not second.anchor or _says_year(right)):
        _lend_year(first, second.cal, ctx, latest=second.cal)
    elif are_dates and second.lacks_year and not first.anchor:
        _lend_year(second, first.cal, ctx, earliest=first.cal)
    elif (
        second.anchor
        and first.anchor
        and first.cal.unit == second.cal.unit
        and second.cal.index < first.cal.index
        and (are_dates or (first.has_day and second.has_day))
    ):
        _follow(second, first.cal)


def _lend_half(first: Reading, second: Reading) -> None:
    """ "晚上8点到10点", "dalle 3 alle 5 del pomeriggio": hours one after the other in the same half of the day."""
    if second.half == "PM" and not first.half and first.clock and second.clock and first.clock[1:3] <= "12":
        hour = int(first.clock[1:3]) + 12
        if hour <= int(second.clock[1:3]):
            first.clock = f"T{hour}{first.clock[3:]}"
            first.value, first.half = first.value.partition("T")[0] + first.clock, "PM"
    if first.half != "PM" or second.half or not (first.clock and second.clock and second.clock[1:3].isdecimal()):
        return
    hour = int(second.clock[1:3]) + 12
    if int(first.clock[1:3]) < hour < 24:
        date, _, _ = second.value.partition("T")
        second.clock = f"T{hour}{second.clock[3:]}"
        second.value, second.half = date + second.clock, "PM"


def _follow(reading: Reading, earliest: Cal) -> None:
    """The end of a range lies after its beginning: the weekday of the week after, the month of the year after."""
    period = {"day": 7, "month": 12}.get(earliest.unit)
    cal = reading.cal
    if cal and period and earliest.index - cal.index < period:
        reading.cal = cal.shift(period)
        reading.value = spell(reading.cal) + (reading.clock or "")
        reading.steps = (*reading.steps, "after the beginning of the range")


def _lend_year(
    reading: Reading, other: Cal, ctx: Context, *, latest: Cal | None = None, earliest: Cal | None = None
) -> None:
    """A day, month, season or quarter without a year takes that of the other end of its range."""
    cal = reading.cal
    if cal is None or cal.unit not in _IN_A_YEAR or reading.anchor is None:
        return
    year = values.year_of(other)
    moved = _with_year(cal, year)
    if latest and moved and values.first_day(moved) > values.first_day(latest.shift(1)) - 1:
        moved = _with_year(cal, year - 1)
    if earliest and moved and values.first_day(moved) < values.first_day(earliest):
        moved = _with_year(cal, year + 1)
    if moved and (moved.unit == "season" or within(moved, "year") != within(cal, "year")):
        reading.cal, reading.value, reading.anchor, reading.stretch = moved, spell(moved), None, ""
        reading.steps = ("its year is that of the other end of the range",)
        name_winter(reading, year, ctx)  # "the winter and spring of 1920"


def _with_year(cal: Cal, year: int) -> Cal | None:
    if cal.unit == "day":
        _, month, day = civil(cal.index)
        return values.day(year, month, day)
    count = _IN_A_YEAR[cal.unit]
    return Cal(cal.unit, year * count + cal.index % count)


def drop_overlaps(found: list[Found], ctx: Context) -> list[Found]:  # noqa: ARG001 - refiners share one signature
    """Widening may have made neighbours touch: the first keeps its words."""
    out: list[Found] = []
    for one in found:
        if not out or one.start >= out[-1].end:
            out.append(one)
    return out


_REFINERS: tuple[Callable[[list[Found], Context], list[Found]], ...] = (
    drop_overlaps,
    end_hours,
    join_times,
    lend_days,
    pair_ranges,
    share_years,
    share_sets,
)
