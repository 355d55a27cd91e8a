"""How dates are said to a person."""

import pytest

from timeline.model import Placement, Shape, Timex, TimexType
from timeline.temporal.bounds import bounds, instant
from timeline.wording import say_placement, say_value


def at(value: str, mod: str | None = None) -> str:
    """Said as a plain date with that value."""
    unit = bounds(value)
    assert unit is not None
    placement = Placement(unit.begin, unit.end, unit.edtf, unit.granularity, Shape.MOMENT)
    return say_placement(placement, Timex(TimexType.DATE, value, mod))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2025", "2025"),
        ("2025-11", "November 2025"),
        ("2025-11-06", "6 November 2025"),
        ("2025-W45", "the week of 3–9 November 2025"),
        ("2025-W01", "the week of 30 December 2024 – 5 January 2025"),
        ("2025-SU", "summer 2025 (June–August)"),
        ("2025-Q3", "the third quarter of 2025"),
        ("199", "the 1990s"),
        ("18", "the 19th century"),
        ("20", "the 21st century"),
        ("BC03", "the 4th century BC"),
        ("BC0044", "44 BC"),
        ("2025-11-06T14:30", "6 November 2025, 14:30"),
        ("2025-11-06TNI", "night of 6 November 2025"),
    ],
)
def test_a_value_is_said_as_a_person_says_it(value: str, said: str) -> None:
    assert at(value) == said


def test_open_ends_and_soft_edges_are_said() -> None:
    since = Placement(instant(2023), None, "2023/..", "year", Shape.OPEN)
    until = Placement(None, instant(2020), "../2019", "year", Shape.OPEN)
    about = Placement(
        instant(2023, 11, 6), instant(2025, 11, 7), "2023-11~/2025-11-06", "year", Shape.STRETCH, soft_begin=True
    )
    assert say_placement(since) == "since 2023"
    assert say_placement(until) == "up to 2019"
    assert say_placement(about) == "about November 2023 – 6 November 2025"


@pytest.mark.parametrize(
    ("value", "mod", "said"),
    [
        ("P21M", None, "21 months"),
        ("P2Y", "LESS_THAN", "less than 2 years"),
        ("P1D", None, "1 day"),
        ("PT1M30S", None, "1 minute 30 seconds"),
        ("P1Y", "APPROX", "about 1 year"),
        ("PXY", None, "an unsaid length of time"),
    ],
)
def test_a_duration_is_said_with_its_modifier(value: str, mod: str | None, said: str) -> None:
    assert say_value(Timex(TimexType.DURATION, value, mod)) == said
