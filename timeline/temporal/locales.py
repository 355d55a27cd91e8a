"""A pack for every other language, made in memory from dateparser's words: few rules, and only sure ones."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from timeline.temporal import dateparsing, packs
from timeline.temporal.tokens import fold

ALIASES = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "tl": "fil"}  # old or wider codes

_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = "year month week day hour minute second".split()
_COUNTED = ("year", "month", "week", "day", "hour", "minute")  # units of which lengths are told
_SHIFTED = ("year", "month", "week")  # units of which the last, this and the next are told
_RELATIVE = re.compile(r"(in )?(\d|\\1) (year|month|week|day|decade|century)( ago)?")
_GROUP = re.compile(r"\((?:\\.|[^()])*\)")
_MARKS = (
    *("year_after", "year_before", "in_after", "to", "last_day", "next_day"),
    *("decade_before", "decade_after", "decade_mark", "century_before", "century_after", "century_mark"),
)
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi".split()
_SHORT = 3  # letters: no shorter name of a month or weekday is read at all
_ALONE = 4  # letters: no shorter one is read without a day or year beside it
_ABBREVIATION = 6  # letters: a longer name is none, whatever else begins like it
_MOST = 40  # phrases of one kind: dateparser has no more that are sure
_BUDDHIST = range(2400, 2601)
_BUDDHIST_ERA = 543  # years ahead of ours
# From here on scripts write syllables, so that a word has fewer characters; Georgian, inside, is an alphabet.
_SYLLABLES = "\u0900"
_GEORGIAN = re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]")

Table = Mapping[str, object]


@dataclass(slots=True)
class _Words:
    """The words of one language, of all scripts it is written in."""

    months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)
    short: set[str] = field(default_factory=set)  # names read beside a year only: abbreviations
    units: set[str] = field(default_factory=set)
    shifts: dict[str, tuple[str, int]] = field(default_factory=dict)  # phrase → unit and how many from now
    offsets: dict[str, tuple[str, int]] = field(default_factory=dict)  # phrase with # for the number → unit and way
    lengths: dict[str, str] = field(default_factory=dict)  # phrase with # for the number → unit
    order: str = "DMY"


@cache
def load(code: str) -> packs.Pack:
    """The generated pack of a language; the base pack when dateparser has no words for it."""
    locales = [name for name in (code, *_more("also", code)) if name in dateparsing.locales()]
    locales += [name for name in dateparsing.locales() if name.startswith(f"{code}-")]
    words = _gathered([dateparsing.words(name) for name in locales], code)
    if not words.months and not _more("patterns", code):
        return packs.load(packs.BASE)
    tables = _tables(code, words)
    return packs.assemble(tables, hashlib.sha256(repr(tables).encode()).hexdigest())


@cache
def _extras() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _more(table: str, code: str) -> list[str]:
    """What locales.toml adds for a language."""
    value = _extras().get(table, {}).get(code, [])
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _is_named(table: str, code: str) -> bool:
    value = _extras()[table]["locales"]
    return isinstance(value, list) and code in value


# words ----------------------------------------------------------------------------------------------------------------


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


def _gathered(infos: Iterable[Table], code: str) -> _Words:
    words = _Words()
    for info in reversed(list(infos)):
        _merge(words.months, _named(info, _MONTHS))
        _merge(words.weekdays, _named(info, _WEEKDAYS))
        words.units |= {word for unit in _UNITS for word in _texts(info, unit)}
        _relative(words, info)
        _lengths(words, info)
        words.order = str(info.get("date_order") or words.order)
    for word in _more("never", code):
        words.months.pop(word, None)
        words.weekdays.pop(word, None)
    words.short |= set(_more("with_year", code))
    for names, table in ((words.months, "month_forms"), (words.weekdays, "weekday_forms")):
        words.short |= {name for name in names if _is_abbreviation(name, names)}
        _merge(names, _cases(names, table, code))
    abbreviated = {name: number for number, name in enumerate(_more("abbreviated_months", code), 1)}
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
    return len(name) >= (_SHORT - 1 if _is_syllabic(name) else _SHORT) and not re.search(r"[\d()/|]", name)


def _is_syllabic(word: str) -> bool:
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


def _relative(words: _Words, info: Table) -> None:
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


def _lengths(words: _Words, info: Table) -> None:
    """ "# weeks", from the words for units and from what stands between number and unit in "in # weeks"."""
    named: dict[str, set[str]] = {}
    for unit in _COUNTED:
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
    return not re.search(r"[\d()/|]", phrase) and letters >= (_SHORT if not _is_syllabic(phrase) else _SHORT - 1)


def _is_cut_short(phrase: str, others: Iterable[str]) -> bool:
    """Whether its last word is the beginning of another's: "this y" beside "this year"."""
    last = phrase.rpartition(" ")[2]
    return len(last) <= _ALONE and any(o.startswith(phrase) and len(o) > len(phrase) + 1 for o in others)


