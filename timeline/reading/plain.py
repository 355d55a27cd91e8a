"""Plain text, kept as it is but for line ends, and Markdown, read as prose; both without their front matter."""

import re
from collections.abc import Mapping

from timeline.model import DctSource, Evidence
from timeline.reading import chats
from timeline.reading.content import Content, Source
from timeline.reading.decoding import decode
from timeline.reading.frontmatter import FrontMatter, front_matter
from timeline.reading.kinds import Kind

_HEADING = re.compile(r"^#{1,3}[ \t]+(.+?)[ \t]*#*$|^([^\n]{1,200})\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
# Memos, minutes and mails saved as text: a run of "Key: value" lines above a blank one, at least one of them known.
_COMMENT = re.compile(r"<!--(?:[^<-]|<(?!!--)|-(?!->)){0,5000}-->")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{1,2000}(?:[ ]\"[^\"\n]{0,200}\")?\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500})(?<=\S)\1")
_ROW = re.compile(r"^[ \t]{0,3}(\|[^\n]{0,5000}\|)[ \t]{0,20}(?:\n|\Z)", re.MULTILINE)
_BLOCK = re.compile(r"\A\s*((?:[A-Z][\w -]{1,24}:[ \t]*[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){2,20})")
_KNOWN = {"date", "from", "to", "subject", "sent", "title", "author", "newsgroups", "re", "attendees", "present"}
_SHOWN = ("author", "source", "subject", "from", "to", "by")


def read(source: Source) -> Content:
    """Text with its title and what its head says of its date."""
    decoded = decode(source.data, source.name)
    if source.kind is Kind.TEXT and chats.is_chat(decoded.text):
        return chats.read(source)
    matter = front_matter(decoded.text)
    text = decoded.text[matter.body :]
    evidence = dated(matter, DctSource.FRONT_MATTER, source.date_order)
    fields = dict(matter.fields)
    if not fields and (headers := header_block(text)):
        evidence = dated(FrontMatter(headers), DctSource.HEADER, source.date_order)
        fields = headers
    is_markdown = source.kind is Kind.MARKDOWN
    title = heading(text) if is_markdown else ""
    text = readable(text) if is_markdown else text
    return Content(
        text=text,
        media_type="text/markdown" if is_markdown else "text/plain",
        titles=(fields.get("title", ""), fields.get("subject", ""), title),
        evidence=evidence,
        language=fields.get("language") or fields.get("lang"),
        notes=decoded.notes,
        metadata=shown(fields),
    )


def readable(text: str) -> str:
    """Markdown as a person reads it aloud: no addresses, comments or emphasis; a row of a table stands by itself."""
    text = _COMMENT.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _ROW.sub(lambda match: "" if match[1].strip("|:- \t") == "" else match[1].strip("| \t") + "\n\n", text)


def heading(text: str) -> str:
    """The first heading of a Markdown text."""
    match = _HEADING.search(text, 0, 5000)
    return (match[1] or match[2] or "").strip() if match else ""


def header_block(text: str) -> dict[str, str]:
    """The "Date: …", "Subject: …" lines that open a text; none when it opens with prose."""
    match = _BLOCK.match(text, 0, 8000)
    if not match:
        return {}
    fields: dict[str, str] = {}
    for line in match[1].split("\n"):
        key, colon, value = line.partition(":")
        if colon and not line[:1].isspace():
            fields.setdefault(key.strip().lower(), value.strip())
    if "sent" in fields:
        fields.setdefault("date", fields["sent"])
    return fields if len(_KNOWN & fields.keys()) >= 2 or {"date", "title"} <= fields.keys() else {}


def dated(matter: FrontMatter, source: DctSource, date_order: str | None) -> tuple[Evidence, ...]:
    """The evidence in some fields."""
    found = matter.date(date_order)
    return (Evidence(source, found[1], f"“{found[0]}” field"),) if found else ()


def shown(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields worth displaying."""
    return {key: fields[key] for key in _SHOWN if key in fields}
