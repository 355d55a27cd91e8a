"""The words dateparser has for a language, and what locales.toml adds: names, relative phrases, lengths of time."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from timeline.temporal import dateparsing
from timeline.temporal.tokens import fold

COUNTED = ("year", "month", "week", "day", "hour", "minute")  # units of which lengths are told
ALONE = 4  # letters: no shorter name is read without a day or year beside it
_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = "year month week day hour minute second".split()
_RELATIVE = re.compile(r"(in )?(\d|\\1) (year|month|week|day|decade|century)( ago)?")
_GROUP = re.compile(r"\((?:\\.|[^()])*\)")
_SHORT = 3  # letters: no shorter name of a month or weekday is read at all
_ABBREVIATION = 6  # letters: a longer name is none, whatever else begins like it
# From here on scripts write syllables, so that a word has fewer characters; Georgian, inside, is an alphabet.
_SYLLABLES = "\u0900"
_GEORGIAN = re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]")

Table = Mapping[str, object]


@dataclass(slots=True)
class Words:
    """The words of one language, of all scripts it is written in."""

    months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)
    short: set[str] = field(default_factory=set)  # names read beside a year only: abbreviations
    units: set[str] = field(default_factory=set)
    shifts: dict[str, tuple[str, int]] = field(default_factory=dict)  # phrase → unit and how many from now
    offsets: dict[str, tuple[str, int]] = field(default_factory=dict)  # phrase with # for the number → unit and way
    lengths: dict[str, str] = field(default_factory=dict)  # phrase with # for the number → unit
    order: str = "DMY"


def words_of(code: str) -> Words:
    """The words of a language, from every locale of it that dateparser knows; none when it knows none."""
    known = dateparsing.locales()
    names = [name for name in (code, *more("also", code)) if name in known]
    names += [name for name in known if name.startswith(f"{code}-")]
    return _gathered([dateparsing.words(name) for name in names], code)


@cache
def _extras() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(Path(__file__).with_name("locales.toml").read_text("utf-8"))


def more(table: str, code: str) -> list[str]:
    """What locales.toml adds for a language."""
    value = _extras().get(table, {}).get(code, [])
    return [str(entry) for entry in value] if isinstance(value, list) else []


def is_named(table: str, code: str) -> bool:
    """Whether locales.toml counts a language among those of a kind."""
    value = _extras()[table]["locales"]
    return isinstance(value, list) and code in value


def casing(code: str) -> str:
    """How a language tells capitals where it has its own way: "turkish"."""
    return str(_extras()["casing"].get(code, ""))


def own_phrases(code: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """What locales.toml has under "-1 year": "last year"; with # for a number "# years ago"."""
    table = _extras()["phrases"].get(code, {})
    for key, phrases in table.items() if isinstance(table, dict) else ():
        count, unit = key.split()
        for phrase in phrases:
            yield fold(phrase), (unit, int(count))


def _texts(info: Table, key: str) -> list[str]:
    value = info.get(key)
    entries = value if isinstance(value, list) else []
    return [fold(entry).lower().strip().rstrip(".") for entry in entries if isinstance(entry, str)]


def _phrases(info: Table, key: str) -> Iterator[tuple[str, str]]:
    """("1 day ago", "yesterday"), … of a table of relative phrases."""
    found = info.get(key)
    table: Table = found if isinstance(found, dict) else {}
    for says in table:
        for phrase in _texts(table, says):
            yield says, phrase


def _gathered(infos: Iterable[Table], code: str) -> Words:
    words = Words()
    for info in reversed(list(infos)):
        _merge(words.months, _named(info, _MONTHS))
        _merge(words.weekdays, _named(info, _WEEKDAYS))
        words.units |= {word for unit in _UNITS for word in _texts(info, unit)}
        _relative(words, info)
        _lengths(words, info)
        words.order = str(info.get("date_order") or words.order)
    for word in more("never", code):
        words.months.pop(word, None)
        words.weekdays.pop(word, None)
    words.short |= set(more("with_year", code))
    for names, table in ((words.months, "month_forms"), (words.weekdays, "weekday_forms")):
        words.short |= {name for name in names if _is_abbreviation(name, names)}
        _merge(names, _cases(names, table, code))
    abbreviated = {name: number for number, name in enumerate(more("abbreviated_months", code), 1)}
    words.short |= set(abbreviated)
    _merge(words.months, abbreviated)
    return words


def _merge(into: dict[str, int], more: Mapping[str, int]) -> None:
    for word, value in more.items():
        into.setdefault(word, value)


def _named(info: Table, keys: list[str]) -> dict[str, int]:
    """Name → number; a name of two things, or with a digit, is left out."""
    found: dict[str, set[int]] = {}
    for number, key in enumerate(keys, 1):
        for name in _texts(info, key):
            found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1 and _is_word(name)}


def _is_word(name: str) -> bool:
    return len(name) >= (_SHORT - 1 if is_syllabic(name) else _SHORT) and not re.search(r"[\d()/|]", name)


