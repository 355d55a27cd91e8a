"""Timex + signal + anchor → a place on the line, or none: what is asserted and no more."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from timeline.model import AnchorSource, Mention, Placement, Shape, Signal, Timex, TimexType
from timeline.temporal.bounds import DAY, Bounds, add_months, bounds, civil, edtf_day, edtf_year, instant_of

_DURATION = re.compile(
    r"P(?:(?P<Y>[\d.]+)Y)?(?:(?P<M>[\d.]+)M)?(?:(?P<W>[\d.]+)W)?(?:(?P<D>[\d.]+)D)?"
    r"(?:(?P<DE>[\d.]+)DE)?(?:(?P<CE>[\d.]+)CE)?"
    r"(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?"
)
_UNSAID = re.compile(r"PT?X(DE|CE|[YMWDHSEC])")
_UNSAID_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour", "DE": "decade", "E": "decade"}

# How far a vague phrase reaches from its anchor when it is drawn: a few of its units, the far edge soft.
_VAGUE_DAYS = {"hour": 1, "day": 7, "week": 35, "month": 150, "year": 1_460, "decade": 10_950}


@dataclass(frozen=True, slots=True)
class Length:
    """A duration's length; months are kept apart from days because they have no fixed length."""

    months: int
    days: int
    seconds: int

    @property
    def granularity(self) -> str:
        """The finest unit it is said in."""
        if self.seconds:
            return "minute"
        if self.days:
            return "day"
        return "month" if self.months % 12 or self.months < 24 else "year"


def length(value: str) -> Length | None:
    """Length of a TIMEX3 DURATION value; None when it is not said ("PXY")."""
    match = _DURATION.fullmatch(value)
    if match is None or not any(match.groups()):
        return None
    n = {unit: float(text) if text else 0.0 for unit, text in match.groupdict().items()}
    months = 12 * (n["Y"] + 10 * n["DE"] + 100 * n["CE"]) + n["M"]
    days = 7 * n["W"] + n["D"] + (months % 1) * 30
    seconds = 3600 * n["h"] + 60 * n["m"] + n["s"] + (days % 1) * DAY
    if max(months / 12, days / 365) > 10_000_000:
        return None
    return Length(int(months), int(days), int(seconds))


def place(mention: Mention, dct: date | datetime | None, partner: Mention | None = None) -> Placement | None:
    """Where a mention lies, or None when the text does not say.

    `dct` is the time of the document, or of the segment the mention stands in; None when nothing dates it, and then
    nothing that hangs on it has a place. `partner` closes a from–to.
    """
    timex = mention.timex
    if timex is None or timex.type is TimexType.SET:
        return None
    if timex.type is TimexType.DURATION:
        return _place_duration(mention, timex, dct)
    here = _bounds(mention)
    if here and mention.point:
        timex = replace(timex, mod=None) if timex.mod == "APPROX" else timex
    if here is None:
        return _place_vague(mention, dct) if mention.vague else None
    if mention.clip and (anchor := _anchor(mention, dct)):
        return _clip(mention, here, anchor)
    there = _bounds(partner) if partner else None
    if there is not None and there.end > here.begin:
        return _stretch(here, there, soft_begin=timex.mod == "APPROX")
    return _with_signal(mention.signal, timex, here)


def _bounds(mention: Mention) -> Bounds | None:
    """The days of its value, or those known where the value only comes near: a month of another calendar, a winter
    named by the year it ends in."""
    here = bounds(mention.timex.value) if mention.timex else None
    return _days(mention.point, here.granularity) if here and "/" in mention.point else here


def _days(stretch: str, granularity: str) -> Bounds | None:
    """Bounds of "2025-01-20/2025-02-18"."""
    first, last = (bounds(day) for day in stretch.split("/"))
    return Bounds(first.begin, last.end, stretch, granularity) if first and last else None


def _anchor(mention: Mention, dct: date | datetime | None) -> Bounds | None:
    """The anchor's bounds: the mention it was counted from when there is one, else the document's day."""
    why = mention.explanation
    if why.anchor_source is AnchorSource.MENTION and why.anchor and (found := bounds(why.anchor)):
        return found
    if dct is None:
        return None
    day = instant_of(dct) // DAY
    return Bounds(day * DAY, (day + 1) * DAY, edtf_day(day), "day")


def _with_signal(signal: Signal, timex: Timex, here: Bounds) -> Placement:
    soft = here.is_soft or timex.mod == "APPROX"
    name = f"{here.edtf}~" if timex.mod == "APPROX" and "/" not in here.edtf else here.edtf
    after = _day_name(here, here.end)
    if signal is Signal.SINCE or (signal is Signal.FROM):
        return Placement(here.begin, None, f"{_first(name)}/..", here.granularity, Shape.OPEN, soft_begin=soft)
    if signal is Signal.AFTER or timex.mod == "AFTER":
        return Placement(here.end, None, f"{after}/..", here.granularity, Shape.OPEN, soft_begin=True)
    if signal is Signal.BEFORE or timex.mod == "BEFORE":
        before = _day_name(here, here.begin - 1)
        return Placement(None, here.begin, f"../{before}", here.granularity, Shape.OPEN, soft_end=soft)
    if signal in (Signal.UNTIL, Signal.BY, Signal.TO):
        return Placement(None, here.end, f"../{_last(name)}", here.granularity, Shape.OPEN, soft_end=soft)
    if timex.mod in ("START", "MID", "END"):
        return _third(here, timex.mod)
    shape = Shape.STRETCH if signal is Signal.THROUGHOUT else Shape.MOMENT
    return Placement(here.begin, here.end, name, here.granularity, shape, soft_begin=soft, soft_end=soft)


