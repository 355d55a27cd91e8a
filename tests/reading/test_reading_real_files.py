"""One real file of every kind, made by the programs people use: every quote readable, on its page, with its date."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from making import outlook

from timeline.model import Event, Extraction, Hints
from timeline.pipeline import ingest
from timeline.store import Store

FILES = Path(__file__).parent / "files"
FILED = datetime(2026, 11, 25, 12, 0)  # noqa: DTZ001  file times are local
WRITTEN = "2024-03-15"  # a Friday
NO_PAGE = None

# expression, the day it means, where its page is told (else: nowhere), and words of the quote it stands in
Expected = tuple[str, str, int | None, str]
TEXT: list[Expected] = [
    ("on Monday", "2024-03-11", NO_PAGE, "The river rose on Monday."),
    ("since 2023", "2023/..", NO_PAGE, "It has been high since 2023"),
    ("next week", "2024-03-18/2024-03-24", NO_PAGE, "Work on the bridge begins next week."),
    ("3 May 2024", "2024-05-03", NO_PAGE, "Bridge closed"),
    ("yesterday", "2024-03-14", NO_PAGE, "the council met yesterday."),
    ("last year", "2023", NO_PAGE, "A bullet of last year"),
]
PAGED = [(said, day, 2 if said in {"yesterday", "last year"} else 1, quote) for said, day, _, quote in TEXT]
PAGE: list[Expected] = [
    ("on Monday", "2024-03-11", NO_PAGE, "The river rose on Monday."),
    ("next week", "2024-03-18/2024-03-24", NO_PAGE, "Work on the bridge begins next week."),
    ("yesterday", "2024-03-14", NO_PAGE, "The council met yesterday to hear"),
    ("on 3 May 2019", "2019-05-03", NO_PAGE, "It had closed the bridge on 3 May 2019."),
]
TALK: list[Expected] = [
    ("on Monday", "2024-03-11", 1, "The river rose on Monday"),
    ("next week", "2024-03-18/2024-03-24", 1, "Work begins next week"),
    ("in May 2024", "2024-05", 2, "Council met in May 2024"),
    ("yesterday", "2024-03-14", 2, "Say it was yesterday"),
]
COSTS: list[Expected] = [
    ("2024-05-03", "2024-05-03", 1, "2024-05-03 | Bridge repair | 1200"),
    ("June 2024", "2024-06", 1, "June 2024 | Survey | 12"),
    ("last week", "2024-03-04/2024-03-10", 2, "Decided last week by the board"),
]
SPOKEN: list[Expected] = [
    ("on Monday", "2024-03-11", NO_PAGE, "The river rose on Monday"),
    ("yesterday", "2024-03-14", NO_PAGE, "and the council met yesterday."),
]
MAIL: list[Expected] = [
    ("on Monday", "2024-03-11", NO_PAGE, "The river rose on Monday."),
    ("yesterday", "2024-03-14", NO_PAGE, "The council met yesterday; what it found is attached."),
]
NOTES: list[Expected] = [("until last Sunday", "../2024-03-10", NO_PAGE, "The ferry ran until last Sunday.")]


def unpaged(expected: list[Expected]) -> list[Expected]:
    """The same in a format that has no pages."""
    return [(said, day, NO_PAGE, quote) for said, day, _, quote in expected]


# name, member, what dates it, what it says; formats whose files do not know their pages are expected to tell none
CASES: list[tuple[str, tuple[str, ...], str, list[Expected]]] = [
    ("flood.pdf", (), "metadata", PAGED),
    ("flood.docx", (), "metadata", PAGED),
    ("flood.odt", (), "metadata", PAGED),
    ("flood.doc", (), "metadata", TEXT),
    ("flood.rtf", (), "metadata", TEXT),
    ("flood.fodt", (), "metadata", TEXT),
    ("flood.epub", (), "metadata", TEXT),
    ("flood.fb2", (), "metadata", TEXT),
    ("paper.docx", (), "metadata", TEXT),
    ("flood.md", (), "front matter", TEXT),
    ("flood.rst", (), "front matter", TEXT),
    ("flood.tex", (), "front matter", TEXT),
    ("flood.org", (), "metadata", TEXT),
    ("2024-03-15 flood.txt", (), "file name", TEXT),
    ("page.html", (), "metadata", PAGE),
    ("saved.mhtml", (), "metadata", PAGE),
    ("singlefile.html", (), "metadata", PAGE),
    ("printed.pdf", (), "metadata", [(said, day, 1, quote) for said, day, _, quote in PAGE]),
    ("talk.pptx", (), "metadata", TALK),
    ("talk.odp", (), "metadata", TALK),
    ("talk.ppt", (), "metadata", unpaged(TALK)),
    ("costs.xlsx", (), "metadata", COSTS),
    ("costs.ods", (), "metadata", COSTS),
    ("costs.xls", (), "metadata", COSTS),
    ("costs.csv", (), "file time", unpaged(COSTS)[:2]),
    ("letter.eml", (), "header", MAIL),
    ("letter.eml", ("notes.txt",), "file time", NOTES),
    ("sent.mbox", (), "header", MAIL),
    ("sent.mbox", (), "header", [("yesterday", "2024-03-13", NO_PAGE, "The pump broke yesterday.")]),
    ("sent.mbox", (), "header", [("tomorrow", "2024-03-16", NO_PAGE, "Agreed, see you tomorrow.")]),
    ("sent.mbox", (), "header", [("yesterday", "2024-03-13", NO_PAGE, "It broke yesterday.")]),
    ("sent.mbox", ("3/notes.txt",), "file time", NOTES),
    ("2024-03-15 talk.srt", (), "file name", SPOKEN),
    ("2024-03-15 talk.vtt", (), "file name", SPOKEN),
    ("whatsapp.txt", (), "header", [("yesterday", "2024-03-13", NO_PAGE, "Anna Reed: The river rose yesterday")]),
    ("whatsapp.txt", (), "header", [("this morning", "2024-03-14", NO_PAGE, "Bob Hall: I saw it this morning")]),
    ("telegram.json", (), "header", [("yesterday", "2024-03-14", NO_PAGE, "Bob Hall: The council met yesterday")]),
    ("box.zip", ("box/flood.md",), "front matter", TEXT),
    ("box.zip", ("box/letter.eml",), "header", MAIL),
    ("box.zip", ("box/letter.eml", "notes.txt"), "file time", NOTES),
    ("box.tar.gz", ("box/flood.md",), "front matter", TEXT),
    ("box.tar.gz", ("box/letter.eml", "notes.txt"), "file time", NOTES),
]  # fmt: skip


def is_there(expected: Expected, events: list[Event]) -> bool:
    """Whether an event says what is expected, with a quote that holds its words together and nothing of elsewhere."""
    said, day, page, quote = expected
    return any(
        (event.expression, event.placement.edtf, event.page) == (said, day, page)
        and quote in event.statement
        and len(event.statement) < len(quote) + 90
        for event in events
    )


def shown(read: Extraction) -> str:
    """What was found, for whoever reads the failure."""
    return "\n".join(
        f"{event.expression} {event.placement.edtf} {event.page} {event.statement}" for event in read.events
    )


@pytest.mark.parametrize(
    ("name", "member", "source", "expected"), CASES, ids=["/".join((case[0], *case[1])) for case in CASES]
)
def test_every_quote_of_a_real_file_is_readable_on_its_page_with_its_date(
    name: str, member: tuple[str, ...], source: str, expected: list[Expected]
) -> None:
    if name == "costs.csv":
        read = ingest((FILES / name).read_bytes(), name, Hints(file_time=FILED))
    else:
        read = ingest((FILES / name).read_bytes(), name, Hints(file_time=FILED), member)
        assert read.document.dct.isoformat() == WRITTEN
    assert read.document.dct_source == source
    assert [one for one in expected if not is_there(one, list(read.events))] == [], shown(read)
    assert "2020" not in read.document.text  # the running head
    assert "cookie" not in read.document.text or name == "printed.pdf"  # print has no main text to tell from the rest


def test_an_outlook_message_is_read_like_any_mail() -> None:
    said = "The river rose on Monday.\r\n\r\nThe council met yesterday; what it found is attached."
    data = outlook(said, subject="F", sent=datetime(2024, 3, 15, 9, 0))  # noqa: DTZ001
    read = ingest(data, "letter.msg", Hints(file_time=FILED))
    assert [one for one in MAIL if not is_there(one, list(read.events))] == [], shown(read)


@pytest.mark.parametrize("name", ["scan.png", "scan.pdf"])
def test_a_scan_is_said_to_be_one_where_tesseract_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nonexistent")
    with pytest.raises(Exception, match=r"no text: scanned\? install tesseract"):
        ingest((FILES / name).read_bytes(), name, Hints(file_time=FILED))


@pytest.mark.redis
@pytest.mark.slow
def test_the_folder_becomes_a_timeline(tmp_path: Path) -> None:
    inbox, data = tmp_path / "inbox", tmp_path / "data"
    shutil.copytree(FILES, inbox)
    for path in inbox.iterdir():
        os.utime(path, (1_710_500_000, 1_710_500_000))
    command = [sys.executable, "-m", "timeline", "build", inbox, "--site", tmp_path / "site", "--data", data]
    environment = {**os.environ, "TESSDATA_PREFIX": "/nonexistent"}
    built = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=250)
    assert built.returncode == 3, built.stderr  # the scans
    with Store.open(data / "timeline.db") as store:
        assert sorted(failure.path for failure in store.failures()) == ["scan.pdf", "scan.png"]
        ids = [row.id for row in store.documents(limit=100)]
        held = {row.path: (row, events) for row, events in store.whole_documents(ids)}
    assert {path.name for path in FILES.iterdir()} <= set(held)
    for name, member, source, expected in CASES:
        row, events = held["/".join((name, *member))]
        assert (row.dct, row.dct_source) == (WRITTEN, source), row.path
        assert [one for one in expected if not is_there(one, [each.event for each in events])] == [], row.path
        shown_on = (tmp_path / "site" / "documents" / f"{row.id}.html").read_text()
        for said, _, page, _ in expected:
            assert f"<mark>{said}</mark>" in shown_on, (row.path, said)
            assert page is None or f'id="page-{page}"' in shown_on, row.path
