"""Word processors, presentations and books: text through kreuzberg, with the properties the file carries."""

import re
from datetime import date
from io import BytesIO

import olefile

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading.content import Content, Source
from timeline.reading.dates import stamped
from timeline.reading.parsing import Parsed, parse

_SLIDES = {
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_TIGHT = {"application/msword"}  # one line end a paragraph
_ENCRYPTED = "encrypted: remove the password and drop it again"


def read(source: Source) -> Content:
    """Text and properties of an office document."""
    parsed = parse(source.data, source.media_type, source.name)
    text, pages = joined(parsed)
    if source.media_type in _TIGHT:
        text = "\n\n".join(line.replace("\t\t", "\n").strip() for line in text.split("\n") if line.strip())
    if not text.strip():
        raise UnreadableError(f"{source.name}: no text in it: pictures only? save it as PDF and install tesseract")
    return Content(
        text=text,
        media_type=source.media_type,
        titles=parsed.titles(),
        evidence=parsed.dates() or old_dates(source.data),
        language=str(parsed.properties.get("language") or "") or None,
        pages=pages,
        metadata=parsed.shown(),
        is_prose=source.media_type not in _SLIDES,
    )


def joined(parsed: Parsed) -> tuple[str, tuple[int, ...]]:
    """Pages in a row, parted by blank lines, and where each begins."""
    if not parsed.pages:
        return re.sub(r"\n{3,}", "\n\n", parsed.text).strip("\n"), ()
    starts: list[int] = []
    text = ""
    for page in parsed.pages:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += re.sub(r"\n{3,}", "\n\n", page).strip("\n")
    return text, tuple(starts)


def old_dates(data: bytes) -> tuple[Evidence, ...]:
    """The created (else saved) property of a file from before 2007, which kreuzberg leaves out."""
    if not data.startswith(olefile.MAGIC):
        return ()
    try:
        with olefile.OleFileIO(BytesIO(data)) as compound:
            properties = compound.get_metadata()
    except (OSError, ValueError, IndexError, TypeError, AttributeError):
        return ()
    for value, note in ((properties.create_time, "created"), (properties.last_saved_time, "modified")):
        day: date | None = stamped(value) if value else None
        if day:
            return (Evidence(DctSource.METADATA, day, f"“{note}” property"),)
    return ()
