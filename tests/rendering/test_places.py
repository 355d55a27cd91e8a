"""A heading is never finer than the statement under it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sample_store import put

from timeline.model import Hints, Shape
from timeline.pipeline import ingest
from timeline.rendering.grouping import grouped
from timeline.store import Store

HINTS = Hints(named_date=date(2024, 3, 15))  # a Friday


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "timeline.db") as opened:
        yield opened


def headings(store: Store) -> list[str]:
    """The headings over each event."""
    return [
        " / ".join(part for part in (year.heading, month.heading, day.heading, day.weekday) if part)
        for year in grouped(store.events())
        for month in year.months
        for day in month.days
        for _ in day.cards
    ]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("The bridge was opened on 6 November 2023.", "2023 / November / 6 November / Monday"),
        ("It broke last night.", "2024 / March / 14 March / Thursday"),
        ("It was closed last week.", "2024 / March / Week of 4 March"),
        ("It was closed last weekend.", "2024 / March / Weekend of 9 March"),
        ("He resigned earlier this week.", "2024 / March / Week of 11 March"),
        ("It was opened in February 2024.", "2024 / February"),
        ("It was opened in the spring of 2023.", "2023 / March–May"),
        ("It was opened in the winter of 2023.", "2023 / December–February"),
        ("It was sold in the third quarter of 2023.", "2023 / July–September"),
        ("It was sold in the first half of 2023.", "2023 / January–June"),
        ("It has been shut since the summer of 2023.", "2023 / June–August"),
        ("He resigned earlier this year.", "2024"),
        ("It was opened in 2021.", "2021"),
        ("It was shut from 2021 to May 2022.", "2021"),
        ("It has been shut since 2021.", "2021"),
        ("It was shut until 2021.", "2021"),
        ("It was shut until May 2021.", "2021 / May"),
        ("He has worked there for four months.", "2023 / November"),
        ("He has worked there for ten years.", "2014"),
        ("He has worked there for ten days.", "2024 / March"),
        ("In recent days the queues have grown.", "2024 / March"),
        ("In recent weeks the queues have grown.", "2024 / February"),
        ("It was built in the 1990s.", "The 1990s"),
        ("It was built in the late 1990s.", "The 1990s"),
        ("It was built in the 18th century.", "The 18th century"),
    ],
)
def test_a_heading_says_no_more_than_its_statement(store: Store, text: str, heading: str) -> None:
    put(store, "a.txt", ingest(text.encode(), "a.txt", HINTS))
    assert headings(store) == [heading]


def test_what_is_known_coarsely_stands_before_what_is_known_finely(store: Store) -> None:
    text = (
        "It was built in the 1990s. Work began in 1990. Work began in January 1990. The first stone was laid "
        "on 1 January 1990. A storm came on 12 March 2024. Last week it was shut, and it was shut last weekend."
    )
    put(store, "a.txt", ingest(text.encode(), "a.txt", HINTS))
    assert headings(store) == [
        "The 1990s",
        "1990",
        "1990 / January",
        "1990 / January / 1 January / Monday",
        "2024 / March / Week of 4 March",
        "2024 / March / Weekend of 9 March",
        "2024 / March / 12 March / Tuesday",
    ]


def test_a_vague_event_has_no_day(store: Store) -> None:
    put(store, "a.txt", ingest(b"Recently the queues have grown. Over the past several years they grew.", "a", HINTS))
    assert {row.event.placement.shape for row in store.events()} == {Shape.VAGUE}
    for said in headings(store):
        assert said.count("/") < 2
