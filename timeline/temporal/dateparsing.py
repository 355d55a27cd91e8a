"""The one door to dateparser: full calendar dates as written, memoised, with a fixed base."""

import importlib
from collections import Counter
from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast

from timeline.temporal.values import Cal

_BASE = datetime(2000, 1, 1)  # noqa: DTZ001 - results do not depend on it: all parts are required
_SETTINGS = {
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RELATIVE_BASE": _BASE,
    "PARSERS": ["absolute-time"],
    "NORMALIZE": True,
}
_MOST = 40  # no written date is longer; what is, is not one

tally: Counter[str] = Counter()  # "asked" and "answered", for the bench


class _Parser(Protocol):
    def __call__(self, text: str, *, languages: list[str], settings: dict[str, object]) -> datetime | None: ...


@lru_cache(1)
def _parser() -> _Parser:
    """dateparser is imported with the first full date: it costs a third of a second, which start-up has not."""
    return cast("_Parser", importlib.import_module("dateparser").parse)


def parse(written: str, language: str) -> Cal | None:
    """The day a full written date names ("6 November 2025"), or None when dateparser cannot say."""
    canonical = " ".join(written.lower().replace(" ,", ",").split())
    if len(canonical) > _MOST:
        return None
    tally["asked"] += 1
    found = _parse(canonical, language)
    if found is not None:
        tally["answered"] += 1
    return found


@lru_cache(65_536)
def _parse(canonical: str, language: str) -> Cal | None:
    try:
        found = _parser()(canonical, languages=[language], settings=_SETTINGS)
    except (ValueError, OverflowError):  # a locale dateparser does not have, a year it cannot hold
        return None
    return None if found is None else Cal("day", found.toordinal() - 1)
