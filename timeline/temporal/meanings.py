"""The meanings a pack may name: each turns (slots, context) into a reading, or None: not a time after all."""

from collections.abc import Callable

from timeline.temporal import calendars, clocks, converted, periods, relatives, seasons, spans
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Reading, Slots

Meaning = Callable[[Slots, Context], Reading | None]

NOTHING = "nothing"  # a rule with this meaning claims its words so that no other rule reads them as a time

MEANINGS: dict[str, Meaning] = {
    "century": periods.century,
    "clock": clocks.clock,
    "compact_date": calendars.compact_date,
    "constant": relatives.constant,
    "converted_date": converted.converted_date,
    "date": calendars.date,
    "day_offset": relatives.day_offset,
    "decade": periods.decade,
    "edge": relatives.edge,
    "instant": clocks.instant,
    "iso_week": periods.iso_week,
    "month_shift": relatives.month_shift,
    "named_day": periods.named_day,
    "named_time": clocks.named_time,
    "nth_unit": periods.nth_unit,
    "nth_weekday": periods.nth_weekday,
    "numeric_date": calendars.numeric_date,
    "offset": relatives.offset,
    "offset_from": relatives.offset_from,
    "quarter": periods.quarter,
    "recurrence": spans.recurrence,
    "season": seasons.season,
    "span": spans.span,
    "unit_shift": relatives.unit_shift,
    "week_of": periods.week_of,
    "year_of_era": calendars.year_of_era,
    "weekday_beside": periods.weekday_beside,
    "weekday_shift": relatives.weekday_shift,
}
