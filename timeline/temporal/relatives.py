"""Meanings of expressions counted from an anchor: ago, last, next, that, earlier, today."""

from timeline.model import TimexType
from timeline.temporal import calendars, periods, values
from timeline.temporal.calendars import dated, open_date
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots, day_at
from timeline.temporal.values import Cal, civil, spell, within

_X = {
    "year": "XXXX",
    "month": "XXXX-XX",
    "week": "XXXX-WXX",
    "weekend": "XXXX-WXX-WE",
    "quarter": "XXXX-QX",
    "half": "XXXX-HX",
}
_COMPARED = 500  # characters within which "a year earlier" still compares with the quarter spoken of
_NEAR = 200  # characters within which "two years earlier" is counted from the date just told
_HALF_QUARTER = 46  # days
_PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}
_MANY_YEARS = {"decade": 10, "century": 100, "millennium": 1000}
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}


def unknown(unit: str) -> Reading:
    """A date whose anchor is not known."""
    return open_date(_X.get(unit, "XXXX-XX-XX" if unit == "day" else "XXXX"), unit, "its anchor is not known")


def _base(slots: Slots, ctx: Context, unit: str) -> Anchor | None:
    """`ref = "mention"` counts from the last dated mention at least as fine, `ref = "document"` never does,
    `ref = "near"` does when that mention stands in this sentence or just before it."""
    ref = slots.text("ref")
    if ref == "document":
        return ctx.document()
    if ref == "near" and (found := ctx.mentioned(unit)) and found.span and ctx.offset - found.span[1] <= _NEAR:
        return found
    return ctx.base(unit, prefers_mention=ref == "mention") or (ctx.document() if ref == "mention" else None)


def move(cal: Cal, unit: str, count: float) -> Cal:
    """A day, month or year moved by calendar units; days are cut to the month's length."""
    if unit in _MANY_YEARS:
        unit, count = "year", count * _MANY_YEARS[unit]
    if unit == "fortnight":
        unit, count = "week", count * 2
    days = {"week": 7, "weekend": 7, "day": 1}.get(unit)
    if days:
        return Cal("day", within(cal, "day").index + round(count * days))
    months = {"year": 12, "half": 6, "quarter": 3, "season": 3, "month": 1}[unit]
    year, month, day = civil(within(cal, "day").index)
    index = year * 12 + month - 1 + round(count * months)
    year, month = index // 12, index % 12 + 1
    return values.day(year, month, min(day, values.days_in_month(year, month))) or cal


def offset(slots: Slots, ctx: Context) -> Reading | None:
    """N units before or after the anchor, told in the unit's own granularity ("three weeks ago" is a week).

    `form = "duration"` says the length instead, as some languages' TIMEX3 has it; the date stays beside it.
    """
    reading = _moved(slots, ctx)
    if reading is None or slots.text("form") != "duration":
        return reading
    reading.value = ctx.length(_amount(slots), slots.text("unit"))
    reading.type, reading.clock, reading.is_vague = TimexType.DURATION, None, False
    reading.unit = slots.text("unit")
    return reading


def _amount(slots: Slots) -> float | str:
    """How many units are said: one by default; `extra` is the half of "two and a half"."""
    number, extra = slots.amount("number"), slots.amount("extra")
    number = 1 if number is None else number
    return number + extra if not isinstance(number, str) and extra and not isinstance(extra, str) else number


