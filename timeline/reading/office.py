"""Word processors, presentations and books: text through kreuzberg, with the properties the file carries."""

import re
from collections.abc import Sequence

from timeline.errors import UnreadableError
from timeline.reading import compound
from timeline.reading.content import Content, Source
from timeline.reading.paging import page_starts
from timeline.reading.parsing import Parsed, parse
from timeline.reading.plain import readable

_SLIDES = {
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
_TIGHT = {"application/msword"}  # one line end a paragraph
_MISSES = 50  # rows of tables looked for in vain before the rest is left as it is
_DIRECTIVE = re.compile(r"^[A-Z]+(?:_[A-Z]+)?: [^\n]*\n+", re.MULTILINE)
_RTF_HEAD = re.compile(rb"\{\\(?:header|footer)[lrf]?(?![a-z])")
_RTF_BRACE = re.compile(rb"\\[\\{}]|[{}]")


def read(source: Source) -> Content:
    """Text and properties of an office document."""
    compound.refuse_unfit(source.data, source.name)
    data = headless(source.data) if source.media_type == "application/rtf" else source.data
    parsed = parse(data, source.media_type, source.name)
    text, pages = joined(parsed)
    if not pages or source.media_type == _WORD:
        text = tabled(text, parsed.tables)
    if source.media_type == _ODT or (source.media_type == _WORD and pages):
        pages = page_starts(source.data, text, is_word=source.media_type == _WORD)
    if source.media_type == "application/x-ipynb+json":
        text = readable(text)
    if source.media_type == "text/x-org":
        text = _DIRECTIVE.sub("", text).lstrip("\n")
    if source.media_type in _TIGHT:
        text = "\n\n".join(line.strip() for line in text.replace("\t\t", "\n").split("\n") if line.strip())
    if not text.strip():
        raise UnreadableError(f"{source.name}: no text in it: pictures only? save it as PDF and install tesseract")
    return Content(
        text=text,
        media_type=source.media_type,
        titles=parsed.titles(),
        evidence=parsed.dates(source.zone) or compound.dates(source.data),
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
    pieces: list[str] = []
    length = 0
    for page in map(_tight, parsed.pages):
        if length:
            pieces.append("\n\n")
            length += 2
        starts.append(length)
        pieces.append(page)
        length += len(page)
    return "".join(pieces), tuple(starts)


def tabled(text: str, tables: Sequence[Sequence[Sequence[str]]]) -> str:
    """The text with each row of its tables a paragraph, cells parted by bars, as far as the rows are found in it."""
    pieces: list[str] = []
    at = missed = 0
    for row in (row for table in tables for row in table):
        missed += 1
        if missed > _MISSES:
            break
        cells = [" ".join(cell.split()) for cell in row if cell.strip()]
        for line in (" ".join(row), "\t".join(row), " ".join(cells)):
            found = text.find(f"{line}\n", at)
            end = found + len(line)
            if cells and found >= 0 and text[found - 1 : found] in {"", "\n"}:
                pieces += (text[at:found], " | ".join(cells), "\n")
                at, missed = end, 0
                break
    return _tight("".join((*pieces, text[at:]))) if pieces else text


def _tight(text: str) -> str:
    """One blank line between paragraphs, none around them."""
    while "\n\n\n" in text:  # at most a few times: each halves the longest run
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n")
