"""News stories of the same make as the first sample, on other matters, read as written and moved by a year.

Each table was worked out by hand, for both dates: nine kinds of expression, and nothing where there is nothing.
"""

from dataclasses import dataclass
from datetime import date

import pytest
from scoring import FOLDER

from timeline.events import compose
from timeline.model import DctSource, Document, Event, Shape
from timeline.temporal import extract
from timeline.temporal.bounds import format_instant

STRETCH, OPEN, VAGUE, MOMENT = Shape.STRETCH, Shape.OPEN, Shape.VAGUE, Shape.MOMENT


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `shape` None: a mention that stands on no timeline. `end` is exclusive."""

    phrase: str  # signal and timex, as they stand in the text
    value: str
    shape: Shape | None = None
    begin: str | None = None
    end: str | None = None
    type: str = "DATE"
    mod: str | None = None
    is_soft: bool = False  # soft beginning


def row_for(kind: str, phrase: str, value: str, begin: str, end: str, mod: str | None = None) -> Row:
    """A duration or vague row: both end at the creation time and begin softly."""
    is_length = kind == "DURATION"
    return Row(phrase, value, STRETCH if is_length else VAGUE, begin, end, kind, mod, is_soft=True)


TABLES = {
    ("shipyard", date(2024, 8, 15)): [  # a Thursday
        row_for("DURATION", "After 18 Months", "P18M", "2023-02-15", "2024-08-16"),
        row_for("DURATION", "for almost three years", "P3Y", "2021-08-15", "2024-08-16", "LESS_THAN"),
        row_for("DATE", "recent weeks", "PAST_REF", "2024-07-11", "2024-08-16"),
        Row("since 2021", "2021", OPEN, "2021-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single week", "P1W", type="DURATION"),
        Row("throughout the spring", "2024-SP", STRETCH, "2024-03-01", "2024-06-01"),
        Row("earlier this year", "2024", MOMENT, "2024-01-01", "2024-08-16"),
        Row("earlier this week", "2024-W33", MOMENT, "2024-08-12", "2024-08-16"),
        Row("currently", "PRESENT_REF"),
    ],
    ("shipyard", date(2025, 8, 15)): [  # a Friday
        row_for("DURATION", "After 18 Months", "P18M", "2024-02-15", "2025-08-16"),
        row_for("DURATION", "for almost three years", "P3Y", "2022-08-15", "2025-08-16", "LESS_THAN"),
        row_for("DATE", "recent weeks", "PAST_REF", "2025-07-11", "2025-08-16"),
        Row("since 2021", "2021", OPEN, "2021-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single week", "P1W", type="DURATION"),
        Row("throughout the spring", "2025-SP", STRETCH, "2025-03-01", "2025-06-01"),
        Row("earlier this year", "2025", MOMENT, "2025-01-01", "2025-08-16"),
        Row("earlier this week", "2025-W33", MOMENT, "2025-08-11", "2025-08-16"),
        Row("currently", "PRESENT_REF"),
    ],
    ("drought", date(2023, 6, 20)): [  # a Tuesday; the winter began in December 2022
        row_for("DURATION", "After Nine Months", "P9M", "2022-09-20", "2023-06-21"),
        row_for("DURATION", "for more than four years", "P4Y", "2019-06-20", "2023-06-21", "MORE_THAN"),
        row_for("DATE", "recent days", "PAST_REF", "2023-06-13", "2023-06-21"),
        Row("since 2018", "2018", OPEN, "2018-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single hour", "PT1H", type="DURATION"),
        Row("throughout the winter", "2022-WI", STRETCH, "2022-12-01", "2023-03-01"),
        Row("earlier this month", "2023-06", MOMENT, "2023-06-01", "2023-06-21"),
        Row("earlier this week", "2023-W25", MOMENT, "2023-06-19", "2023-06-21"),
        Row("currently", "PRESENT_REF"),
    ],
    ("drought", date(2024, 6, 20)): [  # a Thursday; the winter ended with a leap day
        row_for("DURATION", "After Nine Months", "P9M", "2023-09-20", "2024-06-21"),
        row_for("DURATION", "for more than four years", "P4Y", "2020-06-20", "2024-06-21", "MORE_THAN"),
        row_for("DATE", "recent days", "PAST_REF", "2024-06-13", "2024-06-21"),
        Row("since 2018", "2018", OPEN, "2018-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single hour", "PT1H", type="DURATION"),
        Row("throughout the winter", "2023-WI", STRETCH, "2023-12-01", "2024-03-01"),
        Row("earlier this month", "2024-06", MOMENT, "2024-06-01", "2024-06-21"),
        Row("earlier this week", "2024-W25", MOMENT, "2024-06-17", "2024-06-21"),
        Row("currently", "PRESENT_REF"),
    ],
    ("theatre", date(2022, 11, 2)): [  # a Wednesday whose week began in October
        row_for("DURATION", "After 30 Months", "P30M", "2020-05-02", "2022-11-03"),
        row_for("DURATION", "for nearly six years", "P6Y", "2016-11-02", "2022-11-03", "LESS_THAN"),
        row_for("DATE", "recent weeks", "PAST_REF", "2022-09-28", "2022-11-03"),
        Row("since 2019", "2019", OPEN, "2019-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single day", "P1D", type="DURATION"),
        Row("throughout the summer", "2022-SU", STRETCH, "2022-06-01", "2022-09-01"),
        Row("earlier this year", "2022", MOMENT, "2022-01-01", "2022-11-03"),
        Row("earlier this week", "2022-W44", MOMENT, "2022-10-31", "2022-11-03"),
        Row("currently", "PRESENT_REF"),
    ],
    ("theatre", date(2023, 11, 2)): [  # a Thursday
        row_for("DURATION", "After 30 Months", "P30M", "2021-05-02", "2023-11-03"),
        row_for("DURATION", "for nearly six years", "P6Y", "2017-11-02", "2023-11-03", "LESS_THAN"),
        row_for("DATE", "recent weeks", "PAST_REF", "2023-09-28", "2023-11-03"),
        Row("since 2019", "2019", OPEN, "2019-01-01", None),
        Row("now", "PRESENT_REF"),
        Row("a single day", "P1D", type="DURATION"),
        Row("throughout the summer", "2023-SU", STRETCH, "2023-06-01", "2023-09-01"),
        Row("earlier this year", "2023", MOMENT, "2023-01-01", "2023-11-03"),
        Row("earlier this week", "2023-W44", MOMENT, "2023-10-30", "2023-11-03"),
        Row("currently", "PRESENT_REF"),
    ],
}


def story(name: str, dct: date) -> Document:
    text = (FOLDER / "paraphrases" / f"{name}.txt").read_text(encoding="utf-8")
    return Document(f"{dct}-{name}.txt", name, text, "en", dct, DctSource.FILE_NAME, "text/plain")


def said(event: Event) -> tuple[str, str | None, str | None, Shape, bool]:
    """An event as a table line says it."""
    place = event.placement
    begin, end = (None if at is None else format_instant(at) for at in (place.begin, place.end))
    return event.timex.value, begin, end, place.shape, place.soft_begin


@pytest.mark.parametrize(("name", "dct"), TABLES, ids=str)
def test_a_story_of_the_same_make_holds_these_mentions_and_no_others(name: str, dct: date) -> None:
    document = story(name, dct)
    mentions = extract(document.text, dct)
    got = [(m.timex.type.value, m.timex.value, m.timex.mod) for m in mentions if m.timex]
    rows = TABLES[name, dct]
    assert got == [(row.type, row.value, row.mod) for row in rows], [m.text for m in mentions]
    for mention, row in zip(mentions, rows, strict=True):
        assert row.phrase.endswith(mention.text), (row.phrase, mention.text)
        phrase = document.text[mention.phrase_start : mention.phrase_end]
        assert row.shape is None or phrase.startswith(row.phrase) or row.shape is VAGUE, (row.phrase, phrase)


@pytest.mark.parametrize(("name", "dct"), TABLES, ids=str)
def test_its_events_lie_where_the_table_says(name: str, dct: date) -> None:
    document = story(name, dct)
    events = compose(document, extract(document.text, dct))
    wanted = [(row.value, row.begin, row.end, row.shape, row.is_soft) for row in TABLES[name, dct] if row.shape]
    assert [said(event) for event in events] == wanted, [event.explanation for event in events]
