"""What must hold for any text whatever."""

import time
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timeline.model import AnchorSource, Mention, Segment, Signal
from timeline.temporal import engine_version, extract, languages

DCT = date(2024, 3, 15)
MORNING = datetime(2024, 3, 15, 9, 30)  # noqa: DTZ001 - anchors have no zone
settings.register_profile("machine", deadline=None)  # the first example also loads packs and dateparser
settings.load_profile("machine")
WORDS = st.sampled_from(
    "the last next May March Sunday 5 2011 31 February Feb. 10:30 25:61 p.m. - – , . / ' ’ ago in from to since until "
    "early late mid- a an one two and a half years weeks day days quarter Q3 1990s century BC AD \n \n\n -\n \u00a0 İ "
    "ẞ 12/31/99 2024-02-30 20240229 every Monday twice week noon midnight tonight Easter of about nearly more than "
    "tonight at 8 9–5 UTC+2 0900Z 2011-03-05T14:30:15Z +0200 (EST) ½ 1914–18 FY21 Q3FY 3Q19 W12 eve weekend after next "
    "twice every other half past to midnight 1st millennium c1850 2020-13-45 20110305T143015 "
    "9999999999999999999 ٢٠٢٥ ２０２５ ½ zero million 99999 BC".split(" ")
)


def _is_sound(text: str, mentions: list[Mention]) -> None:
    last = 0
    for mention in mentions:
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert 0 <= mention.phrase_start <= len(text)
        assert mention.phrase_end >= mention.end
        assert mention.timex is None or mention.timex.value
        last = mention.end


@given(st.text(max_size=300))
@example("İ" * 50 + " 5 May 2011")
@example("5 May 2011" + "\x00" * 10)
@example("29 February 1900 and 31 April and 25:61")
def test_any_text_is_read_without_error(text: str) -> None:
    mentions = extract(text, DCT)
    _is_sound(text, mentions)
    assert extract(text, DCT) == mentions


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=40), st.sampled_from([" ", ""]), st.sampled_from([DCT, None, MORNING]))
def test_any_heap_of_time_words_is_read_without_error(words: list[str], glue: str, dct: date | None) -> None:
    text = glue.join(words)
    _is_sound(text, extract(text, dct))
    _is_sound(text, extract(text, dct, narrative=True))


@given(st.lists(WORDS, max_size=20), st.sampled_from([*languages(), "xx"]))
def test_every_language_reads_any_heap_without_error(words: list[str], language: str) -> None:
    text = " ".join(words)
    _is_sound(text, extract(text, DCT, language))


@pytest.mark.parametrize(
    "piece", ["a", "1", "1,", "the ", "one ", "May ", "jan. 1, ", "-", "\n\n", "twenty-", "a 'a ", "12:"]
)
def test_a_long_hostile_text_is_read_in_a_time_that_grows_with_it(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        begun = time.process_time()
        extract(text, DCT)
        return time.process_time() - begun

    seconds(2_000)
    assert seconds(80_000) < 40 * (seconds(8_000) + 0.01)  # linear is 10; quadratic would be 100


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("he left on 31 February 2020", None),
        ("he left on April 31", None),
        ("the train of 25:61 was late", None),
        ("in 44 BC", "BC0044"),
        ("she died in 12 BC", "BC0012"),
        ("Novem-\nber 6, 2020", "2020-11-06"),
        ("It is cur-\nrently dry.", "PRESENT_REF"),
        ("so happy todayyyy", "2024-03-15"),
        ("this weeeek", "2024-W11"),
        ("Jan. 5 , 2011", "2011-01-05"),
        ("on 5\u00a0May\u00a02011", "2011-05-05"),
        ("on 5\nMay\n2011", "2011-05-05"),
        ("MEETING ON 5 MAY 2011", "2011-05-05"),
        ("last year\u2019s storm", "2023"),
        ("the \u201980s", "198"),
        ("on 5 may 2011", "2011-05-05"),
    ],
)
def test_odd_spellings_and_impossible_dates(text: str, value: str | None) -> None:
    assert [m.timex.value if m.timex else None for m in extract(text, DCT)] == [value]


