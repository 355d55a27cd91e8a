"""Word processors, presentations and books: text through kreuzberg, with the properties the file carries."""

import re

from timeline.errors import UnreadableError
from timeline.reading import compound
from timeline.reading.content import Content, Source
from timeline.reading.parsing import Parsed, parse

_SLIDES = {
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_TIGHT = {"application/msword"}  # one line end a paragraph
_RTF_HEAD = re.compile(rb"\{\\(?:header|footer)[lrf]?(?![a-z])")
_RTF_BRACE = re.compile(rb"\\[\\{}]|[{}]")


def read(source: Source) -> Content:
    """Text and properties of an office document."""
    compound.refuse_unfit(source.data, source.name)
    data = headless(source.data) if source.media_type == "application/rtf" else source.data
    parsed = parse(data, source.media_type, source.name)
    text, pages = joined(parsed)
    if source.media_type in _TIGHT:
        text = "\n\n".join(line.replace("\t\t", "\n").strip() for line in text.split("\n") if line.strip())
    if not text.strip():
        raise UnreadableError(f"{source.name}: no text in it: pictures only? save it as PDF and install tesseract")
    return Content(
        text=text,
        media_type=source.media_type,
        titles=parsed.titles(),
        evidence=parsed.dates() or compound.dates(source.data),
        language=str(parsed.properties.get("language") or "") or None,
        pages=pages,
        metadata=parsed.shown(),
        is_prose=source.media_type not in _SLIDES,
    )


def headless(data: bytes) -> bytes:
    """RTF without its running heads and feet, which kreuzberg would put before the text."""
    out: list[bytes] = []
    at = 0
    for match in _RTF_HEAD.finditer(data):
        if match.start() < at:
            continue
        out.append(data[at : match.start()])
        depth = 0
        for brace in _RTF_BRACE.finditer(data, match.start()):
            depth += {b"{": 1, b"}": -1}.get(brace[0], 0)
            if depth == 0:
                break
        at = brace.end()
    return b"".join((*out, data[at:]))


def joined(parsed: Parsed) -> tuple[str, tuple[int, ...]]:
    """Pages in a row, parted by blank lines, and where each begins."""
    if not parsed.pages:
        return _tight(parsed.text), ()
    starts: list[int] = []
    text = ""
    for page in parsed.pages:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += _tight(page)
    return text, tuple(starts)


def _tight(text: str) -> str:
    """One blank line between paragraphs, none around them."""
    while "\n\n\n" in text:  # at most a few times: each halves the longest run
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n")
