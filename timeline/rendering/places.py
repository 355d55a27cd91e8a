"""Under which heading a card stands: never one that is finer than what the statement says."""

from dataclasses import dataclass

from timeline.model import Placement, Shape
from timeline.rendering.phrases import say, say_weekday
from timeline.store import EventRow
from timeline.temporal.bounds import DAY, civil, day_number
from timeline.wording import MONTHS, say_century, say_year

_SATURDAY = 5
# From fine to coarse; what is coarser than its neighbour stands before it.
_UNITS = ("day", "weekend", "week", "month", "quarter", "half", "year", "decade", "century")
_UNIT_OF = {
    "second": "day",
    "minute": "day",
    "hour": "day",
    "part of day": "day",
    "season": "quarter",
    "millennium": "century",
}
_CLOCK = ("second", "minute", "hour")
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands among the headings; month and day are 0 where its heading is coarser."""

    year: int
    month: int
    day: int
    unit: str  # of its heading: one of _UNITS, or "none"

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Time order, and the coarser heading first."""
        rank = -_UNITS.index(self.unit) if self.unit in _UNITS else 0
        wide = rank if self.unit in ("decade", "century") else 1
        return (self.year, wide, self.month, self.day, rank)

    @property
    def wide(self) -> str:
        """The outermost heading: a year, a decade, a century."""
        if self.unit == "none":
            return str(say("not_dated"))
        if self.unit == "decade" and self.year > 0:
            return f"The {self.year - self.year % 10}s"
        if self.unit == "century":  # 1700 to 1799, 500 to 401 BC
            said = say_century(self.year - (self.year % 100 if self.year > 0 else (self.year - 1) % 100))
            return said[0].upper() + said[1:]
        return say_year(self.year)

    @property
    def middle(self) -> str:
        """The heading of its month, or of the months it is known no finer than: "March", "March–May"."""
        if not self.month:
            return ""
        first, count = MONTHS[self.month - 1], _MONTHS_OF.get(self.unit, 1)
        return first if count == 1 else f"{first}–{MONTHS[(self.month + count - 2) % 12]}"

    @property
    def narrow(self) -> tuple[str, str]:
        """The innermost heading and what is said beside it; empty where the month or the year says all."""
        if not self.day:
            return "", ""
        name = f"{self.day} {MONTHS[self.month - 1]}"
        number = day_number(self.year, self.month, self.day)
        return (name, say_weekday(number % 7)) if self.unit == "day" else (str(say(f"{self.unit}_of", day=name)), "")


def place_of(row: EventRow) -> Place:
    """The heading an event belongs under: as fine as the edge it is sorted by is asserted, and no finer."""
    placement = row.event.placement
    unit = _unit(placement)
    if placement.begin is None and unit in _MONTHS_OF:  # sorted by its end: the month before it
        unit = "month"
    return _place(row.sort // DAY, unit)


def place_reported(row: EventRow) -> Place:
    """The heading of the day an event was reported on."""
    if row.document.dct is None:
        return Place(0, 0, 0, "none")
    year, month, day = (int(part) for part in row.document.dct.split("-"))
    return Place(year, month, day, "day")


def _place(number: int, unit: str) -> Place:
    year, month, day = civil(number)
    if unit in ("year", "decade", "century"):
        return Place(year, 0, 0, unit)
    if unit in _MONTHS_OF:
        return Place(year, month, 0, unit)
    if unit in ("week", "weekend"):  # under its Monday or Saturday, but on the page of its month
        back = number % 7 if unit == "week" else max(0, number % 7 - _SATURDAY)
        return Place(year, month, max(1, day - back), unit)
    return Place(year, month, day, "day")


def _unit(placement: Placement) -> str:
    """How exactly the begin (or, where none is said, the end) is known."""
    first, _, last = placement.edtf.partition("/")
    edge = first if placement.begin is not None else last
    unit = _written(edge.rstrip("~"), placement.granularity)
    if placement.shape is Shape.VAGUE:
        return _coarser(unit, "month")
    if placement.shape is Shape.STRETCH:  # its granularity is that of its finer end
        is_about = edge.endswith("~") and placement.granularity not in _CLOCK
        return _coarser(unit, "month") if is_about else unit
    unit = _coarser(unit, _UNIT_OF.get(placement.granularity, placement.granularity))
    return _coarser(unit, "month") if edge.endswith("~") and unit == "day" else unit


def _written(edge: str, granularity: str) -> str:
    """The unit an edge is written in."""
    if "X" in edge:
        return "decade" if edge.count("X") == 1 else "century"
    _, *rest = edge.lstrip("-").split("-")
    if not rest:
        return "year"
    if len(rest) == 1:
        return "month"
    return granularity if granularity in ("week", "weekend") else "day"


def _coarser(one: str, other: str) -> str:
    return max(one, other, key=_UNITS.index)