def test_without_a_creation_time_relative_words_keep_open_values() -> None:
    values = [m.timex.value for m in extract("Yesterday and on Friday and in May and last week", None) if m.timex]
    assert values == ["XXXX-XX-XX", "XXXX-WXX-5", "XXXX-05", "XXXX-WXX"]


def test_hours_are_counted_from_a_time() -> None:
    (mention,) = extract("two hours ago", MORNING)
    assert mention.timex
    assert mention.timex.value == "2024-03-15T07:30"


def test_a_segment_has_its_own_time_and_language() -> None:
    text = "We met yesterday.\n\nWe met yesterday.\n\nam 5. Mai 2011 und 2011-05-05"
    second = text.index("We", 5)
    third = text.index("am 5.")
    segments = [
        Segment(second, third, dct=MORNING.replace(year=2020, month=1, day=1)),
        Segment(third, len(text), language="xx"),
    ]
    first, other, plain = extract(text, DCT, segments=segments)
    assert first.timex
    assert first.timex.value == "2024-03-14"
    assert other.timex
    assert other.timex.value == "2019-12-31"
    assert other.explanation.anchor_source is AnchorSource.SEGMENT
    assert plain.timex
    assert (plain.text, plain.timex.value) == ("2011-05-05", "2011-05-05")


def test_the_order_of_numbers_is_the_documents_then_the_settings_then_the_languages() -> None:
    def value(text: str, order: str | None = None) -> tuple[str, bool]:
        mention = extract(text, DCT, date_order=order)[-1]
        assert mention.timex
        return mention.timex.value, mention.ambiguous

    assert value("on 03/04/2025") == ("2025-03-04", True)
    assert value("on 03/04/2025", "DMY") == ("2025-04-03", False)
    assert value("on 25/12/2024 and on 03/04/2025", "MDY") == ("2025-04-03", False)


def test_from_and_to_are_a_pair_and_lend_each_other_the_year() -> None:
    march, may = extract("It ran from March to May 2011.", DCT)
    assert (march.signal, may.signal) == (Signal.FROM, Signal.TO)
    assert march.timex
    assert march.timex.value == "2011-03"


def test_a_narrative_counts_from_what_it_told_last() -> None:
    text = (
        "The war began in 1914. In December the front froze. The following year brought gas. Two days later it rained."
    )
    values = [m.timex.value for m in extract(text, date(2020, 5, 5), narrative=True) if m.timex]
    assert values[:3] == ["1914", "1914-12", "1915"]


def test_the_version_tells_engines_apart() -> None:
    assert engine_version() == engine_version()
    assert len(engine_version()) > 8


@pytest.mark.parametrize(
    ("code", "text", "expression", "value"),
    [
        ("ar", "في 06\u200f/11\u200f/2025 وقع", "06\u200f/11\u200f/2025", "2025-11-06"),
        ("he", "\u202bב-6 בנובמבר 2025\u202c נפתח", "6 בנובמבר 2025", "2025-11-06"),
        ("en", "\ufeffSince 6 Nov\u200bember 2025 it is open", "6 Nov\u200bember 2025", "2025-11-06"),
    ],
)
def test_marks_that_show_nothing_hide_no_date(code: str, text: str, expression: str, value: str) -> None:
    (mention,) = extract(text, date(2024, 3, 15), code)
    assert (mention.text, mention.timex and mention.timex.value) == (expression, value)
    assert text[mention.start : mention.end] == expression
    assert text[mention.phrase_start : mention.phrase_end].endswith(expression)


def test_a_segment_keeps_its_day_where_marks_stand_before_it() -> None:
    text = "\u200fYesterday it rained.\u200f Yesterday it snowed."
    second = Segment(text.index("\u200f", 1), len(text), datetime(2020, 1, 2), None)  # noqa: DTZ001 - anchors have no zone
    first, other = extract(text, date(2024, 3, 15), "en", segments=[second])
    assert [m.timex.value for m in (first, other) if m.timex] == ["2024-03-14", "2020-01-01"]