def is_syllabic(word: str) -> bool:
    """Whether a word is of a script that writes syllables."""
    return word >= _SYLLABLES and not _GEORGIAN.match(word)


def _cases(names: Mapping[str, int], table: str, code: str) -> dict[str, int]:
    """The other cases of the names, by the longest ending the table knows."""
    endings = _extras().get(table, {}).get(code, {})
    out: dict[str, int] = {}
    if not isinstance(endings, dict):
        return out
    for name, number in names.items():
        fits = [ending for ending in endings if name.endswith(ending)]
        if fits and not _is_abbreviation(name, names):
            ending = max(fits, key=len)
            out.update((name.removesuffix(ending) + other, number) for other in endings[ending])
    return out


def _is_abbreviation(name: str, names: Mapping[str, int]) -> bool:
    """Whether a longer name of the same thing begins so: "jan" beside "januar", not "mart" beside "marta"."""
    return len(name) <= _ABBREVIATION and any(
        other.startswith(name) and len(other) > len(name) + 1 and names[other] == names[name] for other in names
    )


def _relative(words: Words, info: Table) -> None:
    said: dict[str, set[tuple[str, int]]] = {}
    for says, phrase in _phrases(info, "relative-type"):
        told = _RELATIVE.fullmatch(says)
        if told and told[2].isdecimal() and _is_sure(phrase):
            said.setdefault(phrase, set()).add((told[3], int(told[2]) * (1 if told[1] else -1)))
    words.shifts |= {
        phrase: min(meant) for phrase, meant in said.items() if len(meant) == 1 and not _is_cut_short(phrase, said)
    }
    counted: dict[str, tuple[str, int]] = {}
    for says, phrase in _phrases(info, "relative-type-regex"):
        told = _RELATIVE.fullmatch(says)
        text = _GROUP.sub("#", phrase)
        if told and (told[1] or told[4]) and text.count("#") == 1 and not re.search(r"[\\()\[\]+*?{}|\d]", text):
            forms = [form for form in _texts(info, told[3]) if len(form) >= _SHORT and form.isalpha()]
            counted |= dict.fromkeys(_inflected(text, forms), (told[3], 1 if told[1] else -1))
    words.offsets |= {text: meant for text, meant in counted.items() if _is_counted(text, counted)}


def _lengths(words: Words, info: Table) -> None:
    """ "# weeks", from the words for units and from what stands between number and unit in "in # weeks"."""
    named: dict[str, set[str]] = {}
    for unit in COUNTED:
        for form in _texts(info, unit):
            named.setdefault(form, set()).add(unit)
    for text, (unit, _) in words.offsets.items():
        for word in set(text.split()) - {"#"}:
            named.setdefault(word, set()).add(unit)
    unit_of = {word: min(units) for word, units in named.items() if len(units) == 1 and len(word) >= _SHORT}
    for text, (unit, _) in words.offsets.items():
        parts = text.split()
        ends = [index for index, word in enumerate(parts) if unit_of.get(word) == unit]
        if "#" in parts and ends:
            first, last = sorted((parts.index("#"), ends[-1]))
            words.lengths[" ".join(parts[first : last + 1])] = unit
    words.lengths |= {f"# {word}": unit for word, unit in unit_of.items() if word in words.units and _is_word(word)}


def _inflected(text: str, forms: list[str]) -> list[str]:
    """A phrase with its unit in every form: "in # week", "in # weeks"."""
    words = text.split()
    at = next((index for index, word in enumerate(words) if word in forms), None)
    return [text] if at is None else [text, *(" ".join([*words[:at], form, *words[at + 1 :]]) for form in forms)]


def _is_sure(phrase: str) -> bool:
    """Long enough to be no other word, and free of digits."""
    letters = sum(char.isalpha() for char in phrase)
    return not re.search(r"[\d()/|]", phrase) and letters >= (_SHORT if not is_syllabic(phrase) else _SHORT - 1)


def _is_cut_short(phrase: str, others: Iterable[str]) -> bool:
    """Whether its last word is the beginning of another's: "this y" beside "this year"."""
    last = phrase.rpartition(" ")[2]
    return len(last) <= ALONE and any(o.startswith(phrase) and len(o) > len(phrase) + 1 for o in others)


def _is_counted(text: str, others: Iterable[str]) -> bool:
    """Whether a phrase is more than a number and a unit, or a unit of one letter ("3 h", "in 3 g")."""
    words = text.split()
    loose = [word for word in words if word != "#"]
    if len(loose) < 2 and not (loose and is_syllabic(loose[0])):
        return False
    for at, word in enumerate(words):
        if len(word) == 1 and word.isalpha():
            rest = words[:at], words[at + 1 :]
            if at and any((o := other.split())[:at] == rest[0] and len(o) > at and len(o[at]) > 1 for other in others):
                return False
    return True