def _moved(slots: Slots, ctx: Context) -> Reading | None:
    unit, way = slots.text("unit"), slots.integer("direction") or 0
    number = _amount(slots)
    if not isinstance(number, str):
        number += slots.integer("more") or 0  # "a year and a half ago"
    if unit in _SECONDS:
        return _clock_offset(ctx, unit, number, way)
    if isinstance(number, str):
        value = "PAST_REF" if way < 0 else "FUTURE_REF"
        return Reading(
            TimexType.DATE,
            value,
            steps=(f"some {unit}s {'before' if way < 0 else 'after'} the anchor",),
            anchor=_base(slots, ctx, unit),
            is_vague=True,
            unit=unit,
        )
    if abs(number) > 100_000:
        return None
    if unit == "year" and slots.text("ref") in ("period", "near", "same") and (period := _compared(slots, ctx)):
        moved = period.cal.shift(round(number * way) * _PER_YEAR[period.cal.unit])
        reading = dated(moved, ("the same period of another year, counted from the anchor",), period)
        reading.is_comparison = True
        return reading
    anchor = _base(slots, ctx, "year" if slots.text("ref") == "mention" else unit if unit in _X else "year")
    if anchor is None:
        return unknown(unit)
    grain = slots.text("grain", unit)
    if slots.text("ref") == "mention" and anchor.span and anchor.cal.unit == "day" and unit in ("week", "fortnight"):
        grain = slots.text("grain", "day")  # "a week later" than a day is a day
    moved = move(anchor.cal, unit, number * way)
    side = "before" if way < 0 else "after"
    said = f"{values.spell_number(number)} {unit}{'' if number == 1 else 's'} {side} the anchor"
    return dated(
        within(moved, {"fortnight": "week", **dict.fromkeys(_MANY_YEARS, "year")}.get(grain, grain)), (said,), anchor
    )


def _compared(slots: Slots, ctx: Context) -> Anchor | None:
    """What "a year earlier" compares with: the period its sentence speaks of, else that of the report."""
    if grain := slots.text("grain") if slots.text("ref") == "same" else "":  # "the same month last year"
        return ctx.latest(grain, within_chars=_COMPARED) if grain in _PER_YEAR else None
    units = ("month", "quarter", "half") + (("year",) if slots.text("ref") == "near" else ())
    found = ctx.latest(*units, within_chars=ctx.offset - ctx.sentence_start())
    told = found.span[1] if found and found.span else 0
    if ctx.months_told > max(told, ctx.sentence_start()) and slots.text("grain") != "quarter":
        return None  # "in the nine months, … a year earlier": those of the year before
    if found is None or (found.cal.unit == "month" and slots.text("ref") == "period" and not ctx.is_led_by("compared")):
        return _period(slots, ctx)
    return found


def _period(slots: Slots, ctx: Context) -> Anchor | None:
    """The quarter or half year a report is comparing with; `grain = "quarter"` says that one is meant for sure."""
    found = ctx.latest("quarter", "half", within_chars=_COMPARED)
    if found or slots.text("grain") != "quarter":
        return found
    found, own = ctx.latest("quarter", "half"), ctx.document()
    if found or own is None:
        return found
    return Anchor(within(own.cal, "quarter").shift(-1), own.source)  # reports speak of the quarter that has ended


def _clock_offset(ctx: Context, unit: str, number: float | str, way: int) -> Reading:
    anchor = ctx.document()
    side = "before" if way < 0 else "after"
    steps = (f"{number} {unit}s {side} the anchor",)
    if anchor is None or anchor.seconds is None or isinstance(number, str):
        value = "PAST_REF" if way < 0 else "FUTURE_REF"
        if anchor is None or isinstance(number, str):
            return Reading(TimexType.TIME, value, steps=steps, anchor=anchor, is_vague=True, unit=unit)
        return Reading(
            TimexType.TIME,
            f"{spell(anchor.cal)}TXX:XX",
            anchor.cal,
            steps=steps,
            anchor=anchor,
            unit=unit,
            clock="TXX:XX",
        )
    total = anchor.cal.index * 86400 + anchor.seconds + round(number * _SECONDS[unit] * way)
    day, rest = divmod(total, 86400)
    clock = f"T{rest // 3600:02d}:{rest // 60 % 60:02d}" + (f":{rest % 60:02d}" if unit == "second" else "")
    cal = Cal("day", day)
    return Reading(TimexType.TIME, spell(cal) + clock, cal, steps=steps, anchor=anchor, clock=clock, unit=unit)


