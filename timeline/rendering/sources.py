"""What pages are made from: where the templates lie, the words of the page, the files every page loads."""

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from timeline.errors import UsageError
from timeline.rendering.addresses import PART_CHARS

PACKAGE = Path(__file__).resolve().parents[1]

# The script is served as one file, because a page opened from disk may load no modules; this is the order of its parts.
SCRIPT = (
    "elements time axis data view hues band brush lanes marks moving chart filters list cards keys document live "
    "writing begin"
).split()
_HEAD = """\
/* The page comes alive: overview, lanes, filters, live news. Without this script everything can still be read.
   A classic script without a framework, because a page opened from disk may load neither modules nor data by fetch. */
"use strict";
(() => {
"""


@cache
def folder() -> Path:
    """The templates: beside the packages in a checkout, inside ours in a wheel."""
    for candidate in (PACKAGE / "_templates", PACKAGE.parent / "templates"):
        if (candidate / "base.html").is_file():
            return candidate
    raise UsageError(f"the page templates are missing from {PACKAGE}; install timeline-builder again")


@cache
def words() -> dict[str, Any]:
    """words.toml as it is: `language`, and a table of words for each part of the page."""
    return tomllib.loads((folder() / "words.toml").read_text("utf-8"))


@cache
def static() -> dict[str, bytes]:
    """The files every page loads, by name."""
    found = {path.name: path.read_bytes() for path in sorted((folder() / "static").iterdir())}
    return {**found, "timeline.js": _script().encode()}


def _script() -> str:
    """The parts of the script in one closure, with the words they say."""
    said = json.dumps({"language": words()["language"], **words()["script"]}, ensure_ascii=False, indent=1)
    parts = [(folder() / "script" / f"{name}.js").read_text("utf-8") for name in SCRIPT]
    return "\n".join([f"{_HEAD}const WORDS = {said};\nconst PART_CHARS = {PART_CHARS};\n", *parts, "})();\n"])


@cache
def asset(name: str) -> str:
    """Address of a static file from the top of the site, with its hash, so that a new version is fetched at once."""
    return f"static/{name}?v={hashlib.sha256(static()[name]).hexdigest()[:8]}"
