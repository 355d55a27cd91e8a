"""dateparser reads full calendar dates as we do; where the two differ, here is which is right."""

from datetime import date

import pytest

from timeline.temporal import dateparsing, extract, values
from timeline.temporal.values import Cal

DCT = date(2024, 3, 15)


def _day(year: int, month: int, day: int) -> Cal | None:
    return values.day(year, month, day)


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("6 November 2025", "en", _day(2025, 11, 6)),
        ("Nov. 6, 2025", "en", _day(2025, 11, 6)),
        ("Jan. 5 , 2011", "en", _day(2011, 1, 5)),
        ("6. November 2025", "de", _day(2025, 11, 6)),
        ("6 de noviembre de 2025", "es", _day(2025, 11, 6)),
    ],
)
def test_dateparser_reads_a_full_date(written: str, language: str, day: Cal) -> None:
    assert dateparsing.parse(written, language) == day


def test_the_explanation_says_when_dateparser_read_a_date() -> None:
    (mention,) = extract("It opened on 6 November 2025.", DCT)
    assert "dateparser" in mention.explanation.steps[0]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("the 1990s", "199"),  # dateparser: 1,990 seconds ago
        ("in 2021", "2021"),  # dateparser: a day
        ("31 February 2020", None),  # dateparser: nothing, or another day
        ("in 44 BC", "BC0044"),  # dateparser: nothing
        ("the third quarter of 2022", "2022-Q3"),  # dateparser: without its quarter
        ("spring 2020", "2020-SP"),  # dateparser: a day of 2020
        ("last week", "2024-W10"),  # dateparser: the day seven days ago
        ("the 12th century", "11"),  # dateparser: nothing
    ],
)
def test_where_dateparser_differs_ours_is_right(text: str, ours: str | None) -> None:
    (mention,) = extract(text, DCT)
    assert (mention.timex.value if mention.timex else None) == ours
    spoken = dateparsing.parse(text, "en")
    assert spoken is None or ours is None or values.spell(spoken) != ours


def test_what_dateparser_does_not_know_is_no_error() -> None:
    assert dateparsing.parse("6 November 2025", "xx") is None
    assert dateparsing.parse("x" * 100, "en") is None
    assert dateparsing.parse("31 February 2020", "en") is None
