"""JSON: exported chats, articles with their text in a field, and whatever else as it stands."""

import json
from collections.abc import Mapping

from timeline.model import DctSource
from timeline.reading import chats
from timeline.reading.content import Content, Source
from timeline.reading.decoding import decode
from timeline.reading.frontmatter import FrontMatter, plain_fields
from timeline.reading.plain import dated, shown

MEDIA_TYPE = "application/json"
_BODY = ("text", "content", "body", "article", "articlebody", "fulltext", "maintext")
_MIN_BODY = 20  # characters: less in such a field is a label


def read(source: Source) -> Content:
    """A chat when it holds messages, an article when it holds one, else the JSON itself."""
    decoded = decode(source.data, source.name)
    try:
        exported: object = json.loads(decoded.text)
    except (json.JSONDecodeError, RecursionError):
        return Content(
            text=decoded.text,
            media_type=MEDIA_TYPE,
            notes=(*decoded.notes, "not valid JSON: read as text"),
            is_prose=False,
        )
    content = chats.from_json(exported, source) or _article(exported, source)
    return content or Content(text=decoded.text, media_type=MEDIA_TYPE, notes=decoded.notes, is_prose=False)


def _article(exported: object, source: Source) -> Content | None:
    if not isinstance(exported, Mapping):
        return None
    fields = plain_fields(exported)
    text = next((fields[key] for key in _BODY if len(fields.get(key, "")) >= _MIN_BODY), "")
    if not text:
        return None
    return Content(
        text=text.replace("\r\n", "\n"),
        media_type=MEDIA_TYPE,
        titles=(fields.get("title", ""), fields.get("headline", "")),
        evidence=dated(FrontMatter(fields), DctSource.FRONT_MATTER, source.date_order),
        language=fields.get("language") or fields.get("lang"),
        metadata=shown(fields),
    )
