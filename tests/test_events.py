"""Where a mention lands on the line, and what is said of it."""

from datetime import date, datetime

import pytest

from timeline.events import compose, explain
from timeline.model import (
    AnchorSource,
    DctSource,
    Document,
    Event,
    Explanation,
    Mention,
    Segment,
    Shape,
    Signal,
    Timex,
    TimexType,
)
from timeline.temporal.bounds import format_instant

FROM_DOCUMENT = ("2025-11-06", AnchorSource.DOCUMENT)


def document(text: str, **more: object) -> Document:
    return Document("story.txt", "Story", text, "en", date(2025, 11, 6), DctSource.FILE_NAME, "text/plain", **more)  # type: ignore[arg-type]


def mention(text: str, phrase: str, extent: str, kind: str, value: str, **more: object) -> Mention:
    at = text.index(phrase)
    start = at + phrase.index(extent)
    anchor, source = more.pop("anchor", (None, AnchorSource.NONE))  # type: ignore[misc]
    timex = Timex(TimexType(kind), value, more.pop("mod", None))  # type: ignore[arg-type]
    why = Explanation("a-rule", ("as read",), anchor, source)
    return Mention(start, start + len(extent), extent, timex, why, phrase_start=at, phrase_end=at + len(phrase), **more)  # type: ignore[arg-type]


def only(text: str, *mentions: Mention) -> Event:
    (event,) = compose(document(text), mentions)
    return event


def edges(event: Event) -> tuple[str | None, str | None]:
    place = event.placement
    return (
        None if place.begin is None else format_instant(place.begin),
        None if place.end is None else format_instant(place.end),
    )


def test_since_a_year_is_open_ended_from_that_year() -> None:
    text = "The biggest gain since 2023, they say."
    event = only(text, mention(text, "since 2023", "2023", "DATE", "2023", signal=Signal.SINCE))
    assert edges(event) == ("2023-01-01", None)
    assert (event.placement.edtf, event.placement.shape) == ("2023/..", Shape.OPEN)
    assert event.expression == "since 2023"


def test_until_before_and_by_are_open_at_the_other_end() -> None:
    text = "until 2019"
    for signal, edtf in [(Signal.UNTIL, "../2019"), (Signal.BY, "../2019"), (Signal.BEFORE, "../2018")]:
        event = only(text, mention(text, "until 2019", "2019", "DATE", "2019", signal=signal))
        assert event.placement.begin is None
        assert event.placement.edtf == edtf


def test_earlier_this_week_ends_with_the_documents_day() -> None:
    text = "He stated earlier this week that it holds."
    phrase = "earlier this week"
    event = only(text, mention(text, phrase, phrase, "DATE", "2025-W45", clip="to-anchor", anchor=FROM_DOCUMENT))
    assert edges(event) == ("2025-11-03", "2025-11-07")
    assert event.explanation == (
        "“earlier this week” → as read; counted from the document’s date, 6 November 2025 (from the file name)"
        " → 3–6 November 2025"
    )


def test_a_duration_that_ends_at_the_document_is_a_stretch_with_a_soft_beginning() -> None:
    text = "After 21 months of fighting the town fell."
    event = only(text, mention(text, "After 21 months", "21 months", "DURATION", "P21M", perfect=True))
    assert edges(event) == ("2024-02-06", "2025-11-07")
    assert event.placement.edtf == "2024-02~/2025-11-06"
    assert event.placement.soft_begin
    assert not event.placement.soft_end


def test_a_bare_duration_and_now_stand_on_no_timeline() -> None:
    text = "A hundred in a single day, he says now."
    mentions = [
        mention(text, "in a single day", "a single day", "DURATION", "P1D"),
        mention(text, "now", "now", "DATE", "PRESENT_REF"),
    ]
    assert compose(document(text), mentions) == ()
    assert "stands on no timeline" in explain(document(text), mentions[0])


def test_recent_days_are_vague_and_end_at_the_document() -> None:
    text = "In recent days fighting has grown."
    event = only(text, mention(text, "In recent days", "recent days", "DATE", "PAST_REF", vague="day"))
    assert event.placement.shape is Shape.VAGUE
    assert edges(event)[1] == "2025-11-07"
    assert event.placement.soft_begin
    assert event.placement.edtf.endswith("/2025-11-06")
    assert "~" in event.placement.edtf


