"""Fields a person put above a text: YAML between ---, TOML between +++, or plain "Key: value" lines."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from timeline.reading.dates import stamped

LIMIT = 16_384  # characters: a longer block is no front matter
_YAML = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_DATE_KEYS = (
    "date",
    "published",
    "publishdate",
    "pubdate",
    "publicationdate",
    "datepublished",
    "created",
    "written",
    "dated",
    "dct",
)
_LATE_KEYS = ("updated", "lastmod", "modified", "lastmodified")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields (keys lower case, no gaps) and where the text proper begins."""

    fields: Mapping[str, str] = field(default_factory=dict)
    body: int = 0

    def date(self, date_order: str | None = None) -> tuple[str, date] | None:
        """The field that dates the text and its day; "updated" only when nothing better stands there."""
        for key in (*_DATE_KEYS, *_LATE_KEYS):
            value = stamped(self.fields[key], date_order) if key in self.fields else None
            if value:
                return key, value
        return None


def front_matter(text: str) -> FrontMatter:
    """The fields above `text`, none when it opens otherwise."""
    if match := _YAML.match(text, 0, LIMIT):
        fields = yaml_fields(match[1])
        return FrontMatter(fields, match.end()) if fields else FrontMatter()
    if match := _TOML.match(text, 0, LIMIT):
        try:
            return FrontMatter(plain_fields(tomllib.loads(match[1])), match.end())
        except tomllib.TOMLDecodeError:
            return FrontMatter()
    return FrontMatter()


def yaml_fields(block: str) -> dict[str, str]:
    """Top-level "key: scalar" lines of a YAML block; nested ones and lists are left alone.

    Not a YAML parser on purpose: no anchors, no tags, nothing that grows or runs.
    """
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        match = _FIELD.match(line)
        if match and (value := _scalar(match[2] or "")):
            fields.setdefault(_key(match[1]), value)
    return fields


def plain_fields(table: Mapping[str, object]) -> dict[str, str]:
    """The scalars of a parsed TOML or JSON table."""
    return {_key(key): str(value) for key, value in table.items() if isinstance(value, (str, int, float, date))}


def _key(key: str) -> str:
    return re.sub(r"[\W_]", "", key.lower())


def _scalar(raw: str) -> str:
    value = raw.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return re.sub(r"\s+#.*$", "", value)
