"""A small file beside a document that says when it was written: NAME.json, NAME.yaml, NAME.meta.toml."""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date

from timeline.reading.frontmatter import FrontMatter, front_matter, plain_fields, yaml_fields
from timeline.reading.kinds import suffix

LIMIT = 65_536  # bytes: a larger file beside a document is a document itself
SUFFIXES = (".json", ".yaml", ".yml", ".toml")


def sidecar_fields(data: bytes, name: str) -> dict[str, str]:
    """Fields of a sidecar, keys lower case without gaps; none when it is no such file."""
    if len(data) > LIMIT or suffix(name) not in SUFFIXES:
        return {}
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if suffix(name) == ".toml":
            return plain_fields(tomllib.loads(text))
        if suffix(name) == ".json":
            table = json.loads(text)
            return plain_fields(table) if isinstance(table, dict) else {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError):
        return {}
    return dict(front_matter(text).fields) or yaml_fields(text)


@dataclass(frozen=True, slots=True)
class Told:
    """What a file beside a document says of it."""

    day: date | None = None
    title: str | None = None
    origin: str | None = None  # where it comes from: "source"
    language: str | None = None


def told_beside(data: bytes, name: str) -> Told | None:
    """What a sidecar says of the document it stands beside; None when it says nothing we know."""
    fields = sidecar_fields(data, name)
    found = FrontMatter(fields).date()
    language = (fields.get("language") or fields.get("lang") or "")[:2].lower()
    told = Told(
        found[1] if found else None,
        fields.get("title"),
        fields.get("source"),
        language if re.fullmatch("[a-z]{2}", language) else None,
    )
    return told if told != Told() else None


def sidecar_date(data: bytes, name: str) -> date | None:
    """The date a sidecar gives the document it stands beside."""
    dated = FrontMatter(sidecar_fields(data, name)).date()
    return dated[1] if dated else None
