"""How fast each kind of document is read, and how much of the time is ours.

`python -m benchmarks.reading` makes sample documents, reads each kind over and over, and reads the same bytes with
the bare library that does the heavy part; the difference is our share. Peak memory is taken in a process of its own.
"""

import argparse
import io
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import docx
import kreuzberg
import openpyxl
import trafilatura
from pptx import Presentation
from reportlab.pdfgen import canvas

from timeline.model import Hints
from timeline.reading import read, warm_up

SENTENCE = "On 3 May 2024 the council met again, and decided that the bridge, shut since 2023, would open next week."
STORY = (
    f"{SENTENCE} It was not the first time: by last autumn the board had asked for money twice, and twice been told to "
    "wait. They will hear from the engineers on Tuesday whether the northern pier, which has stood since 1911, can be "
    "kept. Until then their ferry runs every hour. "
)  # as long as four such sentences, in the words of an ordinary report
PARAGRAPHS = 120  # some eight pages: an ordinary report
HINTS = Hints(file_time=datetime(2026, 11, 20, 12, 0))  # noqa: DTZ001  file times are local
TARGET = 0.20  # our share of the time


def text() -> bytes:
    """Plain text."""
    return "\n\n".join([STORY] * PARAGRAPHS).encode()


def page() -> bytes:
    """A web page with a menu and a foot."""
    body = "".join(f"<p>{STORY}</p>" for _ in range(PARAGRAPHS))
    menu = "".join(f'<li><a href="/{n}">Link {n}</a></li>' for n in range(60))
    head = '<title>Report</title><meta property="article:published_time" content="2024-03-15">'
    inner = f"<nav><ul>{menu}</ul></nav><article>{body}</article>"
    return f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>".encode()


def pdf() -> bytes:
    """A PDF of forty pages."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    for number in range(40):
        sheet.drawString(72, 812, "Annual report")
        for row in range(48):
            sheet.drawString(72, 780 - 14 * row, SENTENCE[:92])
        sheet.drawString(280, 30, f"Page {number + 1}")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def word() -> bytes:
    """A Word document."""
    document = docx.Document()
    for _ in range(PARAGRAPHS):
        document.add_paragraph(STORY)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """A workbook of two thousand rows."""
    book = openpyxl.Workbook()
    sentences = STORY.split(". ")
    for number in range(2000):
        book.active.append([datetime(2024, 5, 3), sentences[number % len(sentences)], number])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def slides() -> bytes:
    """A presentation of sixty slides."""
    presentation = Presentation()
    for _ in range(60):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = "Heading", STORY
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def book() -> bytes:
    """An EPUB of twenty chapters."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="o.opf" '
            'media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(20))
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(20))
        package.writestr(
            "o.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>Report</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for number in range(20):
            package.writestr(f"c{number}.xhtml", f"<html><body>{f'<p>{STORY}</p>' * 40}</body></html>")
    return out.getvalue()


def rich_text() -> bytes:
    """RTF."""
    return ("{\\rtf1\\ansi " + f"{STORY}\\par\n" * PARAGRAPHS + "}").encode()


def mail() -> bytes:
    """A mail with a quoted reply."""
    quoted = "\n".join(f"> {line}." for line in STORY.split(". ") * (PARAGRAPHS // 4))
    return (
        "From: Anna <a@example.org>\nTo: Bob <b@example.org>\nSubject: Bridge\nMessage-ID: <1@example.org>\n"
        f"Date: Fri, 15 Mar 2024 10:00:00 +0000\n\n{SENTENCE}\n\nOn 3 May 2024, Bob wrote:\n{quoted}\n"
    ).encode()


def _office(media_type: str) -> Callable[[bytes], object]:
    config = kreuzberg.ExtractionConfig(
        use_cache=False, enable_quality_processing=False, pages=kreuzberg.PageConfig(extract_pages=True)
    )
    return lambda data: kreuzberg.extract_bytes_sync(data, media_type, config).content


def _trafilatura(data: bytes) -> object:
    return trafilatura.bare_extraction(data, include_comments=False, with_metadata=True)


OOXML = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object] | None]] = {
    "txt": (text, None),
    "html": (page, _trafilatura),
    "pdf": (pdf, _office("application/pdf")),
    "docx": (word, _office(OOXML + "wordprocessingml.document")),
    "xlsx": (workbook, _office(OOXML + "spreadsheetml.sheet")),
    "pptx": (slides, _office(OOXML + "presentationml.presentation")),
    "epub": (book, _office("application/epub+zip")),
    "rtf": (rich_text, _office("application/rtf")),
    "eml": (mail, _office("message/rfc822")),
}


def seconds(calls: Sequence[Callable[[], object]], budget: float) -> list[float]:
    """Median processor seconds of each call, one after the other in turn, as often as fits the budget.

    In turn: so that a busy neighbour slows all of them alike, and their ratio stays what it is.
    """
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    end = time.perf_counter() + budget * len(calls)
    while time.perf_counter() < end or len(times[0]) < 3:
        for call, taken in zip(calls, times, strict=True):
            start = time.process_time()
            call()
            taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in times]


def peak(kind: str) -> float:
    """Peak memory in MB of a process that reads one such document."""
    command = [sys.executable, "-m", "benchmarks.reading", "--peak", kind]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--budget", type=float, default=1.0, help="seconds spent on each measurement")
    options.add_argument("--peak", choices=KINDS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.peak:
        read(KINDS[chosen.peak][0](), f"a.{chosen.peak}", HINTS)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    warm_up()
    print(f"{'kind':6}{'KB':>8}{'ms':>9}{'docs/s':>9}{'MB/s':>8}{'bare ms':>9}{'ours':>7}{'peak MB':>9}")
    for kind, (make, bare) in KINDS.items():
        data = make()
        calls: list[Callable[[], object]] = [
            partial(read, data, f"a.{kind}", HINTS),
            *([partial(bare, data)] if bare else []),
        ]
        ours, alone = (*seconds(calls, chosen.budget), 0.0)[:2]
        size = len(data) / 1024
        cells = f"{kind:6}{size:8.0f}{ours * 1000:9.2f}{1 / ours:9.0f}{size / 1024 / ours:8.1f}"
        cells += f"{alone * 1000:9.2f}{max(0.0, 1 - alone / ours):7.0%}" if alone else f"{'–':>9}{'–':>7}"
        print(cells + f"{peak(kind):9.0f}", flush=True)
    print(f"\nms: processor time. ours: the share that is not the bare library's. Target: {TARGET:.0%}.")


if __name__ == "__main__":
    main()