def _is_counted(text: str, others: Iterable[str]) -> bool:
    """Whether a phrase is more than a number and a unit, or a unit of one letter ("3 h", "in 3 g")."""
    words = text.split()
    loose = [word for word in words if word != "#"]
    if len(loose) < 2 and not (loose and _is_syllabic(loose[0])):
        return False
    for at, word in enumerate(words):
        if len(word) == 1 and word.isalpha():
            rest = words[:at], words[at + 1 :]
            if at and any((o := other.split())[:at] == rest[0] and len(o) > at and len(o[at]) > 1 for other in others):
                return False
    return True


# tables ---------------------------------------------------------------------------------------------------------------


def _tables(code: str, words: _Words) -> Table:
    """The tables a language's TOML file would have."""
    has_spaces = not _is_named("unspaced", code)
    classes = _classes(code, words, has_spaces=has_spaces)
    return {
        "language": {
            "code": code,
            "name": code,
            "date_order": "MDY" if words.order == "MDY" else "DMY",
            "order_sure": False,
            "spaces": has_spaces,
            "casing": str(_extras()["casing"].get(code, "")),
        },
        "words": classes,
        "phrases": {
            "number": "{n}|{numeral}",
            "yr": "{year:byear}|{yyyy}",
            "wd": "({weekday}.? {comma}? {lead}?)",
            "nday": "{dd}|{dd}.|{dd}{daymark}|{dd}-{daymark}|{dd}.-{daymark}",
            "mon": "{month}|{month:stopped_month}.|{month:short_month}|{month:short_month}.",
            "said_year": "{yr}|{yr}(.|-)? {year_after}",
            "with": "(-|{link}|{comma})",
            "comma": "(,|،|፣)",
            "on": "({comma}? {weekday:long_weekday})",
        },
        "rule": [
            *_date_rules(code, words.order),
            *_relative_rules(code, words),
            *(_length_rules(code, words) if has_spaces else ()),
            *_base_rules(),
        ],
        "ranges": {"bare": ["-", "–"]},
    }


def _classes(code: str, words: _Words, *, has_spaces: bool) -> dict[str, dict[str, list[str]]]:
    dropped = {*_more("drop", code)}
    least = {False: _ALONE, True: _ALONE - 1} if has_spaces else {False: _ALONE, True: _ALONE + 1}
    apart = words.units | words.shifts.keys() | dropped
    months = {name: number for name, number in words.months.items() if has_spaces or len(name) >= _ALONE or "." in name}
    links = {*_more("link", code), *_more("inside", code)}
    short = words.short
    others = words.weekdays.keys()

    def alone(names: Mapping[str, int], also: Iterable[str]) -> dict[str, int]:
        return {
            name: number
            for name, number in names.items()
            if len(name) >= least[_is_syllabic(name)]
            and name not in short
            and name not in apart
            and name not in also
            and not any(
                other != name and other.endswith(" " + name) and other.removesuffix(" " + name) not in links
                for other in names
            )
        }

    classes = {
        "month": _by_value({n: v for n, v in months.items() if n not in short}),
        "short_month": _by_value({n: v for n, v in months.items() if n in short}),
        "stopped_month": _by_value({n: v for n, v in months.items() if len(n) <= _ALONE and n not in short}),
        "plain_month": _by_value(alone(months, others)),
        "weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in words.months or len(n) >= _ALONE}),
        "long_weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in short and n not in months}),
        "plain_weekday": _by_value(alone(words.weekdays, months)),
        "sure_weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in words.units | months.keys()}),
        "byear": {},
    }
    if _is_named("buddhist", code):
        classes["byear"] = {str(year - _BUDDHIST_ERA): [str(year)] for year in _BUDDHIST}
    for name, table in (
        ("link", "link"),
        ("lead", "lead"),
        ("daymark", "daymark"),
        ("yearmark", "yearmark"),
        ("inside", "in"),
    ):
        classes[name] = {word: [word] for word in _more(table, code)}
    classes["number"] = {
        str(number): forms.split("/") for number, forms in enumerate(" ".join(_more("numbers", code)).split(), 1)
    }
    classes["roman"] = {str(number): [text, text.upper()] for number, text in enumerate(_ROMAN, 1)}
    classes["several"] = {number: forms for number, forms in classes["number"].items() if number != "1"}
    for name in _MARKS:
        classes[name] = {word: [word] for word in _more(name, code)}
    return classes


