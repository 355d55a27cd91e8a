"""Cards under their years, months and days, with the silences between them marked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from timeline.rendering.cards import Card, card
from timeline.rendering.phrases import say
from timeline.rendering.places import Place, place_of
from timeline.store import EventRow
from timeline.temporal.bounds import DAY

_MONTH_DAYS = 30.44
# A silence is worth a line when it is long beside what the page spans, and never when it is only days.
_SILENT_SHARE = 12
_SILENT_DAYS = 28


@dataclass(slots=True)
class DayGroup:
    """Cards of one day or week; without a heading those that are known no finer than their month or year."""

    anchor: str
    heading: str
    weekday: str
    cards: list[Card] = field(default_factory=list)
    gap: str = ""


@dataclass(slots=True)
class MonthGroup:
    """One month; without a heading what is said of the whole year."""

    anchor: str
    heading: str
    days: list[DayGroup] = field(default_factory=list)
    gap: str = ""


@dataclass(slots=True)
class YearGroup:
    """One year, or a decade or century of which no more is said."""

    anchor: str
    heading: str
    months: list[MonthGroup] = field(default_factory=list)
    gap: str = ""


def grouped(
    rows: Sequence[EventRow], root: str = "", placed: Callable[[EventRow], Place] = place_of, *, links: bool = True
) -> list[YearGroup]:
    """Years → months → days → cards; without `links` a card points to its document's entry on the same page."""
    at = [(placed(row), row) for row in rows]
    at.sort(key=lambda pair: pair[0].order)  # stable: time order within
    silences = dict(_silences([row for _, row in at])) if placed is place_of else {}
    years: list[YearGroup] = []
    last: Place | None = None
    seen: set[str] = set()
    for index, (place, row) in enumerate(at):
        gap = silences.get(index, "")
        if last is None or place.order[:2] != last.order[:2]:
            years.append(YearGroup(f"y{place.year}{'' if place.order[1] > 0 else place.unit}", place.wide, gap=gap))
            last, gap = None, ""
        year = years[-1]
        if last is None or (place.month, place.middle) != (last.month, last.middle):
            anchor = f"y{place.year}-{place.month}{place.unit if place.unit in ('quarter', 'half') else ''}"
            year.months.append(MonthGroup(anchor, place.middle, gap=gap))
            last, gap = None, ""
        month = year.months[-1]
        if last is None or place.order != last.order:
            month.days.append(_day_group(place, gap))
        last = place
        anchor = f"e-{row.event.id}" if row.event.id not in seen else f"e-{row.event.id}-{row.document.id}"
        seen.add(row.event.id)
        href = "" if links else f"#d-{row.document.id}"
        month.days[-1].cards.append(card(row, root, anchor, href))
    return years


def _day_group(place: Place, gap: str) -> DayGroup:
    kind = place.unit if place.unit in ("week", "weekend") else ""
    return DayGroup(f"y{place.year}-{place.month}-{place.day}{kind}", *place.narrow, gap=gap)


def _silences(rows: Sequence[EventRow]) -> Iterable[tuple[int, str]]:
    """Index of each row before which nothing lay for long, and how to say it. What is open at an end fills no gap."""
    spans = [(row.sort, row.event.placement.end or row.sort) for row in rows]
    if len(spans) < 2:
        return
    threshold = max(_SILENT_DAYS * DAY, (max(s for s, _ in spans) - min(s for s, _ in spans)) // _SILENT_SHARE)
    covered = spans[0][1]
    for index, (begin, end) in enumerate(spans):
        if begin - covered >= threshold:
            yield index, say("gap", length=say_length((begin - covered) // DAY))
        covered = max(covered, end)


def say_length(days: int) -> str:
    """A silence in words: "14 months", "175 years"."""
    months = round(days / _MONTH_DAYS)
    if months >= 24:
        return say("years", n=round(days / 365.25))
    return say("months_long", n=months) if months >= 2 else say("days_long", n=days)
