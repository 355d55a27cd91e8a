"""Meanings of durations and sets."""

from timeline.model import TimexType
from timeline.temporal.normalisation import Context
from timeline.temporal.readings import Reading, Slots
from timeline.temporal.values import UNIT_LETTERS, duration, spell_number

_RANK = {unit: rank for rank, unit in enumerate(UNIT_LETTERS)}  # from the longest to the shortest
_MOST = 1e12  # beyond this a number is not a length of time


def _length(amount: float | str, unit: str, steps: tuple[str, ...] = ()) -> Reading:
    return Reading(TimexType.DURATION, duration(amount, unit), steps=steps or ("the length as written",), unit=unit)


def span(slots: Slots, ctx: Context) -> Reading | None:
    """N units: `number` defaults to 1, "X" when none is said; `number2` + `unit2` add a second length."""
    unit = slots.text("unit")
    amount = slots.amount("number")
    amount = 1 if amount is None else amount
    if part := slots.text("daypart"):  # "two nights"
        said = amount if isinstance(amount, str) else spell_number(amount)
        return Reading(TimexType.DURATION, f"PT{said}{part}", steps=("the parts of days as written",), unit="daypart")
    if unit not in UNIT_LETTERS or (not isinstance(amount, str) and not 0 <= amount < _MOST):
        return None
    extra = slots.amount("extra")  # "a year and a half"
    if extra is not None and not isinstance(amount, str) and not isinstance(extra, str):
        amount += extra
    reading = _length(amount, unit)
    reading.value = ctx.length(amount, unit)
    tail_unit, tail = slots.text("unit2"), slots.amount("number2")
    for tail_unit, tail in (
        (slots.text("unit2"), slots.amount("number2")),
        (slots.text("unit3"), slots.amount("number3")),
    ):
        if tail_unit and _RANK[tail_unit] <= _RANK[unit]:
            return None  # "three weeks, two years" are two lengths
        if tail_unit:
            reading.value = _joined(reading.value, duration(1 if tail is None else tail, tail_unit))
    reading.mod = slots.text("mod") or None
    return reading


def _joined(first: str, second: str) -> str:
    """P2Y and P3M → P2Y3M; PT1H and PT30M → PT1H30M; P1D and PT2H → P1DT2H."""
    second = second[1:]
    if second.startswith("T") and "T" in first:
        second = second[1:]
    return first + second


def recurrence(slots: Slots, ctx: Context) -> Reading | None:  # noqa: ARG001 - meanings share one signature
    """Every, each, daily, "twice a month", "on Mondays": a SET with `quant` and `freq`."""
    quant, freq = slots.text("quant") or None, slots.text("freq") or None
    times = slots.amount("times")
    if times is not None and not isinstance(times, str):
        freq = f"{int(times)}X"
    if often := slots.text("freq_unit"):  # "three days a week"
        count = slots.amount("freq_number")
        freq = duration(1 if count is None else count, often).lstrip("PT")
    value = slots.text("value")
    number = slots.amount("number")
    number = 1 if number is None else number
    part = slots.text("daypart")
    if "weekday" in slots:
        value = f"XXXX-WXX-{slots.integer('weekday')}"
    elif "month" in slots:
        day = slots.integer("day")
        value = f"XXXX-{slots.integer('month'):02d}" + (f"-{day:02d}" if day else "")
    elif "season" in slots:
        value = f"XXXX-{slots.text('season')}"
    elif "holiday" in slots:
        value = f"XXXX-{slots.text('holiday')}" if len(slots.text("holiday")) == 5 else "P1Y"
    elif slots.text("unit") == "weekend":
        value = "XXXX-WXX-WE" if number == 1 else duration(number, "weekend")
    elif "unit" in slots:
        value = duration(number, slots.text("unit"))
    if part:
        value = (
            f"{value or 'XXXX-XX-XX'}T{part}"
            if part not in ("noon", "midnight")
            else f"{value or 'XXXX-XX-XX'}T{'12' if part == 'noon' else '24'}:00"
        )
    if not value:
        return None
    return Reading(
        TimexType.SET, value, quant=quant, freq=freq, steps=("a time that comes again and again",), unit="set"
    )
