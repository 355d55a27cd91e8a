"""What the pages say: the words of words.toml, their places filled."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from markupsafe import Markup

from timeline.rendering.sources import words


@cache
def plain() -> Mapping[str, Markup]:
    """What is said as it stands, by key; markup in it is ours and kept."""
    return {key: Markup(said) for key, said in words()["page"].items() if isinstance(said, str)}  # noqa: S704 - our own


def say(key: str, *, n: int = 0, **holds: object) -> Markup:
    """What a key says with its places filled and what fills them escaped; `n` chooses the form that fits the number."""
    said = words()["page"][key]
    form = said if isinstance(said, str) else said.get(_locale().plural_form(n), said["other"])
    filled = {name: f"{value:,}" if isinstance(value, int) else value for name, value in holds.items()}
    return Markup(form).format(n=f"{n:,}", **filled)  # noqa: S704 - our own; format escapes what it is given


def say_language(code: str) -> str:
    """The name of a language in the page's: "German"; the code where CLDR has no name for it."""
    return _locale().languages.get(code.replace("-", "_"), code) or str(plain()["not_known"])


def say_weekday(number: int) -> str:
    """The name of a weekday in the page's language; 0 is Monday."""
    return str(_locale().days["format"]["wide"][number])


@cache
def _locale() -> Locale:
    return Locale.parse(words()["language"])
