"""Languages without a pack of their own: their generated packs read own sentences right, and leave others alone."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date

from timeline.temporal import dateparsing, engine_version, extract, locales, pack_for, packs

DCT = date(2024, 3, 15)  # a Friday
SENTENCES = tomllib.loads(Path(__file__).with_name("base_packs.toml").read_text("utf-8"))
# CLDR has names in these for which there is no room here: from newer sources than dateparser's, or of two letters.
MONTHS_APART = {"yue"}


def _values(text: str, code: str) -> list[str | None]:
    return [mention.timex.value if mention.timex else None for mention in extract(text, DCT, code)]


def _sentences() -> list[tuple[str, str, list[str]]]:
    return [(c, text, values) for c, table in SENTENCES.items() for text, values in table.items() if text != "nothing"]


def _nothing() -> list[tuple[str, str]]:
    return [(code, text) for code, table in SENTENCES.items() for text in table.get("nothing", [])]


def test_at_least_forty_languages_are_tried() -> None:
    assert len(SENTENCES) >= 40
    assert all(len(table) - ("nothing" in table) >= 3 for table in SENTENCES.values())


@pytest.mark.parametrize(("code", "text", "values"), _sentences())
def test_a_sentence_has_its_times(code: str, text: str, values: list[str]) -> None:
    assert _values(text, code) == values


@pytest.mark.parametrize(("code", "text"), _nothing())
def test_nothing_is_found_where_there_is_nothing(code: str, text: str) -> None:
    assert _values(text, code) == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_long_and_full_date_of_cldr_is_read(code: str) -> None:
    days = [date(2025, month, 6) for month in range(1, 13)]
    texts = {format_date(day, form, Locale.parse(code)): day for day in days for form in ("long", "full")}
    wrong = {text: found for text, day in texts.items() if (found := _values(text, code)) != [day.isoformat()]}
    assert not wrong


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_iso_and_numeric_dates_are_read_in_every_language(code: str) -> None:
    order = pack_for(code).date_order
    numeric = "11/25/2025" if order == "MDY" else "25/11/2025"
    assert _values(f"2025-11-06 | {numeric}", code) == ["2025-11-06", "2025-11-25"]


@pytest.mark.parametrize(
    ("code", "pack"),
    [("no", "nb"), ("nb", "nb"), ("sr-Latn", "sr"), ("iw", "he"), ("tl", "fil"), ("cs_CZ", "cs"), ("xx", "base")],
)
def test_codes_find_their_pack(code: str, pack: str) -> None:
    assert pack_for(code).code == pack


@pytest.mark.parametrize("code", packs.languages())
def test_a_pack_made_by_hand_is_never_shadowed(code: str) -> None:
    assert pack_for(code) is packs.load(code)
    assert pack_for(f"{code.upper()}-Hant") is packs.load(code)


def test_every_language_of_dateparser_has_a_pack() -> None:
    codes = {name.partition("-")[0] for name in dateparsing.locales()}
    bare = {code for code in codes if pack_for(code).code == packs.BASE}
    assert not bare


def test_a_generated_pack_is_the_same_in_every_process() -> None:
    first = locales.load("sr").digest
    locales.load.cache_clear()
    assert locales.load("sr").digest == first


def test_the_version_of_the_engine_is_told() -> None:
    assert engine_version() == engine_version()
    assert dateparsing.version()[0].isdecimal()
