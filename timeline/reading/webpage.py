"""Web pages: the main text without menus and banners, and what their markup says of title, language and date."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import lxml.html
import trafilatura
from htmldate import find_date
from lxml import etree

from timeline.errors import UnreadableError
from timeline.model import DctSource, Evidence
from timeline.reading.content import Content, Source
from timeline.reading.dates import stamped
from timeline.reading.decoding import CONTROLS, decode

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SAVED = re.compile(r"<!--[^>]{0,2000}?saved date:\s*([^\n>]{8,60})", re.IGNORECASE)
_DATA_URI = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=%\s]{256,}")
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:/|[-_.]|$)", re.IGNORECASE)
_PUBLISHED = """
article:published_time article:published og:published_time og:article:published_time datepublished date.published
publish-date publish_date publishdate published-date published_date pubdate publication_date publication-date
article_date_original cxenseparse:recs:publishtime parsely-pub-date sailthru.date citation_publication_date
citation_date citation_online_date dc.date.issued dcterms.issued dc.date.published dc.date dcterms.date dc.date.created
dcterms.created datecreated date created timestamp rnews:datepublished analyticsattributes.articledate gentime doc_date
""".split()
_MODIFIED = "article:modified_time og:updated_time datemodified dcterms.modified last-modified modified".split()
_PAGES = {
    "WebSite",
    "Organization",
    "Person",
    "BreadcrumbList",
    "ImageObject",
    "VideoObject",
    "Comment",
    "Event",
    "Product",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,30})?([^<>]*)>")
_UNSEEN = {"script", "style", "head", "template", "title"}
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "section", "article"}
_NEVER = "2999-12-31"  # htmldate's own upper bound is the clock's; ours is the file's time, weighed later
_MIN_TEXT = 25  # characters: less from the main-text finder means it found none
_MAX_NODES = 5000  # of one page's JSON-LD


@dataclass(slots=True)
class _Stamps:
    """Dates in a page's markup, best first, with where they stood."""

    published: list[tuple[date, str]] = field(default_factory=list)
    modified: list[tuple[date, str]] = field(default_factory=list)
    zone: str | None = None

    def add(self, value: object, note: str, *, is_modified: bool = False) -> None:
        day = stamped(value, zone=self.zone)
        if day:
            (self.modified if is_modified else self.published).append((day, note))


def read(source: Source) -> Content:
    """The main text of a page and what its markup says of it."""
    declared = _CHARSET.search(source.data[:4096])
    decoded = decode(source.data, source.name, declared[1].decode("ascii") if declared else None)
    markup = CONTROLS.sub("", decoded.text)
    markup = _DATA_URI.sub("data:,", _XML_DECLARATION.sub("", markup))
    tree = parse(markup, source.name)
    meta = _meta(tree)
    evidence = tuple(_evidence(tree, meta, markup, source.zone))
    titles = _titles(tree, meta)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or meta.get("og:locale")
    shown = {"author": meta.get("author", ""), "source": meta.get("og:site_name", ""), "address": _address(tree, meta)}
    text, notes = main_text(tree, markup)  # last: it takes the tree apart
    if not text:
        raise UnreadableError(
            f"{source.name}: a web page without text; if it is drawn by scripts, save it with SingleFile"
        )
    return Content(
        text=text,
        media_type="text/html",
        titles=titles,
        evidence=evidence,
        language=language,
        notes=(*decoded.notes, *notes),
        metadata={key: value for key, value in shown.items() if value},
    )


def parse(markup: str, name: str) -> lxml.html.HtmlElement:
    """The tree of a page, however broken; scripts are never run and nothing is fetched."""
    try:
        tree = lxml.html.document_fromstring(markup, parser=lxml.html.HTMLParser(no_network=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"{name}: an empty or damaged web page") from error
    return tree


def main_text(tree: lxml.html.HtmlElement, markup: str) -> tuple[str, tuple[str, ...]]:
    """The text a reader would read, paragraphs parted by blank lines; of a page too broken for that, all text."""
    try:
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, with_metadata=False, favor_recall=True
        )
        text = (found.text or "") if found is not None and not isinstance(found, dict) else ""
        if len(text) >= _MIN_TEXT:
            return _paragraphs(text), ()
        if whole := _paragraphs(trafilatura.html2txt(markup)):  # anew: the tree has been taken apart
            return whole, ("main text not told from the rest: whole page read",)
    except (RecursionError, ValueError):  # nested too deep; control characters among its entities
        pass
    bare = stripped(markup)
    return bare, (("damaged: its tags were taken off and all its text read",) if bare else ())


