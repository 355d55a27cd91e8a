"""Meanings of times of day: clock times, zones, parts of the day."""

from timeline.model import TimexType
from timeline.temporal import calendars, converted, periods, relatives
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots
from timeline.temporal.values import Cal, spell, within

_SAME_STORY = 300  # characters after "on Friday" in which "at 8 p.m." is still that Friday
_CENTURIES = (19, 20)  # four bare digits that begin so are a year
_FARTHEST_ZONE = 14  # hours from UTC
_NAMED = {"noon": 12, "midnight": 24}  # midnight ends the day it is said with; alone it is 00:00


def _timed(cal: Cal | None, clock: str, steps: tuple[str, ...], anchor: Anchor | None, *, has_day: bool) -> Reading:
    value = (spell(cal) if cal else "XXXX-XX-XX") + clock
    return Reading(TimexType.TIME, value, cal, steps=steps, anchor=anchor, clock=clock, has_day=has_day, unit="time")


def _day(ctx: Context) -> tuple[Cal | None, Anchor | None]:
    """The day of a time said without one: that of the last dated mention in a narrative, else the document's."""
    anchor = ctx.latest("day", within_chars=_SAME_STORY)
    if anchor is None or anchor.span is None or "\n\n" in ctx.text[anchor.span[1] : ctx.offset]:
        anchor = ctx.heading or ctx.base("day")
    return (within(anchor.cal, "day") if anchor else None), anchor


def clock(slots: Slots, ctx: Context) -> Reading | None:
    """10:30, 5 p.m., half past nine, 0800 hours; the day is filled in, or comes from the words beside it."""
    hour, minute, second = slots.integer("hour"), slots.integer("minute"), slots.integer("second")
    if "digits" in slots:
        digits = slots.text("digits").zfill(4)
        hour, minute = int(digits[:2]), int(digits[2:4])
    if hour is None or ("loose" in slots and (hour in _CENTURIES or hour > 23 or (minute or 0) > 59)):
        return None
    if "before" in slots:  # "quarter to nine"
        hour, minute = (hour - 1) % 24, 60 - (slots.integer("before") or 0)
    if hour > 24 or (minute or 0) > 59 or (second or 0) > 60 or (hour == 24 and (minute or second)):
        return calendars.impossible("there is no such time of day")
    meridiem = slots.text("meridiem") or _half(hour, slots.text("daypart")) or _lent_half(hour, slots)
    if meridiem:
        if hour > 12 and meridiem == "AM":
            return calendars.impossible("there is no such time of day")
        hour = hour if hour > 12 else hour % 12 + (12 if meridiem == "PM" else 0)
    is_bare = minute is None and slots.text("grain") == "hour"  # "kell 10": the hour, as Estonian writes it
    spelled = (
        f"T{hour:02d}" + ("" if is_bare else f":{minute or 0:02d}") + (f":{second:02d}" if second is not None else "")
    )
    spelled += _offset(slots) or slots.text("zone")
    cal, anchor = _day(ctx)
    reading = _timed(cal, spelled, ("the time as written",), anchor, has_day=False)
    reading.half = meridiem
    told = (hour % 24) * 3600 + (minute or 0) * 60
    if cal and anchor and anchor.seconds is not None and told < anchor.seconds and ctx.lean != "past":
        if hour < 12 and not meridiem and told + 43_200 >= anchor.seconds:
            reading.value = f"{spell(cal)}T{hour + 12:02d}{spelled[3:]}"
        else:
            reading.cal = cal.shift(1)
            reading.value = spell(reading.cal) + spelled
        reading.steps = ("the next such time after the anchor",)
    return reading


def _offset(slots: Slots) -> str:
    """+02:00, when the offset from UTC was written out: +2, +02:00, +0200."""
    hour, minute = slots.integer("offset_hour"), slots.integer("offset_minute") or 0
    if "offset" in slots:
        hour, minute = divmod(slots.integer("offset") or 0, 100)
    if hour is None or hour > _FARTHEST_ZONE or minute > 59:
        return ""
    return f"{slots.text('sign', '+')}{hour:02d}:{minute:02d}"


def _lent_half(hour: int, slots: Slots) -> str:
    """The half of the day that stands with the later hour: "3 to 5 pm" begins at 15:00, "9 to 5 pm" at 9:00."""
    until = slots.integer("until_hour")
    if until is None or hour > 12:
        return ""
    half = slots.text("until_meridiem") or _half(until, slots.text("until_daypart"))
    other = {"AM": "PM", "PM": "AM"}.get(half, "")
    return half if hour % 12 <= until % 12 else other


def _half(hour: int, part: str) -> str:
    """AM or PM as the part of the day tells it: "eleven at night", "three in the morning"."""
    if not part or hour > 12:
        return ""
    return "AM" if part in ("MO", "midnight") or (part == "NI" and (hour < 5 or hour == 12)) else "PM"


def named_time(slots: Slots, ctx: Context) -> Reading | None:
    """Noon, midnight, and parts of the day: "this morning", "last night", "Tuesday evening"."""
    part = slots.text("daypart")
    spelled = f"T{_NAMED[part]:02d}:00" if part in _NAMED else f"T{part}"
    cal, anchor, has_day = *_day(ctx), False
    steps: tuple[str, ...] = ("the day of the anchor",)
    if "days" in slots:
        inner: Reading | None = relatives.day_offset(slots, ctx)
    elif "shift" in slots and "weekday" in slots:
        inner = relatives.weekday_shift(slots, ctx)
    elif "holiday" in slots:
        inner = periods.named_day(slots, ctx)
    elif "calendar" in slots:
        inner = converted.converted_date(slots, ctx)
    elif any(name in slots for name in ("weekday", "day", "month", "year")):
        inner = calendars.date(slots, ctx)
    else:
        inner = None
    if inner is not None:
        cal, anchor, steps, has_day = inner.cal, inner.anchor, inner.steps, True
        if cal is None or cal.unit != "day":
            value = inner.value if inner.value.startswith("XXXX") else ""
            return (
                Reading(TimexType.TIME, value + spelled, steps=inner.steps, clock=spelled, unit="time")
                if value
                else None
            )
    reading = _timed(cal, spelled, (*steps, "that part of it"), anchor, has_day=has_day or bool(slots.text("fixed")))
    if part == "midnight" and not has_day and cal:
        reading.cal = cal.shift(1) if anchor and anchor.seconds is not None else cal
        reading.value = f"{spell(reading.cal)}T00:00"
    return reading


def instant(slots: Slots, ctx: Context) -> Reading | None:
    """A day and a time written as one stamp: 2025-11-06T14:30:00Z, 20251106T143000, 06.11.2025 14:30."""
    if "a" in slots:
        day = calendars.numeric_date(slots, ctx)
    elif "digits" in slots:
        day = calendars.compact_date(slots, ctx)
    else:
        day = calendars.date(slots, ctx)
    time = clock(_clock_slots(slots), ctx)
    if day is None or time is None:
        return None
    if day.cal is None or time.is_impossible:
        return calendars.impossible("there is no such day or time")
    reading = _timed(day.cal, time.clock or "", ("the time as written",), None, has_day=True)
    reading.is_ambiguous = day.is_ambiguous
    return reading


def _clock_slots(slots: Slots) -> Slots:
    """The time of a stamp, its digits cut apart: 143000 is 14:30:00."""
    if "clock" not in slots:
        return slots
    hour, minute, second = (slots.text("clock")[at : at + 2] for at in (0, 2, 4))
    parts: dict[str, str] = {"hour": hour, "minute": minute, "zone": slots.text("zone")}
    return Slots(parts | ({"second": second} if second else {}))
