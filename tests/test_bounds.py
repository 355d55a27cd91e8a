"""Values on the line, checked against Python's own calendar and by hand where it has none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal.bounds import (
    add_months,
    bounds,
    civil,
    day_number,
    days_in_month,
    format_instant,
    instant_of,
    parse_instant,
)


@given(st.dates())
def test_day_numbers_agree_with_pythons_calendar(day: date) -> None:
    number = day_number(day.year, day.month, day.day)
    assert number == (day - date(1, 1, 1)).days
    assert civil(number) == (day.year, day.month, day.day)


@given(st.integers(-3_000_000_000, 3_000_000_000))
def test_civil_is_the_inverse_of_day_number_for_any_year(number: int) -> None:
    year, month, day = civil(number)
    assert day_number(year, month, day) == number
    assert 1 <= day <= days_in_month(year, month)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_week_holds_the_day_it_is_named_after(day: date) -> None:
    year, week, weekday = day.isocalendar()
    found = bounds(f"{year:04d}-W{week:02d}")
    assert found is not None
    assert found.begin == instant_of(day - timedelta(days=weekday - 1))
    assert found.end - found.begin == 7 * 86_400


@pytest.mark.parametrize(
    ("value", "begin", "end", "edtf", "granularity"),
    [
        ("2025", "2025-01-01", "2026-01-01", "2025", "year"),
        ("2025-11", "2025-11-01", "2025-12-01", "2025-11", "month"),
        ("2024-02-29", "2024-02-29", "2024-03-01", "2024-02-29", "day"),
        ("2025-W45", "2025-11-03", "2025-11-10", "2025-11-03/2025-11-09", "week"),
        ("2025-W45-WE", "2025-11-08", "2025-11-10", "2025-11-08/2025-11-09", "weekend"),
        ("2025-Q3", "2025-07-01", "2025-10-01", "2025-35", "quarter"),
        ("2025-H2", "2025-07-01", "2026-01-01", "2025-41", "half"),
        ("2025-SU", "2025-06-01", "2025-09-01", "2025-22", "season"),
        ("2024-WI", "2024-12-01", "2025-03-01", "2024-24", "season"),
        ("199", "1990-01-01", "2000-01-01", "199X", "decade"),
        ("19", "1900-01-01", "2000-01-01", "19XX", "century"),
        ("BC0044", "-0043-01-01", "-0042-01-01", "-0043", "year"),
        ("BC0001", "0000-01-01", "0001-01-01", "0000", "year"),
        ("BC03", "-0398-01-01", "-0298-01-01", "-0398/-0299", "century"),
        ("12000", "Y12000-01-01", "Y12001-01-01", "Y12000", "year"),
        ("2025-11-06T14:30", "2025-11-06T14:30", "2025-11-06T14:31", "2025-11-06T14:30:00", "minute"),
        ("2025-11-06TMO", "2025-11-06T06:00", "2025-11-06T12:00", "2025-11-06", "part of day"),
        ("2025-11-06TNI", "2025-11-06T18:00", "2025-11-07T06:00", "2025-11-06", "part of day"),
    ],
)
def test_a_value_covers_exactly_its_unit(value: str, begin: str, end: str, edtf: str, granularity: str) -> None:
    found = bounds(value)
    assert found is not None
    assert (format_instant(found.begin), format_instant(found.end)) == (begin, end)
    assert (found.edtf, found.granularity) == (edtf, granularity)


@pytest.mark.parametrize(
    "value", ["PAST_REF", "PRESENT_REF", "XXXX-12-25", "2025-02-31", "2025-13", "2025-W60", "", "P3D", "T14:30"]
)
def test_what_names_no_stretch_has_no_bounds(value: str) -> None:
    assert bounds(value) is None


@given(st.text(max_size=20))
def test_any_string_is_answered_without_an_exception(value: str) -> None:
    found = bounds(value)
    assert found is None or found.begin < found.end


def test_adding_months_never_leaves_the_month() -> None:
    assert civil(add_months(day_number(2024, 1, 31), 1)) == (2024, 2, 29)
    assert civil(add_months(day_number(2024, 3, 31), -13)) == (2023, 2, 28)
    assert civil(add_months(day_number(1, 1, 15), -1)) == (0, 12, 15)


def test_a_person_types_a_date_and_is_told_when_it_is_none() -> None:
    assert format_instant(parse_instant(" 2025-11 ")) == "2025-11-01"
    with pytest.raises(ValueError, match="write it as"):
        parse_instant("last Tuesday")