def day_offset(slots: Slots, ctx: Context) -> Reading:
    """Today, yesterday, the day after tomorrow: `days` from the document."""
    days = slots.integer("days") or 0
    anchor = ctx.document() if slots.text("ref") != "mention" else _base(slots, ctx, "day")
    if anchor is None:
        return unknown("day")
    said = (
        "the day of the anchor"
        if not days
        else f"{abs(days)} day{'s' * (abs(days) > 1)} {'before' if days < 0 else 'after'} the anchor"
    )
    return dated(within(anchor.cal, "day").shift(days), (said,), anchor)


def unit_shift(slots: Slots, ctx: Context) -> Reading | None:
    """Last, this, next, that unit: the one of the anchor, or `shift` away from it."""
    unit, shift = slots.text("unit"), slots.integer("shift") or 0
    if unit in _SECONDS:
        return None
    if unit == "fortnight":
        unit, shift = "week", shift * 2
    anchor = _base(slots, ctx, unit)
    if unit == "quarter" and slots.text("ref") in ("period", "mention"):
        anchor = (_period(slots, ctx) if slots.text("ref") == "period" else ctx.latest(unit)) or anchor
    if unit == "quarter" and not ctx.latest(unit, within_chars=_COMPARED) and (ended := _ended(ctx)):
        return dated(ended, ("the three months that end there",), ctx.document())
    if anchor is None:
        return unknown(unit)
    cal = within(anchor.cal, unit)
    cal = _weekend(slots, ctx, anchor, cal, shift) if unit == "weekend" else cal.shift(shift)
    said = {0: f"the {unit} of the anchor", -1: f"the {unit} before the anchor", 1: f"the {unit} after the anchor"}
    steps = [said.get(shift, f"{abs(shift)} {unit}s {'before' if shift < 0 else 'after'} the anchor")]
    reading = dated(cal, tuple(steps), anchor)
    reading.mod = slots.text("mod") or None
    return reading


def _ended(ctx: Context) -> Cal | None:
    """ "the quarter ended July 31": the quarter most of those three months lie in."""
    link, *said = ctx.keys_after(ctx.stop, 4)[:4] or [""]
    way = -1 if link in ctx.pack.tense.get("ended", ()) else 1 if link in ctx.pack.tense.get("ending", ()) else 0
    anchor = ctx.document()
    month = ctx.pack.classes.get("month", {}).get(said[0]) if said else None
    day = next((int(key) for key in said[1:] if key.isdecimal() and len(key) <= 2), 0)
    if not way or anchor is None or not isinstance(month, int) or not day:
        return None
    year, *own = day_at(anchor)
    is_before = [month, day] <= own
    cal = values.day(year - (way < 0 and not is_before) + (way > 0 and is_before), month, day)
    return within(cal.shift(-_HALF_QUARTER), "quarter") if cal else None


def _weekend(slots: Slots, ctx: Context, anchor: Anchor, own: Cal, shift: int) -> Cal:
    """ "the weekend", "this weekend": the last one in past tense on weekdays, else the coming one."""
    if shift == 0 and slots.text("ref") != "mention" and values.weekday_of(within(anchor.cal, "day").index) < 6:
        return own.shift(-1) if calendars.direction(slots, ctx) < 0 else own
    return own.shift(shift)


