"""Jinja2: where the templates lie and how strictly they are taken."""

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from timeline.errors import UsageError

PACKAGE = Path(__file__).resolve().parents[1]

# What a page may load when it is opened as a file; the web role sends a stricter one as a header. `file:` is needed
# because a page opened from disk has no origin that 'self' could mean in every browser.
FILE_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


@cache
def folder() -> Path:
    """The templates: beside the packages in a checkout, inside ours in a wheel."""
    for candidate in (PACKAGE / "_templates", PACKAGE.parent / "templates"):
        if (candidate / "base.html").is_file():
            return candidate
    raise UsageError(f"the page templates are missing from {PACKAGE}; install timeline-builder again")


@cache
def environment() -> Environment:
    """One environment a process: a template is compiled once."""
    made = Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["thousands"] = lambda number: f"{number:,}"
    made.filters["plural"] = lambda number, word: f"{number:,} {word}{'' if number == 1 else 's'}"
    made.globals["policy"] = FILE_POLICY
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """Address of a static file from the top of the site, with its hash, so that a new version is fetched at once."""
    return f"static/{name}?v={hashlib.sha256((folder() / 'static' / name).read_bytes()).hexdigest()[:8]}"
