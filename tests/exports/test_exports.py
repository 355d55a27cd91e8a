"""Every export is read back by what it is meant for."""

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import icalendar
import pytest
from lxml import etree
from sample_store import HOSTILE, STORY, extraction, put, small

from timeline.exports import Form, every_event, timeml, write
from timeline.model import Hints, TimexType
from timeline.pipeline import ingest
from timeline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "timeline.db") as opened:
        small(opened)
        put(opened, "hostile.txt", extraction(HOSTILE, name="hostile.txt", title="=HYPERLINK(1)<script>"))
        yield opened


def exported(store: Store, form: Form) -> bytes:
    out = io.BytesIO()
    write(store, form, out)
    return out.getvalue()


def test_json_is_a_list_in_time_order(store: Store) -> None:
    items = json.loads(exported(store, Form.JSON))
    assert [item["id"] for item in items] == [row.event.id for row in store.events()]
    week = next(item for item in items if item["value"] == "2025-W45")
    assert (week["begin"], week["end"], week["type"], week["granularity"]) == (
        "2025-11-03",
        "2025-11-07",
        "DATE",
        "week",
    )
    since = next(item for item in items if item["edtf"] == "2023/..")
    assert since["end"] is None
    assert next(item for item in items if item["value"] == "BC0044")["begin"].startswith("-0043")


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(store: Store) -> None:
    text = exported(store, Form.CSV).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(store.events())
    assert rows[0]["begin"].startswith("-0043")  # a number, no formula
    assert {row["title"] for row in rows} == {"The bridge at Ostrand stands", "'=HYPERLINK(1)<script>"}


def test_icalendar_reads_its_calendar_back(store: Store) -> None:
    calendar = icalendar.Calendar.from_ical(exported(store, Form.ICS))
    events = list(calendar.walk("VEVENT"))
    week = next(
        part
        for part in events
        if "earlier this week" in str(part["description"]) and part.decoded("dtstart") == date(2025, 11, 3)
    )
    assert week.decoded("dtend") == date(2025, 11, 7)
    assert "counted from" in str(week["description"])
    clock = next(part for part in events if isinstance(part.decoded("dtstart"), datetime))
    assert clock.decoded("dtstart") == datetime(2024, 2, 5, 9, 30)  # noqa: DTZ001 - floating
    assert len({str(part["uid"]) for part in events}) == len(events)
    left_out = len(store.events()) - len(events)
    assert left_out == 2  # 44 BC, and the year 9999 whose end is in 10000
    assert f"{left_out} events" in str(calendar["x-wr-caldesc"])


def test_timelinejs_gets_what_its_format_asks_for(store: Store) -> None:
    told = json.loads(exported(store, Form.TIMELINEJS))
    assert told["scale"] == "human"
    assert len(told["events"]) == len(store.events())
    for slide in told["events"]:
        start = slide["start_date"]
        assert isinstance(start["year"], int)
        assert 1 <= start["month"] <= 12
        assert 1 <= start["day"] <= 31
        assert start["display_date"]
        assert slide["text"]["headline"]
        assert "<script" not in json.dumps(slide)
        if "end_date" in slide:
            end = slide["end_date"]
            assert (end["year"], end["month"], end["day"]) >= (start["year"], start["month"], start["day"])
    assert len({slide["unique_id"] for slide in told["events"]}) == len(told["events"])


def test_timeml_is_well_formed_and_says_the_text_unchanged(store: Store) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported(store, Form.TIMEML)))
    assert len(archive.namelist()) == 2
    for name in archive.namelist():
        tree = ET.fromstring(archive.read(name))  # noqa: S314 - our own
        row = store.document(name.removesuffix(".tml"))
        assert row is not None
        assert row.document is not None
        text = tree.find("TEXT")
        assert text is not None
        assert "".join(text.itertext()) == row.document.text
        timexes = tree.findall("TEXT/TIMEX3")
        assert [one.get("value") for one in timexes] == [m.timex.value for m in row.mentions if m.timex]
        assert {one.get("type") for one in timexes} <= {"DATE", "TIME", "DURATION", "SET"}
        ids = [one.get("tid") for one in tree.iter("TIMEX3")]
        assert len(ids) == len(set(ids))
        (dct,) = tree.findall("DCT/TIMEX3")
        assert dct.get("functionInDocument") == "CREATION_TIME"


# One of each kind of value the tagger makes.
_SAID = """In 44 BC Caesar fell. In the 1990s and in the 19th century it was worse; about 1850 it began. It rained
in the summer of 2023, in the third quarter of 2024, in the first half of 2022, in May 2021, in the week of 3 March 2025
and over the weekend. On 5 February 2024 at 9:30 a.m. they met; yesterday evening they met again, and tomorrow at noon.
It took 21 months, nearly two years, three and a half hours, a decade, several days & <some> weeks.
He comes every Monday, twice a week, daily and every two weeks. Now, recently and in the future; early 2019, mid-2020,
late 2018; since 2023, before 2010, until Friday, from 3 to 6 November 2025."""


def test_timeml_is_what_its_specification_allows(store: Store) -> None:
    rules = etree.RelaxNG(etree.parse(Path(__file__).with_name("timeml.rng")))
    archive = zipfile.ZipFile(io.BytesIO(exported(store, Form.TIMEML)))
    made = ingest(_SAID.encode(), "2025-11-06-said.txt", Hints())
    alone = timeml(made.document, made.mentions)
    assert {m.timex.type for m in made.mentions if m.timex} == set(TimexType)
    assert len(made.mentions) > 25
    for name, said in [*((name, archive.read(name)) for name in archive.namelist()), ("said", alone.encode())]:
        tree = etree.fromstring(said)
        assert rules.validate(tree), (name, rules.error_log)
    assert not rules.validate(etree.fromstring(alone.replace('type="DATE"', 'type="DAY"').encode()))
    assert not rules.validate(etree.fromstring(alone.replace('value="', 'value="?').encode()))


def test_a_document_alone_is_timeml_too() -> None:
    made = extraction(STORY)
    assert '<TIMEX3 tid="t2" type="DATE" value="2025-W45">earlier this week</TIMEX3>' in timeml(
        made.document, made.mentions
    )


def test_one_html_file_allows_nothing_but_itself(store: Store) -> None:
    html = exported(store, Form.HTML).decode()
    policy = html.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "SHA-256" in html
    assert html.count("<script") == 2
    assert "<img" not in html
    assert "<link" not in html


def test_events_are_read_in_pieces(store: Store) -> None:
    assert [row.event.id for row in every_event(store)] == [row.event.id for row in store.events()]