def weekday_shift(slots: Slots, ctx: Context) -> Reading | None:
    """Last, this, next Friday: the one before or after the anchor's day; or of the week `weeks` away."""
    number = slots.integer("weekday")
    anchor = _base(slots, ctx, "day")
    if number is None:
        return None
    if anchor is None:
        return open_date(f"XXXX-WXX-{number}", "day", "the week is not said")
    today = within(anchor.cal, "day").index
    weeks = slots.integer("weeks")
    shift = slots.integer("shift") or (slots.integer("number") or 0) * (slots.integer("direction") or 0)
    if weeks is not None:
        found = today // 7 * 7 + number - 1 + 7 * weeks
    elif shift == 0:
        found = today // 7 * 7 + number - 1
    else:
        ahead = (number - values.weekday_of(today)) % 7
        found = today + ((ahead or 7) if shift > 0 else (ahead - 7)) + 7 * (shift - (1 if shift > 0 else -1))
        if slots.text("ref") == "mention" and (told := ctx.day_told(civil(found)[2])) and told.cal.index == found:
            found += 7 if shift > 0 else -7  # "down from the previous Friday", where Friday was just spoken of
    side = "before" if found < today else "after"
    return dated(Cal("day", found), (f"that weekday {side} the anchor",), anchor)


def month_shift(slots: Slots, ctx: Context) -> Reading | None:
    """Last, this, next March: the one before or after the anchor's month; "of last year" counts whole years."""
    month = slots.integer("month")
    anchor = _base(slots, ctx, "year")
    if month is None:
        return None
    if anchor is None:
        return open_date(f"XXXX-{month:02d}", "month", "the year is not said")
    year, *own = day_at(anchor)
    years, shift, day = slots.integer("years"), slots.integer("shift") or 0, slots.integer("day")
    wanted, own = ([month], own[:1]) if day is None else ([month, day], own)
    if years is not None:
        year += years
    elif shift < 0:
        year -= wanted >= own
    elif shift > 0:
        year += wanted <= own
    if day is None:
        return dated(values.month(year, month), ("that month counted from the anchor",), anchor)
    cal = values.day(year, month, day)
    if cal is None:
        return calendars.impossible(f"there is no day {day} in month {month} of {year}")
    return dated(cal, ("that day counted from the anchor",), anchor)


def offset_from(slots: Slots, ctx: Context) -> Reading | None:
    """ "a week from Friday", "two days after Christmas", "the day before the 5th": N units from a date said with it."""
    inner = (periods.named_day if "from_holiday" in slots else calendars.date)(slots.under("from_"), ctx)
    if "from_shift" in slots:
        inner = weekday_shift(slots.under("from_"), ctx)
    if "from_days" in slots:
        inner = day_offset(slots.under("from_"), ctx)
    number, way, unit = slots.amount("number"), slots.integer("direction") or 0, slots.text("unit", "day")
    if inner is None or inner.cal is None or isinstance(number, str) or unit in _SECONDS:
        return inner
    moved = move(inner.cal, unit, (1 if number is None else number) * way)
    grain = inner.cal.unit if unit in ("week", "day") or inner.cal.unit == "day" else unit
    return dated(within(moved, grain), (*inner.steps, f"{unit}s counted from there"), inner.anchor)


def constant(slots: Slots, ctx: Context) -> Reading:
    """Now, recently, in the future: a value that no calendar tells."""
    kind = TimexType(slots.text("type", "DATE"))
    return Reading(
        kind,
        slots.text("value"),
        mod=slots.text("mod") or None,
        quant=slots.text("quant") or None,
        freq=slots.text("freq") or None,
        steps=("a time no calendar tells",),
        anchor=ctx.document(),
        is_vague="vague" in slots,
        unit=slots.text("vague"),
    )


def edge(slots: Slots, ctx: Context) -> Reading | None:
    """ "year-end", "month to date", "the end of the month": a unit with a modifier."""
    reading = unit_shift(slots, ctx)
    if reading and slots.text("edge") == "end" and reading.cal:
        back = slots.integer("shift") is None and ctx.is_led_by("elapsed")
        last = values.first_day(reading.cal.shift(0 if back else 1)) - 1
        return dated(Cal("day", last), (*reading.steps, "its last day"), reading.anchor)
    if reading:
        reading.mod = slots.text("mod") or None
    return reading
