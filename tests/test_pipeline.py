"""The whole story without a queue: a correction moves what hangs on it, and its own evidence takes over again."""

from datetime import date, datetime

from timeline.model import DctSource, Hints
from timeline.pipeline import ingest, reingest
from timeline.reading import UNDATED

TEXT = b"The river rose yesterday."
FILED = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001  file times are local


def days(text_events: tuple[object, ...]) -> list[str]:
    return [event.placement.edtf for event in text_events]  # type: ignore[attr-defined]


def test_a_correction_moves_what_hangs_on_it_and_its_end_moves_it_back() -> None:
    first = ingest(TEXT, "2024-03-15.txt", Hints(file_time=FILED))
    assert days(first.events) == ["2024-03-14"]
    corrected = reingest(first.document, Hints(file_time=FILED, correction=date(2020, 1, 2)))
    assert (days(corrected.events), corrected.document.dct_source) == (["2020-01-01"], DctSource.CORRECTION)
    back = reingest(corrected.document, Hints(file_time=FILED))
    assert (days(back.events), back.document.dct_source) == (["2024-03-14"], DctSource.FILE_NAME)


def test_a_document_read_with_its_correction_finds_its_own_date_again() -> None:
    read = ingest(TEXT, "2024-03-15.txt", Hints(file_time=FILED, correction=date(2020, 1, 2)))
    assert days(read.events) == ["2020-01-01"]
    assert days(reingest(read.document, Hints()).events) == ["2024-03-14"]


def test_without_any_other_evidence_it_is_undated_again() -> None:
    read = ingest(TEXT, "a.txt", Hints(correction=date(2020, 1, 2)))
    back = reingest(read.document, Hints())
    assert (back.document.dct, back.document.dct_source, back.events) == (UNDATED, DctSource.UNKNOWN, ())
    assert back.unanchored == 1
