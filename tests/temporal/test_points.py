"""Lengths of time that lead to a date: TIMEX3 values them as durations, the line places them where they lead."""

from datetime import date

import pytest

from timeline.model import TimexType
from timeline.temporal import extract
from timeline.temporal.placing import place

DCT = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("language", "text", "value", "edtf"),
    [
        ("es", "Murió hace tres días.", "P3D", "2024-03-12"),
        ("es", "La fábrica cerró hace dos años.", "P2Y", "2022"),
        ("es", "Vive allí desde hace cinco años.", "P5Y", "2019/.."),
        ("es", "El plazo vence dentro de diez días.", "P10D", "2024-03-25"),
        ("it", "È morto tre giorni fa.", "P3D", "2024-03-12"),
        ("it", "La fabbrica ha chiuso vent'anni fa.", "P20Y", "2004"),
    ],
)
def test_a_length_that_leads_to_a_date_lies_there(language: str, text: str, value: str, edtf: str) -> None:
    (mention,) = extract(text, DCT, language)
    assert mention.timex is not None
    assert (mention.timex.type, mention.timex.value) == (TimexType.DURATION, value)
    placement = place(mention, DCT)
    assert placement is not None
    assert placement.edtf == edtf


@pytest.mark.parametrize(("language", "text"), [("es", "Duró tres días."), ("it", "È durato tre giorni.")])
def test_a_mere_length_leads_nowhere(language: str, text: str) -> None:
    (mention,) = extract(text, DCT, language)
    assert not mention.point
    assert place(mention, DCT) is None


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("es", "Se celebró el domingo 8 de marzo.", "2020-03-08"),
        ("it", "Si è tenuto domenica 8 marzo.", "2020-03-08"),
        ("pt", "Realizou-se no domingo, 8 de março.", "2020-03-08"),
    ],
)
def test_the_weekday_said_with_a_day_tells_its_year(language: str, text: str, value: str) -> None:
    (mention,) = extract(text, date(2021, 1, 10), language)
    assert mention.timex is not None
    assert mention.timex.value == value
