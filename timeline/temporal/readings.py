"""What a meaning takes and gives: slots, anchors, readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from timeline.model import AnchorSource, TimexType
from timeline.temporal.packs import Scalar
from timeline.temporal.values import Cal, civil, spell, within


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a relative expression is counted from."""

    cal: Cal
    source: AnchorSource
    seconds: int | None = None  # of the day, when the anchor is known to the second
    span: tuple[int, int] | None = None

    @property
    def value(self) -> str:
        """Its TIMEX3 value."""
        if self.seconds is None:
            return spell(self.cal)
        return f"{spell(self.cal)}T{self.seconds // 3600:02d}:{self.seconds // 60 % 60:02d}"


@dataclass(slots=True)
class Reading:
    """What a meaning makes of a match."""

    type: TimexType
    value: str
    cal: Cal | None = None  # the calendar unit, when it is one
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None
    steps: tuple[str, ...] = ()
    anchor: Anchor | None = None
    clock: str | None = None  # "T10:30", "TMO": the time of day within the value
    half: str = ""  # AM or PM, when a word beside the hour told it
    has_day: bool = True  # a time of day whose day was said, not filled in
    is_vague: bool = False
    is_ambiguous: bool = False
    is_impossible: bool = False
    lacks_year: bool = False  # a day, month, season or quarter of a year not said, found near the anchor
    is_comparison: bool = False  # "a year earlier": said to compare with, the text does not go on from there
    unit: str = ""  # the unit of a duration, or the granularity of a date
    stretch: str = ""  # its days, first/last, where the value only comes near: a month of another calendar, a winter


class Slots:
    """What a rule captured, and its constants."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Scalar]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def integer(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self._values.get(name)
        if isinstance(value, (int, float)):
            return int(value)
        return int(value) if value is not None and value.isdecimal() else None

    def amount(self, name: str) -> float | str | None:
        """A number or "X"."""
        value = self._values.get(name)
        if isinstance(value, (int, float)):
            return value
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        return "X" if value is not None else None

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers are spelled."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def under(self, prefix: str) -> "Slots":
        """The slots whose name begins with a prefix, without it."""
        return Slots({k.removeprefix(prefix): v for k, v in self._values.items() if k.startswith(prefix)})


def anchor_of(moment: date | datetime | None, source: AnchorSource) -> Anchor | None:
    """The day of a moment, with its time when it has one."""
    if moment is None:
        return None
    seconds = None
    if isinstance(moment, datetime) and (moment.hour or moment.minute or moment.second):
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Anchor(Cal("day", moment.toordinal() - 1), source, seconds)


def year_at(anchor: Anchor) -> int:
    """The year of an anchor."""
    return within(anchor.cal, "year").index


def month_at(anchor: Anchor) -> tuple[int, int]:
    """Year and month of an anchor."""
    index = within(anchor.cal, "month").index
    return index // 12, index % 12 + 1


def day_at(anchor: Anchor) -> tuple[int, int, int]:
    """Year, month and day of an anchor's first day."""
    return civil(within(anchor.cal, "day").index)
