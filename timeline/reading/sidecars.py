"""A small file beside a document that says when it was written: NAME.json, NAME.yaml, NAME.meta.toml."""

import json
import tomllib
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


def sidecar_date(data: bytes, name: str) -> date | None:
    """The date a sidecar gives the document it stands beside."""
    dated = FrontMatter(sidecar_fields(data, name)).date()
    return dated[1] if dated else None
