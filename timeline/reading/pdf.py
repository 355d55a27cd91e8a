"""PDF: text by page, mended into sentences; pages without text are read as pictures where tesseract is there."""

import contextlib
import re

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading.content import Content, Source
from timeline.reading.dates import stamped
from timeline.reading.mending import mend
from timeline.reading.parsing import Parsed, parse

MEDIA_TYPE = "application/pdf"
OCR_PAGES = 30  # one to two seconds each: more would outlast the time a document may take
_EMPTY = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>"
)
_MIN_CHARS = 8  # less on a page is a page number, not text


def read(source: Source) -> Content:
    """The text of a PDF and the page each part of it stands on."""
    parsed = parse(source.data, MEDIA_TYPE, source.name)
    bare = [number for number, page in enumerate(parsed.pages, start=1) if len(page.strip()) < _MIN_CHARS]
    pages, notes = _recognised(source, parsed, bare) if bare else (parsed.pages, ())
    dates = _stamped(source.data, source.zone) or parsed.dates(source.zone)
    if len(bare) > len(pages) // 2:  # a scan: its properties tell when it was scanned, not when it was written
        dates = tuple(Evidence(DctSource.FILE_TIME, one.value, "scanned then") for one in dates)
    text, starts = mend(pages)
    if not text.strip():
        raise UnreadableError(f"{source.name}: no text: scanned? install tesseract and drop it again")
    return Content(
        text=text,
        media_type=MEDIA_TYPE,
        titles=parsed.titles(),
        evidence=dates,
        pages=starts,
        notes=notes,
        metadata=parsed.shown(),
    )


def warm_up() -> None:
    """Has kreuzberg unpack and load its PDF library, which needs room on the disk: later there may be none."""
    with contextlib.suppress(UnreadableError):
        parse(_EMPTY, MEDIA_TYPE, "empty.pdf")


def _stamped(data: bytes, zone: str | None) -> tuple[Evidence, ...]:
    """The dates of the information dictionary, of which kreuzberg tells only the first."""
    for key, note in ((b"CreationDate", "created"), (b"ModDate", "modified")):
        found = re.search(rb"/" + key + rb"\s*\(D(?::|\\072)(\d{8}(?:\d{6}(?:Z|[+-]\d\d'?\d\d))?)", data)
        day = stamped(found[1].decode("ascii", "replace"), zone=zone) if found else None
        if day:
            return (Evidence(DctSource.METADATA, day, f"“{note}” property"),)
    return ()


def _recognised(source: Source, parsed: Parsed, bare: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pages, those without text read as pictures as far as that can be done here."""
    tried = bare[:OCR_PAGES]
    try:
        seen = parse(source.data, MEDIA_TYPE, source.name, ocr=tried, language=source.language or "en").pages
    except UnreadableError:
        seen = ()
    pages = list(parsed.pages)
    read_now = [number for number in tried if number <= len(seen) and len(seen[number - 1].strip()) >= _MIN_CHARS]
    for number in read_now:
        pages[number - 1] = seen[number - 1]
    notes: list[str] = []
    if read_now:
        notes.append(f"OCR: {_numbers(read_now)} read as pictures")
    left = [number for number in bare if number not in read_now]
    if left and len(left) < len(pages):
        why = (
            f"only {OCR_PAGES} are tried"
            if len(bare) > OCR_PAGES
            else "empty, or scanned and tesseract cannot read them"
        )
        notes.append(f"no text on {_numbers(left)}: {why}")
    return tuple(pages), tuple(notes)


def _numbers(pages: list[int]) -> str:
    shown = ", ".join(str(page) for page in pages[:8]) + (f" and {len(pages) - 8} more" if len(pages) > 8 else "")
    return f"page {shown}" if len(pages) == 1 else f"pages {shown}"
