"""The meanings a pack may name: each turns (slots, context) into a reading, or None: not a time after all."""

from collections.abc import Callable

from timeline.temporal import calendars, clocks, relatives, spans
from timeline.temporal.normalisation import Context, Reading, Slots

Meaning = Callable[[Slots, Context], Reading | None]

NOTHING = "nothing"  # a rule with this meaning claims its words so that no other rule reads them as a time

MEANINGS: dict[str, Meaning] = {
    "century": calendars.century,
    "clock": clocks.clock,
    "compact_date": calendars.compact_date,
    "constant": relatives.constant,
    "date": calendars.date,
    "day_offset": relatives.day_offset,
    "decade": calendars.decade,
    "edge": relatives.edge,
    "instant": clocks.instant,
    "iso_week": calendars.iso_week,
    "month_shift": relatives.month_shift,
    "named_day": calendars.named_day,
    "named_time": clocks.named_time,
    "nth_unit": calendars.nth_unit,
    "nth_weekday": calendars.nth_weekday,
    "numeric_date": calendars.numeric_date,
    "offset": relatives.offset,
    "offset_from": relatives.offset_from,
    "quarter": calendars.quarter,
    "recurrence": spans.recurrence,
    "season": calendars.season,
    "span": spans.span,
    "unit_shift": relatives.unit_shift,
    "week_of": calendars.week_of,
    "year_of_era": calendars.year_of_era,
    "weekday_shift": relatives.weekday_shift,
}
