"""Seasons: the winter, which two years share, is named by one of them and lies in both."""

from datetime import date

import pytest

from timeline import extract
from timeline.model import Mention
from timeline.temporal.placing import place

_STORY = (  # history, far from the document's date
    "The army marched in 1915 and was beaten in 1916. In {} it camped by the lake. {} "
    "The river was crossed in 1921, the town was taken in 1922, its walls were razed in 1923 and rebuilt in 1925, "
    "and nobody who had been there in 1916 was left."
)


def _one(text: str, expression: str, dct: date) -> Mention:
    return next(mention for mention in extract(text, dct) if mention.text == expression)


def _told(mention: Mention, dct: date) -> tuple[str, str]:
    placement = place(mention, dct)
    assert mention.timex is not None
    assert placement is not None
    return mention.timex.value, placement.edtf


@pytest.mark.parametrize(
    ("said", "value", "edtf"),
    [
        (date(2024, 1, 10), "2024-WI", "2023-12-01/2024-02-29"),
        (date(2023, 12, 10), "2023-WI", "2023-24"),
        (date(2024, 6, 10), "2023-WI", "2023-24"),
    ],
)
def test_a_winter_said_after_new_year_is_named_by_that_year_and_began_before_it(
    said: date, value: str, edtf: str
) -> None:
    assert _told(_one("The winter was hard on the sheep.", "The winter", said), said) == (value, edtf)


@pytest.mark.parametrize("month", ["October 1919", "January 1920"])
def test_in_a_story_the_winter_that_comes_or_is_there_is_named_by_its_end(month: str, dct: date) -> None:
    text = _STORY.format(month, "Many died that winter. The winter was hard.")
    assert _told(_one(text, "The winter", dct), dct) == ("1920-WI", "1919-12-01/1920-02-29")


@pytest.mark.parametrize(
    ("text", "expression", "value", "edtf"),
    [
        ("They fought in the winter and spring of 1920.", "the winter", "1920-WI", "1919-12-01/1920-02-29"),
        ("They fought in the summer and winter of 1920.", "winter of 1920", "1920-WI", "1920-24"),
        ("They fought in the winter of 1920.", "the winter of 1920", "1920-WI", "1920-24"),
    ],
)
def test_a_winter_beside_another_season_lies_where_the_order_of_the_two_puts_it(
    text: str, expression: str, value: str, edtf: str, dct: date
) -> None:
    assert _told(_one(text, expression, dct), dct) == (value, edtf)


def test_other_languages_name_a_winter_by_its_beginning() -> None:
    said = date(2024, 1, 10)
    (mention,) = extract("Im Winter schneite es viel.", said, language="de")
    assert _told(mention, said) == ("2023-WI", "2023-24")
