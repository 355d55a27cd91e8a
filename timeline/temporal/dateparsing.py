"""The one door to dateparser: full calendar dates as written, memoised, with a fixed base; and its words by locale."""

import importlib
import importlib.util
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
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


class _Metadata(Protocol):
    def version(self, name: str) -> str: ...


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


@cache
def _locale_files() -> Mapping[str, Path]:
    """Locale → the file of its words. Found without importing dateparser, which costs a third of a second."""
    found = importlib.util.find_spec("dateparser")
    folders = found.submodule_search_locations if found else None
    files = [path for folder in folders or () for path in Path(folder).glob("data/date_translation_data/[a-z]*.py")]
    return {path.stem: path for path in files}


def locales() -> tuple[str, ...]:
    """The locales dateparser has words for: "cs", "sr", "sr-Latn", …"""
    return tuple(sorted(_locale_files()))


def words(locale: str) -> Mapping[str, object]:
    """What dateparser knows of a locale: names of months and days, units, relative phrases; empty when nothing."""
    path = _locale_files().get(locale)
    spec = importlib.util.spec_from_file_location(f"_words_{locale.replace('-', '_')}", path) if path else None
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, "info", None)
    return found if isinstance(found, dict) else {}


def version() -> str:
    """dateparser's own version: its words change with it."""
    return cast("_Metadata", importlib.import_module("importlib.metadata")).version("dateparser")
