"""How dates are said to a person."""

from datetime import date

import pytest

from timeline import extract
from timeline.events import compose
from timeline.model import DctSource, Document, Placement, Shape, Timex, TimexType
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It has been shut since the summer of 2023.", "since summer 2023"),
        ("It has been shut since winter 2023.", "since winter 2023/24"),
        ("It was open until spring 2024.", "up to spring 2024"),
        ("It has been shut since the second quarter of 2024.", "since the second quarter of 2024"),
        ("It has been shut since the first half of 2024.", "since the first half of 2024"),
        ("It has been shut since the 18th century.", "since the 18th century"),
        ("It was open before the 1920s.", "before the 1920s"),
        ("It was shut after the summer of 2023.", "after summer 2023"),
        ("It has been shut since late 2023.", "since late 2023"),
        ("It has been shut since mid-2023.", "since mid-2023"),
        ("It has been shut since the late 1990s.", "since the late 1990s"),
        ("It was founded in the early 18th century.", "the early 18th century"),
        ("It was shut in the middle of the 19th century.", "the mid-19th century"),
        ("It has run since about 1890.", "since about 1890"),
        ("It will be ready by the end of 2026.", "up to the end of 2026"),
        ("It has been shut since last week.", "since the week of 27 October – 2 November 2025"),
        ("It has been open since this morning.", "since the morning of 6 November 2025"),
        ("It was shut from spring 2023 to autumn 2024.", "spring 2023 – autumn 2024"),
        ("It was shut from Q1 2023 to Q3 2024.", "the first quarter of 2023 – the third quarter of 2024"),
        ("It lasted from the 1920s to the 1950s.", "the 1920s – the 1950s"),
        ("It was shut from May to July 2024.", "May – July 2024"),
        ("It was shut from 2019 to 2021.", "2019 – 2021"),
    ],
)
def test_an_edge_keeps_the_name_its_text_gave_it(text: str, said: str) -> None:
    document = Document("x.txt", "x", text, "en", date(2025, 11, 6), DctSource.FILE_NAME, "text/plain")
    events = compose(document, extract(text, dct=date(2025, 11, 6), language="en"))
    assert [say_placement(event.placement, event.timex) for event in events] == [said]


def test_an_edge_without_its_expression_is_said_by_its_unit() -> None:
    since = Placement(instant(2023, 6), None, "2023-22/..", "season", Shape.OPEN)
    until = Placement(None, instant(2000), "../199X", "decade", Shape.OPEN)
    assert say_placement(since) == "since summer 2023"
    assert say_placement(until) == "up to the 1990s"
