"""Dates of other calendars: their Gregorian days, what is said of their doubt, and the days of the year they move."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import extract, nameddays, packs, values
from timeline.temporal.placing import place
from timeline.temporal.reckonings import RECKONINGS

DCT = date(2024, 3, 15)

# As the days were kept (in most of the Islamic world; elsewhere a day later), 2019 to 2025.
KEPT = {
    "ramadan": "2019-05-06 2020-04-24 2021-04-13 2022-04-02 2023-03-23 2024-03-11 2025-03-01",
    "eid-al-fitr": "2019-06-04 2020-05-24 2021-05-13 2022-05-02 2023-04-21 2024-04-10 2025-03-30",
    "eid-al-adha": "2019-08-11 2020-07-31 2021-07-20 2022-07-09 2023-06-28 2024-06-16 2025-06-06",
    "ashura": "2019-09-09 2020-08-29 2021-08-18 2022-08-08 2023-07-28 2024-07-16 2025-07-05",
    "islamic-new-year": "2019-08-31 2020-08-20 2021-08-09 2022-07-30 2023-07-19 2024-07-07 2025-06-26",
    "nowruz": "2019-03-21 2020-03-20 2021-03-21 2022-03-21 2023-03-21 2024-03-20 2025-03-21",
    "rosh-hashanah": "2019-09-30 2020-09-19 2021-09-07 2022-09-26 2023-09-16 2024-10-03 2025-09-23",
    "passover": "2019-04-20 2020-04-09 2021-03-28 2022-04-16 2023-04-06 2024-04-23 2025-04-13",
    "purim": "2019-03-21 2020-03-10 2021-02-26 2022-03-17 2023-03-07 2024-03-24 2025-03-14",
    "hanukkah": "2019-12-23 2020-12-11 2021-11-29 2022-12-19 2023-12-08 2024-12-26 2025-12-15",
    "lunar-new-year": "2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29",
    "diwali": "2019-10-27 2020-11-14 2021-11-04 2022-10-24 2023-11-12 2024-10-31 2025-10-20",
    "orthodox0": "2019-04-28 2020-04-19 2021-05-02 2022-04-24 2023-04-16 2024-05-05 2025-04-20",
}


@pytest.mark.parametrize("name", KEPT)
def test_a_moving_day_is_the_day_it_was_kept(name: str) -> None:
    found = [nameddays.find(name, year) for year in range(2019, 2026)]
    assert " ".join(values.spell(cal) for cal in found if cal) == KEPT[name]


@pytest.mark.parametrize("code", packs.languages())
def test_every_named_day_of_a_pack_falls_on_some_day(code: str) -> None:
    names = {
        str(name) for kind, words in packs.load(code).classes.items() if "holiday" in kind for name in words.values()
    }
    assert not [name for name in names if nameddays.find(name, 2024) is None]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("en", "on 22 Bahman 1403", "2025-02-10"),
        ("en", "15 Ramadan 1445 AH", "2024-03-25"),
        ("ar", "١٥ رمضان ١٤٤٥ هـ", "2024-03-25"),
        ("tr", "15 Ramazan 1445", "2024-03-25"),
        ("en", "25 Kislev 5784", "2023-12-08"),
        ("ja", "令和6年5月1日", "2024-05-01"),
        ("zh", "民國113年5月20日", "2024-05-20"),
        ("th", "6 พฤศจิกายน พ.ศ. 2567", "2024-11-06"),
        ("en", "in 2567 BE", "2024"),
    ],
)
def test_a_date_of_another_calendar_is_its_gregorian_day(code: str, text: str, value: str) -> None:
    assert [mention.timex.value for mention in extract(text, DCT, code) if mention.timex] == [value]


def test_the_explanation_names_the_calendar_and_its_doubt() -> None:
    (mention,) = extract("15 Ramadan 1445 AH", DCT, "en")
    assert mention.explanation.steps == (
        "day 15 of month 9 of 1445 in the Islamic calendar",
        "where the moon is sighted it may be a day earlier or later",
    )


def test_a_month_of_another_calendar_keeps_its_own_days() -> None:
    (mention,) = extract("in Bahman 1403", DCT, "en")
    assert mention.timex is not None
    assert (mention.timex.value, mention.timex.mod) == ("2025-02", "APPROX")
    placement = place(mention, DCT)
    assert placement is not None
    assert (placement.edtf, placement.soft_begin, placement.soft_end) == ("2025-01-20/2025-02-18", False, False)


def test_a_day_the_calendar_does_not_have_is_shown_without_a_value() -> None:
    (mention,) = extract("on 31 Mehr 1403", DCT, "en")
    assert mention.timex is None
    assert mention.explanation.steps == ("there is no day 31 of month 7 of 1403 in the Persian calendar",)


@given(st.sampled_from(sorted(RECKONINGS)), st.integers(1, 730_000))
def test_every_day_lies_in_the_year_that_holds_it(name: str, day: int) -> None:
    reckoning = RECKONINGS[name]
    bounds = reckoning.year(reckoning.year_with(day))
    if bounds and reckoning.first(reckoning.years[0], next(iter(reckoning.order(reckoning.years[0])))) <= day:
        assert bounds[0] <= day < bounds[1] or reckoning.year_with(day) == reckoning.years[-1]


@given(st.sampled_from(sorted(RECKONINGS)), st.integers(-10, 10_000), st.integers(-3, 20), st.integers(-3, 40))
def test_no_numbers_break_a_reckoning(name: str, year: int, month: int, day: int) -> None:
    found = RECKONINGS[name].day(year, month, day)
    assert found is None or RECKONINGS[name].year_with(found) in (year - 1, year, year + 1)
