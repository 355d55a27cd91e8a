"""Jinja2: how strictly templates are taken."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from timeline.rendering.phrases import plain, say
from timeline.rendering.sources import asset, folder, words

# What a page may load when it is opened as a file; the web role sends a stricter one as a header. `file:` is needed
# because a page opened from disk has no origin that 'self' could mean in every browser.
FILE_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


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
    made.globals["policy"] = FILE_POLICY
    made.globals["asset"] = asset
    made.globals["words"] = plain()
    made.globals["say"] = say
    made.globals["words_language"] = words()["language"]
    return made