def stripped(markup: str) -> str:
    """Markup without tags: for what is too broken or too deep to be a tree."""
    pieces: list[str] = []
    at = 0
    hidden = ""
    for match in _TAG.finditer(markup):
        if not hidden:
            pieces.append(markup[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if name in _UNSEEN:
            hidden = hidden or name if not match[1] else "" if hidden == name else hidden
        elif name in _BLOCKS:
            pieces.append("\n")
    pieces.append("" if hidden else markup[at:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(pieces)).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _paragraphs(text: str) -> str:
    """trafilatura parts paragraphs, items and rows by one line end; a blank line keeps them from running together."""
    lines = (line.strip("| \t") if line.startswith("|") else line.strip() for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line and not re.fullmatch(r"[|\s-]+", line))


def _meta(tree: lxml.html.HtmlElement) -> dict[str, str]:
    fields: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        value = (element.get("content") or element.get("datetime") or "").strip()
        if key and value:
            fields.setdefault(key.strip().lower(), value)
    return fields


def _titles(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> tuple[str, ...]:
    headings = [" ".join(element.text_content().split()) for element in tree.iter("h1")]
    title = " ".join((tree.findtext(".//title") or "").split())
    return (meta.get("og:title", ""), headings[0] if len(headings) == 1 else "", title, *headings[:1])


def _address(tree: lxml.html.HtmlElement, meta: dict[str, str]) -> str:
    canonical = next((link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical"), "")
    return canonical or meta.get("og:url", "")


def _evidence(tree: lxml.html.HtmlElement, meta: dict[str, str], markup: str, zone: str | None) -> Iterator[Evidence]:
    stamps = _stamps(tree, meta, zone)
    for day, note in stamps.published or stamps.modified:  # "modified" only when alone
        yield Evidence(DctSource.METADATA, day, note)
    addressed = _addressed(_address(tree, meta))
    if addressed:
        yield Evidence(DctSource.METADATA, addressed, "date in its address")
    elif not (stamps.published or stamps.modified) and (shown := _visible(tree)):
        yield Evidence(DctSource.DATELINE, shown, "date shown on the page")
    saved = _SAVED.search(markup[:20_000])
    if saved and (day_saved := _saved_day(saved[1])):
        yield Evidence(DctSource.FILE_TIME, day_saved, "saved from the browser then")


def _stamps(tree: lxml.html.HtmlElement, meta: dict[str, str], zone: str | None) -> _Stamps:
    stamps = _Stamps(zone=zone)
    for node in _linked_data(tree):
        _from_node(node, stamps)
    for key in _PUBLISHED:
        if key in meta:
            stamps.add(meta[key], f"<meta {key}>")
    for element in tree.iter("time"):
        if element.get("pubdate") is not None or "datepublished" in (element.get("itemprop") or "").lower():
            stamps.add(element.get("datetime") or element.text_content(), "<time> of publication")
    for key in _MODIFIED:
        if key in meta:
            stamps.add(meta[key], f"<meta {key}>", is_modified=True)
    return stamps


def _addressed(address: str) -> date | None:
    match = _ADDRESS.search(address)
    if not match:
        return None
    return stamped(f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}") or stamped(f"{match[3]} {match[2]} {match[1]}")


def _visible(tree: lxml.html.HtmlElement) -> date | None:
    """What htmldate makes of elements that look like a date line (its free search of the text is no evidence)."""
    found = find_date(tree, extensive_search=False, original_date=True, min_date="1900-01-01", max_date=_NEVER)
    return stamped(found) if found else None


def _saved_day(text: str) -> date | None:
    match = re.match(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4})", text)  # "Thu Nov 06 2025 14:12:00 GMT+0100 (…)"
    return stamped(match[1] if match else text)


def _from_node(node: dict[str, object], stamps: _Stamps) -> None:
    kinds = node.get("@type")
    named = set(kinds) if isinstance(kinds, list) else {kinds}
    if named & _PAGES:
        return
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if isinstance(node.get(key), str):
            stamps.add(node[key], f"JSON-LD {key}")
    if isinstance(node.get("dateModified"), str):
        stamps.add(node["dateModified"], "JSON-LD dateModified", is_modified=True)


def _linked_data(tree: lxml.html.HtmlElement) -> Iterator[dict[str, object]]:
    """Every object of the page's JSON-LD: articles first, nested ones after what holds them."""
    queue: list[object] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                queue.append(json.loads(script.text_content(), strict=False))
            except (json.JSONDecodeError, RecursionError):
                continue
    nodes: list[dict[str, object]] = []
    seen = 0
    while queue and seen < _MAX_NODES:
        seen += 1
        item = queue.pop(0)
        if isinstance(item, dict):
            nodes.append(item)
            queue.extend(value for key, value in item.items() if key in {"@graph", "mainEntity", "mainEntityOfPage"})
        elif isinstance(item, list):
            queue.extend(item[:_MAX_NODES])
    yield from sorted(nodes, key=lambda node: 0 if _is_article(node.get("@type")) else 1)


def _is_article(kinds: object) -> bool:
    names: Iterable[object] = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(("Article", "Posting", "Report")) for name in names)
