"""Every kind of document: its text readable, on the right page, under a title a person knows."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from making import book, mail, outlook, page, pdf, rich_text, saved_page, slides, word, workbook

from timeline.errors import UnreadableError
from timeline.model import Document, Hints
from timeline.reading import read

FILES = Path(__file__).parent / "files"
FILED = Hints(file_time=datetime(2026, 11, 25, 12, 0))  # noqa: DTZ001  file times are local
MADE = datetime(2024, 3, 15, 9, 0)  # noqa: DTZ001
MONDAY = "The river rose on Monday."
MAY = "The bridge was shut in May 2024."
TITLE = "The flood of Harrow"


def page_of(document: Document, quote: str) -> int:
    """The page, counted from 1, on which a quote begins."""
    at = document.text.index(quote)
    return sum(1 for start in document.pages if start <= at)


KINDS: list[tuple[str, Callable[[], bytes]]] = [
    ("a.txt", lambda: f"{TITLE}\n\n{MONDAY}\n\n{MAY}\n".encode()),
    ("a.md", lambda: f"# {TITLE}\n\n{MONDAY}\n\n{MAY}\n".encode()),
    ("a.rst", lambda: f"{TITLE}\n{'=' * 30}\n\n{MONDAY}\n\n{MAY}\n".encode()),
    ("a.tex", lambda: f"\\documentclass{{article}}\\title{{{TITLE}}}\\begin{{document}}{MONDAY}\n\nThe bridge was shut in May~2024.\\end{{document}}".encode()),
    ("a.html", lambda: page(f"<h1>{TITLE}</h1><p>{MONDAY}</p><p>{MAY}</p>" + "<p>Then came a long dry summer.</p>" * 3)),
    ("a.mhtml", lambda: saved_page(page(f"<h1>{TITLE}</h1><p>{MONDAY}</p><p>{MAY}</p>"), saved="Fri, 15 Mar 2024 10:00:00 -0000")),
    ("a.pdf", lambda: pdf([[MONDAY], [MAY]], title=TITLE, head="Harrow Council 1999", foot="Page {page} of 2")),
    ("a.docx", lambda: word([MONDAY, "\f", MAY], created=MADE, title=TITLE)),
    ("a.rtf", lambda: rich_text([MONDAY, MAY], created=MADE).replace(b"The bridge}", TITLE.encode() + b"}")),
    ("a.epub", lambda: book([MONDAY, MAY], date="2024-03-15", title=TITLE)),
    ("a.pptx", lambda: slides([("One", MONDAY), ("Two", MAY)], created=MADE, title=TITLE)),
    ("a.xlsx", lambda: workbook([[TITLE], [MONDAY, 12], [MAY, 13]], created=MADE)),
    ("a.csv", lambda: f"{TITLE},cost\n{MONDAY},12\n{MAY},13\n".encode()),
    ("a.eml", lambda: mail(f"{MONDAY}\n\n{MAY}\n", subject=TITLE)),
    ("a.msg", lambda: outlook(f"{MONDAY}\r\n\r\n{MAY}", subject=TITLE, sent=MADE)),
    ("a.srt", lambda: f"1\n00:00:01,000 --> 00:00:02,000\n{MONDAY}\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>{MAY}</i>\n".encode()),
    ("a.vtt", lambda: f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>{MONDAY}\n\n00:03.000 --> 00:04.000\n{MAY}\n".encode()),
    ("a.json", lambda: f'{{"title": "{TITLE}", "text": "{MONDAY} {MAY}"}}'.encode()),
    ("a.xml", lambda: f'<?xml version="1.0"?><r><title>{TITLE}</title><p>{MONDAY}</p><p>The <b>bridge</b> was shut in May 2024.</p></r>'.encode()),
]  # fmt: skip
# ruff: noqa: E501 — one kind a line reads better than ten


@pytest.mark.parametrize(("name", "make"), KINDS, ids=[name for name, _ in KINDS])
def test_every_statement_of_every_kind_of_document_is_readable(name: str, make: Callable[[], bytes]) -> None:
    document = read(make(), name, FILED)
    assert MONDAY in document.text
    assert MAY in document.text
    assert "1999" not in document.text  # running heads
    assert "2019" not in document.text  # banners
    assert document.language == "en"
    if name not in {"a.xlsx", "a.csv", "a.srt", "a.vtt"}:
        assert document.title == TITLE


@pytest.mark.parametrize(("name", "make"), KINDS, ids=[name for name, _ in KINDS])
def test_the_content_decides_when_the_name_says_nothing(name: str, make: Callable[[], bytes]) -> None:
    if name in {"a.md", "a.rst", "a.csv", "a.json"}:  # text that any name may hold
        name = "a.txt"
    document = read(make(), "unnamed", FILED)
    assert "May 2024" in document.text


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.pptx"])
def test_a_quote_knows_its_page(name: str) -> None:
    document = read(dict(KINDS)[name](), name, FILED)
    assert (page_of(document, MONDAY), page_of(document, MAY)) == (1, 2)


def test_pages_nobody_counted_are_not_made_up() -> None:
    """One break was set, and where the others fall only the program knows that shows them."""
    document = read(word([f"{MONDAY} {MAY} " * 12] * 60 + ["\f", "It fell."], created=MADE), "a.docx", FILED)
    assert document.pages == ()
    assert "It fell." in document.text


def test_pages_are_those_word_noted() -> None:
    made = docx.Document()
    for number in range(90):
        run = made.add_paragraph().add_run(f"Paragraph {number} says: {MONDAY} {MAY}")
        if number in {30, 60}:
            run._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
    last = made.add_paragraph("It rose. ").add_run()
    last._r.append(OxmlElement("w:lastRenderedPageBreak"))
    last.add_text("It fell in the middle of a paragraph.")
    out = io.BytesIO()
    made.save(out)
    document = read(out.getvalue(), "a.docx", FILED)
    assert len(document.pages) == 4
    assert [page_of(document, f"Paragraph {number} says") for number in (29, 30, 59, 60)] == [1, 2, 2, 3]
    assert (page_of(document, "It rose."), page_of(document, "It fell in the middle")) == (3, 4)


def test_a_row_of_a_table_in_a_text_is_a_statement_of_its_own() -> None:
    made = docx.Document()
    made.add_paragraph(MONDAY)
    table = made.add_table(rows=2, cols=2)
    for cell, said in zip(
        (cell for row in table.rows for cell in row.cells), ("3 May 2024", "Shut", "", "Open"), strict=True
    ):
        cell.text = said
    made.add_paragraph(MAY)
    out = io.BytesIO()
    made.save(out)
    assert read(out.getvalue(), "a.docx", FILED).text == f"{MONDAY}\n\n3 May 2024 | Shut\n\nOpen\n\n{MAY}"


@pytest.mark.parametrize(
    "name", ["flood.doc", "flood.odt", "flood.rtf", "flood.epub", "flood.pdf", "costs.xls", "costs.ods", "talk.odp"]
)
def test_files_by_other_programs_are_read(name: str) -> None:
    document = read((FILES / name).read_bytes(), name, FILED)
    quote = {
        "flood": "It has been high since 2023",
        "costs": "Decided last week by the board",
        "talk": "Council met in May 2024",
    }
    assert quote[name.split(".")[0]] in document.text
    assert "Page 1 of 2" not in document.text
    assert "Harrow Council 2020" not in document.text
    assert document.title in {"The flood of Harrow", "Flood costs", "Flood talk", "flood", "costs"}


def test_a_row_of_a_table_is_a_statement_of_its_own() -> None:
    rows = [["When", "What"], [MADE, "Bridge shut"], [datetime(2024, 5, 3), "Pumps, for two weeks"]]  # noqa: DTZ001
    document = read(workbook(rows, created=MADE), "a.xlsx", FILED)
    assert document.text.split("\n\n") == [
        "When | What",
        "2024-03-15 09:00:00 | Bridge shut",
        "2024-05-03 | Pumps, for two weeks",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_told_apart_whatever_parts_its_cells(delimiter: str) -> None:
    text = f"when{delimiter}what\n2024-05-03{delimiter}Bridge shut\n2024-05-04{delimiter}Bridge open\n"
    assert "2024-05-03 | Bridge shut" in read(text.encode(), "a.csv", FILED).text


def test_words_cut_at_the_end_of_a_line_or_a_page_are_healed() -> None:
    lines = [
        "The council met on Monday to speak of the bridge, and of the govern-",
        "ment's plan for 2024. It ended with a vote that was not at all re-",
    ]
    document = read(
        pdf([lines, ["corded by anyone, as the clerk had left. The next one is in May 2024."]]), "a.pdf", FILED
    )
    assert "the government's plan" in document.text
    assert "not at all recorded by anyone" in document.text
    assert page_of(document, "by anyone") == 2


def test_a_sentence_runs_on_over_lines_and_pages() -> None:
    long = "The council of the town of Harrow met in the hall on the first Monday of"
    document = read(
        pdf(
            [
                [long, "May 2024 and spoke at length about the bridge that had been shut for two"],
                ["years. It was then decided to open it."],
            ]
        ),
        "a.pdf",
        FILED,
    )
    assert "Monday of May 2024 and" in document.text
    assert "shut for two years. It was" in document.text


def test_paragraphs_of_a_page_are_parted() -> None:
    line = "A line that is as wide as the page allows and so runs on to the next one,"
    document = read(pdf([[line, "and ends here in 2019.", line, "and there in 2020."]]), "a.pdf", FILED)
    assert document.text.count("\n\n") == 1


def test_page_numbers_and_running_heads_are_not_glued_into_sentences() -> None:
    pages = [
        [f"Page {n} of the story says what came to pass in the year {2000 + n}, and it goes on"] for n in range(1, 8)
    ]
    document = read(pdf(pages, head="Annual Report 1999", foot="- {page} -"), "a.pdf", FILED)
    assert "1999" not in document.text
    assert "- 3 -" not in document.text
    assert all(f"the year {2000 + n}" in document.text for n in range(1, 8))


def test_a_pdf_locked_only_against_printing_is_read() -> None:
    assert MONDAY in read(pdf([[MONDAY]], password=""), "a.pdf", FILED).text


def test_menus_banners_and_comments_are_no_statements() -> None:
    text = read(
        page(f"<h1>{TITLE}</h1><p>{MONDAY} {MAY}</p><p>It stayed high for three weeks.</p>"), "a.html", FILED
    ).text
    assert "1998" not in text
    assert "cookies" not in text
    assert "last summer" not in text


def test_a_short_page_is_read_whole_and_says_so() -> None:
    document = read(b"<html><body><p>Shut since 2023.</p></body></html>", "a.html", FILED)
    assert document.text == "Shut since 2023."


def test_a_page_knows_its_author_and_address() -> None:
    head = '<meta name="author" content="Anna Reed"><link rel="canonical" href="https://post.example.org/bridge">'
    metadata = read(page(f"<p>{MONDAY} {MAY}</p>", head=head), "a.html", FILED).metadata
    assert (metadata["author"], metadata["address"]) == ("Anna Reed", "https://post.example.org/bridge")


def test_cues_are_joined_into_sentences() -> None:
    cues = b"1\n00:00:01,000 --> 00:00:02,000\nThe river rose\n\n2\n00:00:02,500 --> 00:00:04,000\non <b>Monday</b>.\n\n3\n00:00:05,000 --> 00:00:06,000\nIt fell.\n"
    assert read(cues, "a.srt", FILED).text == "The river rose on Monday.\n\nIt fell."


def test_links_of_restructuredtext_lose_their_address() -> None:
    assert "2020/01/01" not in read(b"It is `high <http://x.example/2020/01/01>`_ since 2023.", "a.rst", FILED).text


def test_a_scan_is_said_to_be_one_or_read_by_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nonexistent")
    with pytest.raises(UnreadableError, match="no text: scanned\\? install tesseract"):
        read(pdf([[""], [""]]), "scan.pdf", FILED)


def test_a_cut_text_says_so() -> None:
    document = read(b"word " * 100, "a.txt", FILED, max_text_chars=50)
    assert len(document.text) == 50
    assert any("text cut at 50 characters" in note for note in document.notes)


def test_titles_hide_nothing() -> None:
    document = read(b"x,", "gpj\u202e\n.exe", FILED)
    assert document.title == "gpj"


@pytest.mark.parametrize("name", ["KINDS.PDF", "a.txt", "a"])
def test_the_name_does_not_hide_the_content(name: str) -> None:
    assert read(pdf([[MONDAY]]), name, FILED).media_type == "application/pdf"
