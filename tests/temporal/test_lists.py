"""What a text says once and means twice: years of lists, days named before, the day of "today"."""

from datetime import date

import pytest

from timeline.temporal import extract

DCT = date(2024, 3, 15)  # a Friday
FILLER = " Der Bericht nennt Zahlen zu Arbeit, Handel und Verkehr in der Region." * 30


def _values(text: str, language: str, dct: date = DCT) -> list[str]:
    return [mention.timex.value for mention in extract(text, dct, language) if mention.timex]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "In February and March 1917 there were strikes.", ["1917-02", "1917-03"]),
        ("de", "Im Dezember und Januar 1918 wurde gestreikt.", ["1917-12", "1918-01"]),
        ("de", "Im Sommer/Herbst 1917 wuchs der Unmut.", ["1917-SU", "1917-FA"]),
        ("fr", "En mars et avril 2020, tout fut fermé.", ["2020-03", "2020-04"]),
        ("es", "En enero y febrero de 2020 cerró.", ["2020-01", "2020-02"]),
    ],
)
def test_what_is_listed_alike_shares_its_year(language: str, text: str, values: list[str]) -> None:
    assert _values(text, language) == values


def test_what_has_its_own_place_borrows_no_year() -> None:
    assert _values("Am Montag und am 5. März 2011 wurde gewählt.", "de") == ["2024-03-11", "2011-03-05"]


def test_a_day_said_by_its_number_is_the_one_of_that_number_named_before() -> None:
    text = "The trial began on 17 July 2019. On the 17th, three witnesses were heard."
    assert _values(text, "en") == ["2019-07-17", "2019-07-17"]


def test_a_month_in_brackets_is_of_the_year_before_them() -> None:
    text = "Two pipes burst in 2019 (in January and in October), none since May."
    assert _values(text, "en") == ["2019", "2019-01", "2019-10", "2023-05"]


def test_last_is_never_ahead_whatever_the_verb() -> None:
    assert _values("Lo scorso 5 maggio ha firmato.", "it") == ["2023-05-05"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Der Rat hat heute den Haushalt beschlossen. Am Montag hatte er beraten, gestern vertagt.", "2024-03-15"),
        ("Die Stadt hat heute 5000 Einwohner. Am Montag hatte der Rat beraten, gestern vertagt.", "PRESENT_REF"),
    ],
)
def test_today_in_long_news_is_the_day_where_something_happens(text: str, value: str) -> None:
    assert _values(text + FILLER[: 1500 - len(text)], "de")[0] == value


def test_today_in_an_essay_is_the_age() -> None:
    assert _values("Man hat heute anderes im Sinn." + FILLER, "de") == ["PRESENT_REF"]


def test_a_present_auxiliary_with_a_participle_tells_the_past() -> None:
    assert _values("Un avion s'est écrasé lundi près de la ville.", "fr") == ["2024-03-11"]
    assert _values("La réunion est lundi à la mairie.", "fr") == ["2024-03-18"]


def test_units_no_month_is_counted_in_are_no_crash() -> None:
    assert "2020-07" in _values("la primera quincena de julio de 2020", "es")


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("zh", "晚上8点到10点停水。", ["T20:00", "T22:00"]),
        ("es", "Desde las 3 de la tarde hasta las 5.", ["T15:00", "T17:00"]),
        ("ja", "会議は午後3時から5時まで続く。", ["T15:00", "T17:00"]),
        ("it", "Dalle tre alle cinque del pomeriggio.", ["T15:00", "T17:00"]),
        ("es", "Abre de 9 de la mañana a 2 de la tarde.", ["T09:00", "T14:00"]),
        ("en", "from 9 pm to 10 am", ["T21:00", "T10:00"]),
    ],
)
def test_an_hour_later_is_in_the_same_half_of_the_day(language: str, text: str, values: list[str]) -> None:
    assert [value[10:] for value in _values(text, language)] == values


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "every Monday, Tuesday and Friday", ["XXXX-WXX-1", "XXXX-WXX-2", "XXXX-WXX-5"]),
        ("nl", "Elke dinsdag en donderdag is er markt.", ["XXXX-WXX-2", "XXXX-WXX-4"]),
        ("ja", "毎週火曜日と木曜日に開く。", ["XXXX-WXX-2", "XXXX-WXX-4"]),
        ("en", "On Mondays she rests and on Tuesday she spoke.", ["XXXX-WXX-1", "2024-03-12"]),
    ],
)
def test_a_weekday_listed_after_one_that_recurs_recurs_too(language: str, text: str, values: list[str]) -> None:
    assert _values(text, language) == values


def test_the_end_of_a_range_of_hours_is_a_time_and_no_length() -> None:
    assert _values("Abre de 9 a 14 horas.", "es") == ["2024-03-15T09:00", "2024-03-15T14:00"]
    assert _values("Dura de 2 a 3 horas.", "es") == ["PT2H", "PT3H"]


def test_a_day_right_after_a_date_is_of_its_month() -> None:
    assert _values("展览定于5月1日至3日举行。", "zh") == ["2024-05-01", "2024-05-03"]
    assert _values("La feria empieza el 25 de mayo y acaba el día 5.", "es") == ["2024-05-25", "2024-06-05"]
