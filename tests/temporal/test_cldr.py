"""What CLDR writes in the languages with a pack made by hand is read back: dates, months, so long ago, so far ahead."""

from datetime import date, timedelta

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta

from timeline.temporal import extract, packs

DCT = date(2024, 3, 15)  # a Friday
DAYS = [date(2025, month, 6) for month in range(1, 13)]
LENGTHS = {"year": 365, "month": 30.5, "week": 7, "day": 1}


def _values(text: str, code: str) -> list[str | None]:
    return [mention.timex.value if mention.timex else None for mention in extract(text, DCT, code)]


@pytest.mark.parametrize("form", ["medium", "long", "full"])
@pytest.mark.parametrize("code", packs.languages())
def test_every_date_of_cldr_is_read(code: str, form: str) -> None:
    texts = {format_date(day, form, Locale.parse(code)): day for day in DAYS}
    wrong = {text: found for text, day in texts.items() if (found := _values(text, code)) != [day.isoformat()]}
    assert not wrong


@pytest.mark.parametrize("code", packs.languages())
def test_every_month_of_cldr_is_read(code: str) -> None:
    texts = {format_skeleton("yMMMM", day, locale=Locale.parse(code)): f"{day:%Y-%m}" for day in DAYS}
    wrong = {text: found for text, month in texts.items() if (found := _values(text, code)) != [month]}
    assert not wrong


@pytest.mark.parametrize("way", [-1, 1])
@pytest.mark.parametrize("unit", LENGTHS)
@pytest.mark.parametrize("code", packs.languages())
def test_so_long_ago_and_so_far_ahead_are_read_as_cldr_writes_them(code: str, unit: str, way: int) -> None:
    wrong = {}
    for count in (1, 2, 3, 5):
        length = timedelta(days=LENGTHS[unit] * count * way)
        threshold = 1 if unit == "year" else 99
        text = format_timedelta(length, unit, threshold, add_direction=True, locale=code)  # type: ignore[arg-type]
        # In some languages the value is the length (P3D); the date it leads to then stands beside it.
        found = [
            mention.point or (mention.timex.value if mention.timex else "") for mention in extract(text, DCT, code)
        ]
        is_past = [value < DCT.isoformat()[: len(value)] for value in found]
        if is_past != [way < 0] and not (unit == "week" and len(found) == 1):  # weeks compare by their own spelling
            wrong[text] = found
    assert not wrong