def _by_value(names: Mapping[str, int]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name, number in names.items():
        out.setdefault(str(number), []).append(name)
    return out


def _rule(name: str, meaning: str, patterns: Iterable[str], **constants: str | int) -> dict[str, object]:
    return {"name": name, "pattern": list(patterns), "meaning": meaning, **constants}


def _date_rules(code: str, order: str) -> Iterator[dict[str, object]]:
    """Full dates in any order of their parts; without a year only in the language's own order."""
    full = ["{wd}? {nday} {with}? {mon} {with}? {said_year} {on}?", "{wd}? {mon} {nday} {comma}? {yr} {on}?"]
    full += ["{wd}? {nday} {with}? {mon} {with}? {yr}-{yearmark}", "{yr}-{month}-{nday}"]
    full += ["{wd}? {yr}(.|-)? {year_after} ({nday} -? {mon}|{mon} {nday}) {on}?", "{yr}(,|.)? {month} {nday} {on}?"]
    yield _rule("full-date", "date", full)
    first = "[{nday}] (-|–|{to}) {until:nday} {link}?"
    yield _rule(
        "days-of-month", "date", [f"{first} {{mon}} {{with}}? {{said_year}}", f"{first} {{month}}"], direction=0
    )
    own = _more("patterns", code)
    if own:
        yield _rule("own-date", "date", own, direction=0)
    day = "{wd}? {nday} (-|{link})? {month}" if order == "DMY" else "{wd}? {month} {nday}"
    yield _rule("day-month", "date", [day, "{wd} {nday} {link}? {month}"], direction=0)
    month = ["{mon} ({with}|{year_before})? {said_year}", "{yr}(.|-)? {year_after} {mon}", "{mon} {yr}-{yearmark}"]
    month += ["{yr}. {month}", "{yr} {month}"] if order == "YMD" or _is_named("year_first", code) else []
    yield _rule("month-year", "date", month)
    year = ["{year_before} {yr}", "{yr}(.|-)? {year_after}", "{yr}-{yearmark}", "{yr}{yearmark}"]
    year += ["{inside} [{ayear}]", "[{ayear}]-? {in_after}", "[{ayear}]–{until:ayear}"]
    year += ["–[{ayear}]", r"\( [{ayear}] (-|–|\))", r"– [{ayear}] \)"]
    yield from _era_rules()
    yield _rule("year", "date", year)
    yield _rule("month", "date", ["{month:plain_month}"], direction=0)
    yield _rule("month-of-a-name", "nothing", ["^{plain_month} ^{w}"])  # August Macke
    yield _rule("weekday", "date", ["{weekday:plain_weekday}"], direction=-1)
    yield _rule(
        "last-weekday",
        "weekday_shift",
        ["{last_day} {weekday:sure_weekday}", "{weekday:sure_weekday} {last_day}"],
        shift=-1,
    )
    yield _rule(
        "next-weekday",
        "weekday_shift",
        ["{next_day} {weekday:sure_weekday}", "{weekday:sure_weekday} {next_day}"],
        shift=1,
    )


def _era_rules() -> Iterator[dict[str, object]]:
    """Centuries and decades, where the words beside them are known: "19. století", "90-те години", "1800-tallet"."""
    number = "({number:n}|{number:roman})"
    century = [f"{number}(.|-)? {{century_after}}", f"{{century_before}}-? {number}", f"{number}{{century_after}}"]
    yield _rule("century", "century", [*century, "{year:d4}-?{century_mark}"])
    decade = ["{year:d4}(.|-|')? {decade_after}", "{decade:yy}(.|-|')? {decade_after}", "{decade_before}-? {year:d4}"]
    decade += ["{year_before} {year:d4}-?{decade_after}"]
    yield _rule("decade", "decade", [*decade, "{decade_before}-? '?{decade:yy}", "{year:d4}(-|')?{decade_mark}"])


def _relative_rules(code: str, words: _Words) -> Iterator[dict[str, object]]:
    busy = {*words.months, *words.weekdays, *words.units, *_more("drop", code)}
    shifts = {phrase: meant for phrase, meant in words.shifts.items() if phrase not in busy}
    offsets = dict(words.offsets)
    for phrase, (unit, count) in _own_phrases(code):
        if "#" in phrase:
            offsets[phrase] = unit, count
        else:
            shifts[phrase] = unit, count
    for (unit, shift), phrases in _grouped(shifts).items():
        if unit == "day":
            yield _rule("day", "day_offset", phrases, days=shift)
        elif unit in _SHIFTED:
            yield _rule(f"{unit}-shift", "unit_shift", phrases, unit=unit, shift=shift)
    for (unit, way), phrases in _grouped(offsets).items():
        counted = [phrase.replace("#", " {number} ").strip() for phrase in phrases]
        yield _rule(f"{unit}s-{'ago' if way < 0 else 'ahead'}", "offset", counted, unit=unit, direction=way)


def _length_rules(code: str, words: _Words) -> Iterator[dict[str, object]]:
    """Two weeks, 30 days; years only where it is known which words beside them tell an age."""
    before, after = _more("age_before", code), _more("age_after", code)
    dropped = {*_more("drop", code), *words.months}
    for unit in _COUNTED:
        texts = [text for text, own in words.lengths.items() if own == unit and dropped.isdisjoint(text.split())]
        if not texts or (unit == "year" and not (before or after)):
            continue
        several = "several" if _more("numbers", code) else "n"
        patterns = [text.replace("#", f"{{number:{kind}}}") for text in texts[:_MOST] for kind in ("n", several)]
        rule = _rule(f"{unit}s", "span", dict.fromkeys(patterns), unit=unit)
        yield rule | ({"not_after": before, "not_before": after} if unit == "year" else {})


def _own_phrases(code: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """What locales.toml has under "-1 year": "last year"; with # for a number "# years ago"."""
    table = _extras()["phrases"].get(code, {})
    for key, phrases in table.items() if isinstance(table, dict) else ():
        count, unit = key.split()
        for phrase in phrases:
            yield fold(phrase), (unit, int(count))


def _grouped(phrases: Mapping[str, tuple[str, int]]) -> dict[tuple[str, int], list[str]]:
    out: dict[tuple[str, int], list[str]] = {}
    for phrase, meant in phrases.items():
        out.setdefault(meant, []).append(re.sub(r"[\\()\[\]{}|?^]", lambda mark: "\\" + mark[0], phrase))
    return {meant: found[:_MOST] for meant, found in out.items()}


@cache
def _base_rules() -> list[dict[str, object]]:
    """The rules of base.toml, and its dates with blanks between the numbers: 6. 11. 2025."""
    base = tomllib.loads((packs.FOLDER / f"{packs.BASE}.toml").read_text("utf-8"))
    spaced = [
        _rule("numeric-date", "numeric_date", ["{a:dd}. {b:dd}. {yyyy}"]),
        _rule("year-month-day", "date", ["{yyyy}. {mm}. {dd}.?"], written="no"),
    ]
    return [*base["rule"], *spaced]
