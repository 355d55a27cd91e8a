"""Calendar units count, contain each other and are spelled as TimeBank spells them, in any year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import values
from timeline.temporal.bounds import bounds
from timeline.temporal.values import Cal

UNITS = ("day", "week", "weekend", "month", "quarter", "half", "season", "year", "decade", "century")


@given(st.integers(-3_000_000, 5_000_000), st.sampled_from(UNITS))
def test_a_unit_contains_the_day_it_was_made_from(number: int, unit: str) -> None:
    cal = values.containing(unit, number)
    if unit != "weekend":  # the Monday to Friday before it belong to no weekend
        assert values.first_day(cal) <= number < values.first_day(cal.shift(1))
    assert values.within(cal, "day").index == values.first_day(cal)


@given(st.dates())
def test_days_and_weeks_are_spelled_as_iso_8601_has_them(day: date) -> None:
    number = day.toordinal() - 1
    year, week, weekday = day.isocalendar()
    assert values.spell(Cal("day", number)) == day.isoformat()
    assert values.spell(values.containing("week", number)) == f"{year:04d}-W{week:02d}"
    assert values.weekday_of(number) == weekday


@pytest.mark.parametrize(
    ("cal", "spelled"),
    [
        (values.year(2025), "2025"),
        (values.year(-43), "BC0044"),
        (values.year(12025), "12025"),
        (values.month(2025, 11), "2025-11"),
        (values.season(2025, "SU"), "2025-SU"),
        (Cal("quarter", 2025 * 4 + 2), "2025-Q3"),
        (Cal("half", 2025 * 2), "2025-H1"),
        (Cal("decade", 199), "199"),
        (Cal("century", 18), "18"),
        (Cal("century", -5), "BC04"),
    ],
)
def test_units_are_spelled_as_timebank_spells_them(cal: Cal, spelled: str) -> None:
    assert values.spell(cal) == spelled


@given(st.integers(1, 9999), st.integers(0, 5000))
def test_what_is_spelled_can_be_placed(year: int, index: int) -> None:
    for cal in (values.year(year), Cal("month", year * 12 + index % 12), Cal("quarter", year * 4 + index % 4)):
        found = bounds(values.spell(cal))
        assert found is not None
        assert found.begin == values.first_day(cal) * 86_400
        assert found.end == values.first_day(cal.shift(1)) * 86_400


@pytest.mark.parametrize(
    ("amount", "unit", "spelled"),
    [
        (21, "month", "P21M"),
        (2.5, "year", "P2Y6M"),
        (0.5, "hour", "PT30M"),
        (3, "quarter", "P9M"),
        (2, "fortnight", "P4W"),
        (2, "decade", "P20Y"),
        ("X", "year", "PXY"),
        ("X", "hour", "PTXH"),
        (1.5, "month", "P1M15D"),
    ],
)
def test_lengths_are_spelled(amount: float | str, unit: str, spelled: str) -> None:
    assert values.duration(amount, unit) == spelled


def test_there_is_no_31_february() -> None:
    assert values.day(2025, 2, 31) is None
    assert values.day(2023, 2, 29) is None
    assert values.day(2024, 2, 29) is not None


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (1961, "1961-04-02")])
def test_easter_falls_where_the_church_says(year: int, day: str) -> None:
    assert values.spell(Cal("day", values.easter(year))) == day
