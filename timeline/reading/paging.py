"""Where the pages of a Word or OpenDocument text begin, as far as the file itself knows; no page is made up.

Such files hold a text that runs on; its program breaks it into pages as it shows it. Word notes where it did when it
saves; LibreOffice too, but leaves out every break within a paragraph, and others note nothing. What is left are the
breaks a person set: they are all the pages there are when Word counted as many, or when no part between them could
fill a page.
"""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

from timeline.reading.kinds import ZIP_DAMAGED

_ENOUGH = 48  # letters after a break that tell its place
_SHORT, _FEW = 1000, 20  # characters and paragraphs that stand on any page, in any usual type
_MAX_XML = 100 * 1024 * 1024  # bytes of one unpacked member
_COUNT = re.compile(r"<Pages>(\d{1,6})</Pages>")
# Looked for in the markup as every program writes it: a tree of it would take as long as reading the document does.
_NOTED = "<w:lastRenderedPageBreak"
_SET = re.compile(
    r'<w:(?:br [^<>]{0,100}w:type="page"|pageBreakBefore(?: w:val="(?:1|true|on)")?/>|'
    r'sectPr\b(?!(?:(?!</w:sectPr>).){0,2000}?<w:type w:val="(?:continuous|nextColumn)").{0,4000}?</w:sectPr>)',
    re.DOTALL,
)
_WORD_TEXT = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)|(</w:p>)")
_ODT_STYLE = re.compile(
    r'<style:style [^<>]*style:name="([^"<>]+)"[^<>]*>\s*(?:<style:paragraph-properties [^<>]*break-before="page")|'
    r'<style:style (?=[^<>]*style:master-page-name="[^"])[^<>]*style:name="([^"<>]+)"'
)
_ODT_PARAGRAPH = re.compile(r'<text:[ph] [^<>]*text:style-name="([^"<>]+)"[^<>]*>')
_ODT_TEXT = re.compile(r">([^<]+)|(</text:[ph]>)")


def page_starts(data: bytes, text: str, *, is_word: bool) -> tuple[int, ...]:
    """The offset in `text` at which each page begins; none where only the program that made the file could tell."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            markup = _member(package, "word/document.xml" if is_word else "content.xml")
            told = _member(package, "docProps/app.xml") if "docProps/app.xml" in package.namelist() else ""
    except ZIP_DAMAGED:
        return ()
    is_noted = (_NOTED if is_word else "<text:soft-page-break") in markup
    if is_noted and not (is_word and "Microsoft" in told):
        return ()
    if is_noted:  # those that were set are noted too
        breaks: Iterable[int] = (match.end() for match in re.finditer(_NOTED, markup))
    else:
        breaks = (match.end() for match in _SET.finditer(markup)) if is_word else _broken(markup)
    starts = _located((_following(markup, at, _WORD_TEXT if is_word else _ODT_TEXT) for at in breaks), text)
    if len(starts) < 2 or is_noted:
        return starts if len(starts) > 1 else ()
    count = _COUNT.search(told) if "Microsoft" in told else None
    parts = [text[start:end] for start, end in zip(starts, (*starts[1:], len(text)), strict=True)]
    is_plain = all(len(part) <= _SHORT and part.count("\n") < 2 * _FEW for part in parts)
    return starts if is_plain or (count is not None and int(count[1]) == len(parts)) else ()


def _member(package: zipfile.ZipFile, name: str) -> str:
    with package.open(name) as stream:
        data = stream.read(_MAX_XML + 1)
    if len(data) > _MAX_XML:
        raise ValueError(name)
    return data.decode("utf-8")


def _broken(markup: str) -> Iterator[int]:
    """Where paragraphs of an OpenDocument text open whose style begins a page."""
    styles = {first or second for first, second in _ODT_STYLE.findall(markup)}
    for match in _ODT_PARAGRAPH.finditer(markup) if styles else ():
        if match[1] in styles:
            yield match.end() - 1


def _following(markup: str, at: int, pieces: re.Pattern[str]) -> str:
    """The text after a break, as far as its paragraph goes; of the next that has any when that has none."""
    gathered = ""
    for match in pieces.finditer(markup, at):
        gathered += html.unescape(match[1] or "")
        if len(gathered) > 2 * _ENOUGH or (match[2] and gathered.strip()):
            break
    return gathered


def _located(afters: Iterable[str], text: str) -> tuple[int, ...]:
    """Where the text after each break stands, one behind the other; nothing when one is not found."""
    starts = [0]
    for after in afters:
        letters = re.sub(r"\s", "", after)[:_ENOUGH]
        if not letters:  # a page after the last word
            continue
        found = re.compile(r"\s*".join(map(re.escape, letters))).search(text, starts[-1])
        if found is None:
            return ()
        if text[: found.start()].strip():  # a break before the first word begins no second page
            starts.append(found.start())
    return tuple(starts)
