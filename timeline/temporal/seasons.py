"""Meanings of seasons: of a year said, or near the anchor; the winter, which two years share."""

from timeline.temporal import values
from timeline.temporal.calendars import dated, direction, open_date, year_slot
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Anchor, Reading, Slots, month_at, year_at
from timeline.temporal.values import Cal, spell, within


def season(slots: Slots, ctx: Context) -> Reading | None:
    """A season, of a year said or near the anchor."""
    name = slots.text("season")
    year, shift = year_slot(slots, ctx), slots.integer("shift")
    if year is not None:
        return dated(values.season(year, name), ("the season of that year",))
    anchor = ctx.base(prefers_mention=slots.text("ref") == "mention")
    if anchor is None:
        return open_date(f"XXXX-{name}", "season", "the year is not said")
    years, count = slots.integer("years"), slots.integer("number")
    if years is not None:  # "this year's summer" is told from the day of writing, in a story too
        anchor = anchor if slots.text("ref") == "mention" else ctx.document()
        if anchor is None:
            return open_date(f"XXXX-{name}", "season", "the year is not said")
        return dated(values.season(year_at(anchor) + years, name), ("the season of that year",), anchor)
    if count is not None:  # "two summers ago"
        last = -((within(anchor.cal, "season").index - values.SEASON_NUMBERS[name]) % 4 or 4)
        said = (f"{count} such seasons before the anchor",)
        return dated(within(anchor.cal, "season").shift(last + 4 - 4 * count), said, anchor)
    if anchor.cal.unit in ("year", "decade", "century"):
        return dated(values.season(year_at(anchor) + (shift or 0), name), ("the season of that year",), anchor)
    own = within(anchor.cal, "season")
    ahead = (values.SEASON_NUMBERS[name] - own.index % 4) % 4  # seasons from the anchor's own to the next of that name
    if shift is None:
        step = _season_untold(slots, ctx, anchor, ahead)
    elif shift == 0:
        step = _season_of_this_year(slots, ctx, anchor, ahead)
    else:
        step = (ahead or 4) if shift > 0 else ahead - 4
    reading = dated(own.shift(step), ("that season counted from the anchor",), anchor, lacks_year=shift is None)
    if not shift and (not step or ctx.is_narrative):
        name_winter(reading, year_at(anchor) if not ctx.is_narrative else values.year_of(own.shift(step)) + 1, ctx)
    return reading


def _season_of_this_year(slots: Slots, ctx: Context, anchor: Anchor, ahead: int) -> int:
    """ "this summer": that of the anchor's year, unless the verb says otherwise."""
    own = within(anchor.cal, "season").index % 4
    step = ahead if own + ahead < 4 else ahead - 4
    if own == 3 and month_at(anchor)[1] < 3:  # in January "this summer" is the coming one
        return ahead
    if step < 0 and direction(slots, ctx) > 0:
        return step + 4
    if step == 3 and direction(slots, ctx) < 0:  # "this winter it snowed", said in March
        return step - 4
    return step


def name_winter(reading: Reading, year: int, ctx: Context) -> None:
    """Value a winter by the year it ends in where a language's texts do (`winter = "end"`) and `year` is that one; its
    days remain those of December to February."""
    cal = reading.cal
    if cal is None or cal.unit != "season" or ctx.pack.defaults.get("winter") != "end":
        return
    if cal.index % 4 == values.SEASON_NUMBERS["WI"] and year == values.year_of(cal) + 1:
        last = Cal("day", values.first_day(cal.shift(1)) - 1)
        reading.value = f"{values.spell_year(year)}-WI"
        reading.stretch = f"{spell(within(cal, 'day'))}/{spell(last)}"


def _season_untold(slots: Slots, ctx: Context, anchor: Anchor, ahead: int) -> int:
    """ "the summer": by the verb's tense; in a story the coming one, after a "had" that of the year spoken of."""
    if not ahead:
        return 0
    if ctx.is_narrative:
        is_earlier = month_at(anchor)[1] > 2 and values.year_of(within(anchor.cal, "season").shift(ahead)) > year_at(
            anchor
        )
        return ahead - 4 if is_earlier and ctx.is_pluperfect() else ahead
    way = direction(slots, ctx)
    return ahead if way > 0 or (way == 0 and ahead <= 2) else ahead - 4