def _first(edtf: str) -> str:
    return edtf.partition("/")[0]


def _last(edtf: str) -> str:
    return edtf.rpartition("/")[2]


def _day_name(here: Bounds, seconds: int) -> str:
    """EDTF of an instant, as fine as the unit beside it."""
    year, month, _ = civil(seconds // DAY)
    if here.granularity in ("year", "decade", "century", "millennium"):
        return edtf_year(year)
    if here.granularity in ("month", "quarter", "half", "season"):
        return f"{edtf_year(year)}-{month:02d}"
    return edtf_day(seconds // DAY)


def _stretch(here: Bounds, there: Bounds, *, soft_begin: bool) -> Placement:
    finer = min(here, there, key=lambda unit: unit.end - unit.begin)
    return Placement(
        here.begin,
        there.end,
        f"{_first(here.edtf)}/{_last(there.edtf)}",
        finer.granularity,
        Shape.STRETCH,
        soft_begin=soft_begin,
    )


def _third(here: Bounds, mod: str) -> Placement:
    """ "early", "mid-" and "late" are drawn as thirds of their unit with soft inner edges: EDTF cannot say it."""
    third = (here.end - here.begin) // 3
    if here.granularity not in ("hour", "minute", "second", "part of day", "day"):
        third -= third % DAY
    begin = {"START": here.begin, "MID": here.begin + third, "END": here.end - third}[mod]
    end = {"START": here.begin + third, "MID": here.end - third, "END": here.end}[mod]
    return Placement(
        begin,
        end,
        here.edtf,
        here.granularity,
        Shape.MOMENT,
        soft_begin=mod != "START",
        soft_end=mod != "END",
    )


def _clip(mention: Mention, here: Bounds, anchor: Bounds) -> Placement:
    """ "earlier this week" ends with the anchor's day, "later this month" begins with it."""
    begin, end = here.begin, here.end
    if mention.clip == "to-anchor":
        end = min(end, anchor.end)
    else:
        begin = max(begin, anchor.begin)
    if begin >= end:
        begin, end = here.begin, here.end
    edtf = f"{edtf_day(begin // DAY)}/{edtf_day((end - 1) // DAY)}"
    return Placement(begin, end, edtf, here.granularity, Shape.MOMENT)


def _place_vague(mention: Mention, dct: date | datetime | None) -> Placement | None:
    """ "in recent days": near the anchor; how near is not said, so the far edge is soft and the EDTF approximate."""
    days = _VAGUE_DAYS.get(mention.vague)
    if days is None or mention.timex is None or mention.timex.value == "PRESENT_REF":
        return None
    anchor = _anchor(mention, dct)
    if anchor is None:
        return None
    is_past = mention.timex.value == "PAST_REF"
    begin = anchor.begin - days * DAY if is_past else anchor.begin
    end = anchor.end if is_past else anchor.end + days * DAY
    far = f"{_coarse(begin if is_past else end - 1, mention.vague)}~"
    near = edtf_day((anchor.end - 1 if is_past else anchor.begin) // DAY)
    edtf = f"{far}/{near}" if is_past else f"{near}/{far}"
    return Placement(begin, end, edtf, mention.vague, Shape.VAGUE, soft_begin=is_past, soft_end=not is_past)


def _coarse(seconds: int, granularity: str) -> str:
    year, month, _ = civil(seconds // DAY)
    if granularity in ("month", "year", "decade"):
        return edtf_year(year)
    return f"{edtf_year(year)}-{month:02d}"


def _place_duration(mention: Mention, timex: Timex, dct: date | datetime | None) -> Placement | None:
    """A duration has a place only when the text ties one of its ends to the anchor."""
    if mention.point and (here := bounds(mention.point)):
        return _with_signal(mention.signal, timex, here)
    anchor = _anchor(mention, dct) if mention.perfect else None
    if anchor is None:
        return None
    until = edtf_day((anchor.end - 1) // DAY)
    size = length(timex.value)
    if size is None:
        return _place_unsaid(timex.value, anchor, until)
    begin = (add_months(anchor.begin // DAY, -size.months) - size.days) * DAY - size.seconds
    if size.seconds:
        return Placement(
            begin, anchor.end, f"{edtf_day(begin // DAY)}~/{until}", "hour", Shape.STRETCH, soft_begin=True
        )
    year, month, _ = civil(begin // DAY)
    name = edtf_day(begin // DAY) if size.days and not size.months else f"{edtf_year(year)}-{month:02d}"
    if size.granularity == "year" and size.months >= 60:
        name = edtf_year(year)
    return Placement(begin, anchor.end, f"{name}~/{until}", size.granularity, Shape.STRETCH, soft_begin=True)


def _place_unsaid(value: str, anchor: Bounds, until: str) -> Placement | None:
    """ "in the past few days": ends at the anchor; how long is not said, so the beginning is soft and approximate."""
    match = _UNSAID.match(value)
    if match is None:
        return None
    unit = "hour" if value.startswith("PT") else _UNSAID_UNITS.get(match[1], "")
    if not unit:
        return Placement(None, anchor.end, f"../{until}", "century", Shape.VAGUE, soft_begin=True)
    begin = anchor.begin - _VAGUE_DAYS[unit] * DAY
    edtf = f"{_coarse(begin, unit)}~/{until}"
    return Placement(begin, anchor.end, edtf, unit, Shape.VAGUE, soft_begin=True)
