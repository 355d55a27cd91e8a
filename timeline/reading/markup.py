"""reStructuredText and XML, with the kinds of OpenDocument that kreuzberg does not read."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

from lxml import etree

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading import sheets
from timeline.reading.content import Content, Source
from timeline.reading.dates import stamped
from timeline.reading.decoding import decode
from timeline.reading.frontmatter import FrontMatter
from timeline.reading.kinds import ZIP_DAMAGED
from timeline.reading.plain import dated, shown

MAX_XML = 100 * 1024 * 1024  # bytes of one unpacked content.xml
_DOCINFO = re.compile(r"^:([A-Za-z][\w -]{0,30}):[ \t]+(.+)$", re.MULTILINE)
_RST_TITLE = re.compile(r"(?m)^(?:([=\-~^\"'#*+]{3,})\n)?[ \t]*(\S[^\n]{0,200})\n([=\-~^\"'#*+])\3{2,}[ \t]*$")
_RST_RULE = re.compile(r"[ \t]*(?:([=\-~^\"'#*+`:._])\1{2,}|=+(?:[ \t]+=+)+|\+[-=+]+\+)[ \t]*")
_RST_LINK = re.compile(r"`([^`<>\n]{1,200}?)\s?<[^<>\s]{1,500}>`__?")
_UNSAID = {"page-number", "page-count", "annotation", "tracked-changes", "script", "style", "binary"}
_BLOCKS = {
    "p",
    "h",
    "title",
    "para",
    "head",
    "li",
    "item",
    "row",
    "table-row",
    "tr",
    "line",
    "entry",
    "abstract",
    "summary",
    "description",
}


def read_rst(source: Source) -> Content:
    """reStructuredText: kept as it is, but links lose their address, rules go, rows of tables stand by themselves."""
    raw = decode(source.data, source.name)
    fields = {key.lower(): value.strip() for key, value in _DOCINFO.findall(raw.text[:4000])}
    title = _RST_TITLE.search(raw.text, 0, 4000)
    return Content(
        text=_ruled(_RST_LINK.sub(r"\1", _DOCINFO.sub("", raw.text[:4000]) + raw.text[4000:])).strip("\n"),
        media_type="text/x-rst",
        titles=(fields.get("title", ""), title[2] if title else ""),
        evidence=dated(FrontMatter(fields), DctSource.FRONT_MATTER, source.date_order),
        language=fields.get("language"),
        notes=raw.notes,
        metadata=shown(fields),
    )


def _ruled(text: str) -> str:
    """Text without the rules under headings and around tables; between two rules of a table each line is a row."""
    out: list[str] = []
    is_table = False
    for line in text.split("\n"):
        if _RST_RULE.fullmatch(line):
            is_table = line.strip()[:1] in "=+" and any(gap in line.strip() for gap in (" ", "\t", "+"))
            out.append("")
            continue
        is_table = is_table and bool(line.strip())
        out.append(line.strip("| \t") + "\n" if is_table else line)
    return "\n".join(out)


def read_xml(source: Source) -> Content:
    """The text of any XML, its paragraphs told by the usual names of elements."""
    return _from_tree(_tree(source.data, source.name), source)


def read_opendocument(source: Source) -> Content:
    """An OpenDocument kind that kreuzberg does not read, from its content.xml."""
    content, meta = (_member(source, name) for name in ("content.xml", "meta.xml"))
    return _from_tree(content, source, meta)


def read_opendocument_sheet(source: Source) -> Content:
    """A spreadsheet through kreuzberg, which leaves its title and date in meta.xml."""
    content = sheets.read(source)
    meta = _member(source, "meta.xml")
    return replace(content, titles=(_first(meta, ("title",)),), evidence=_dated(meta, source.zone))


def _member(source: Source, part: str) -> etree._Element:
    try:
        with zipfile.ZipFile(BytesIO(source.data)) as package:
            return _tree(_part(package, part), source.name)
    except ZIP_DAMAGED as error:
        raise UnreadableError(f"{source.name}: a damaged OpenDocument file; save it again") from error


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as stream:
        data = stream.read(MAX_XML + 1)
    if len(data) > MAX_XML:
        raise ValueError(name)
    return data


def _tree(data: bytes, name: str) -> etree._Element:
    """The tree; entities are not expanded, nothing is fetched, and libxml2's own bounds stay on."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        told = (
            "entities that expand without end: not read" if "entit" in str(error).lower() else f"damaged XML ({error})"
        )
        raise UnreadableError(f"{name}: {told[:160]}") from error
    except ValueError as error:
        raise UnreadableError(f"{name}: damaged XML ({error})") from error
    return tree


def _from_tree(tree: etree._Element, source: Source, meta: etree._Element | None = None) -> Content:
    heads = tree if meta is None else meta
    text, starts = _text(tree)
    if not text.strip():
        raise UnreadableError(f"{source.name}: no text in it")
    return Content(
        text=text,
        media_type=source.media_type,
        titles=(_first(heads, ("book-title", "title")),),
        evidence=_dated(heads, source.zone),
        language=tree.get("{http://www.w3.org/XML/1998/namespace}lang") or _first(heads, ("language",)) or None,
        pages=starts if len(starts) > 1 else (),
    )


_CREATED = ("creation-date", "published", "pubDate", "pubdate", "issued", "created", "date", "updated")


def _dated(heads: etree._Element, zone: str | None) -> tuple[Evidence, ...]:
    created = _first(heads, _CREATED)
    day = stamped(created, zone=zone) if created else None
    return (Evidence(DctSource.METADATA, day, "date in its header"),) if day else ()


def _first(tree: etree._Element, names: Iterable[str]) -> str:
    for name in names:
        for element in tree.iter(f"{{*}}{name}"):
            if text := " ".join("".join(element.itertext()).split()):
                return text
    return ""


def _text(tree: etree._Element) -> tuple[str, tuple[int, ...]]:
    """Blocks on lines of their own, and where each slide (`draw:page`) begins."""
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    body = next(tree.iter("{*}body"), tree)
    for block in _blocks(body):
        if block is None:
            starts.append(length)
            continue
        pieces.append(block + "\n\n")
        length += len(block) + 2
    return "".join(pieces).rstrip(), tuple(starts)


_ROWS = {"row", "table-row", "tr"}


def _blocks(body: etree._Element) -> Iterable[str | None]:
    """Text of the blocks in document order; None where a page begins."""
    gathered: list[str] = []
    rows = 0  # a row of a table is one block, whatever stands in its cells
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        rows += (name in _ROWS) * (1 if event == "start" else -1)
        is_cell = rows > (event == "start" and name in _ROWS)
        if ((name in _BLOCKS or name == "page") and not is_cell) or (event == "end" and element is body):
            if text := " ".join("".join(gathered).split()):
                yield text
            gathered.clear()
        if event == "start":
            if name == "page":
                yield None
            gathered.append((element.text or "") if name and name not in _UNSAID else "")
        elif element is not body:
            gathered.append(
                (element.tail or "")
                if name in {"span", "a", "s", "tab", "em", "strong", "i", "b", "emphasis"}
                else f" {element.tail or ''}"
            )