def test_from_to_is_one_event_over_both_ends() -> None:
    text = "He served from 2019 to March 2021 there."
    first = mention(text, "from 2019", "2019", "DATE", "2019", signal=Signal.FROM)
    last = mention(text, "to March 2021", "March 2021", "DATE", "2021-03", signal=Signal.TO)
    event = only(text, first, last)
    assert edges(event) == ("2019-01-01", "2021-04-01")
    assert event.expression == "from 2019 to March 2021"
    assert event.placement.edtf == "2019/2021-03"


@pytest.mark.parametrize(
    ("mod", "begin", "end"),
    [("START", "2020-01-01", "2020-05-02"), ("MID", "2020-05-02", "2020-09-01"), ("END", "2020-09-01", "2021-01-01")],
)
def test_early_mid_and_late_are_thirds_with_soft_inner_edges(mod: str, begin: str, end: str) -> None:
    text = "then 2020 came"
    event = only(text, mention(text, "2020", "2020", "DATE", "2020", mod=mod))
    assert edges(event) == (begin, end)
    assert event.placement.edtf == "2020"
    assert (event.placement.soft_begin, event.placement.soft_end) == (mod != "START", mod != "END")


def test_a_message_is_dated_by_its_own_time() -> None:
    text = "ten months in the yard"
    segments = (Segment(0, len(text), datetime(2020, 12, 31, 9, 0)),)  # noqa: DTZ001 - anchors are naive
    (event,) = compose(
        document(text, segments=segments),
        [mention(text, "ten months", "ten months", "DURATION", "P10M", perfect=True)],
    )
    assert edges(event) == ("2020-02-29", "2021-01-01")


def test_an_event_keeps_its_id_when_its_value_changes_but_not_when_its_text_does() -> None:
    text = "It began on Monday."
    one = only(text, mention(text, "Monday", "Monday", "DATE", "2025-11-03"))
    other_value = only(text, mention(text, "Monday", "Monday", "DATE", "2025-10-27"))
    assert one.id == other_value.id
    moved = "So it began on Monday."
    assert only(moved, mention(moved, "Monday", "Monday", "DATE", "2025-11-03")).id != one.id


def test_the_statement_is_the_sentence_with_white_space_folded() -> None:
    text = "Mr. Haan left.\n\nOn  12 August\n1811 Dr. Lee came. Nothing more."
    event = only(text, mention(text, "12 August\n1811", "12 August\n1811", "DATE", "1811-08-12"))
    assert event.statement == "On 12 August 1811 Dr. Lee came."
    assert event.statement[event.expression_start : event.expression_end] == "12 August 1811"


def test_an_impossible_date_is_said_to_be_one() -> None:
    text = "due on 31 February"
    impossible = Mention(7, 18, "31 February", None, Explanation("day-month", ()))
    assert compose(document(text), [impossible]) == ()
    assert "no such date" in explain(document(text), impossible)


def test_a_clock_time_ends_a_sentence_only_before_a_capital() -> None:
    text = "It sails at 6 a.m. daily from May 2024 on. It stops at 11 p.m. On 3 May 2024 it did not. **So** be it."
    event = only(text, mention(text, "On 3 May 2024", "3 May 2024", "DATE", "2024-05-03"))
    assert event.statement == "On 3 May 2024 it did not."
    first = only(text, mention(text, "May 2024", "May 2024", "DATE", "2024-05"))
    assert first.statement == "It sails at 6 a.m. daily from May 2024 on."


def test_a_length_that_is_not_said_ends_at_the_document_and_begins_somewhere_near() -> None:
    text = "It has rained in the past few days."
    phrase = "in the past few days"
    event = only(text, mention(text, phrase, "the past few days", "DURATION", "PXD", perfect=True))
    assert edges(event) == ("2025-10-30", "2025-11-07")
    assert event.placement.shape is Shape.VAGUE
    assert (event.placement.granularity, event.placement.edtf) == ("day", "2025-10~/2025-11-06")
    text = "The well has been dry for decades."
    event = only(text, mention(text, "for decades", "decades", "DURATION", "PXE", perfect=True))
    assert (event.placement.granularity, event.placement.edtf) == ("decade", "1995~/2025-11-06")
