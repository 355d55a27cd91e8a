"""A pack for every other language, made in memory from dateparser's words: few rules, and only sure ones."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from timeline.temporal import packs
from timeline.temporal.localewords import (
    ALONE,
    COUNTED,
    Table,
    Words,
    casing,
    is_named,
    is_syllabic,
    more,
    own_phrases,
    words_of,
)

ALIASES = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "tl": "fil"}  # old or wider codes

_SHIFTED = ("year", "month", "week")  # units of which the last, this and the next are told
_MARKS = (
    *("year_after", "year_before", "in_after", "to", "last_day", "next_day"),
    *("decade_before", "decade_after", "decade_mark", "century_before", "century_after", "century_mark"),
)
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi".split()
_MOST = 40  # phrases of one kind: dateparser has no more that are sure
_BUDDHIST = range(2400, 2601)
_BUDDHIST_ERA = 543  # years ahead of ours


@cache
def load(code: str) -> packs.Pack:
    """The generated pack of a language; the base pack when dateparser has no words for it."""
    words = words_of(code)
    if not words.months and not more("patterns", code):
        return packs.load(packs.BASE)
    tables = _tables(code, words)
    return packs.assemble(tables, hashlib.sha256(repr(tables).encode()).hexdigest())


def _tables(code: str, words: Words) -> Table:
    """The tables a language's TOML file would have."""
    has_spaces = not is_named("unspaced", code)
    classes = _classes(code, words, has_spaces=has_spaces)
    return {
        "language": {
            "code": code,
            "name": code,
            "date_order": "MDY" if words.order == "MDY" else "DMY",
            "order_sure": False,
            "spaces": has_spaces,
            "casing": casing(code),
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


def _classes(code: str, words: Words, *, has_spaces: bool) -> dict[str, dict[str, list[str]]]:
    dropped = {*more("drop", code)}
    least = {False: ALONE, True: ALONE - 1} if has_spaces else {False: ALONE, True: ALONE + 1}
    apart = words.units | words.shifts.keys() | dropped
    months = {name: number for name, number in words.months.items() if has_spaces or len(name) >= ALONE or "." in name}
    links = {*more("link", code), *more("inside", code)}
    short = words.short
    others = words.weekdays.keys()

    def alone(names: Mapping[str, int], also: Iterable[str]) -> dict[str, int]:
        return {
            name: number
            for name, number in names.items()
            if len(name) >= least[is_syllabic(name)]
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
        "stopped_month": _by_value({n: v for n, v in months.items() if len(n) <= ALONE and n not in short}),
        "plain_month": _by_value(alone(months, others)),
        "weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in words.months or len(n) >= ALONE}),
        "long_weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in short and n not in months}),
        "plain_weekday": _by_value(alone(words.weekdays, months)),
        "sure_weekday": _by_value({n: v for n, v in words.weekdays.items() if n not in words.units | months.keys()}),
        "byear": {},
    }
    if is_named("buddhist", code):
        classes["byear"] = {str(year - _BUDDHIST_ERA): [str(year)] for year in _BUDDHIST}
    for name, table in (
        ("link", "link"),
        ("lead", "lead"),
        ("daymark", "daymark"),
        ("yearmark", "yearmark"),
        ("inside", "in"),
    ):
        classes[name] = {word: [word] for word in more(table, code)}
    classes["number"] = {
        str(number): forms.split("/") for number, forms in enumerate(" ".join(more("numbers", code)).split(), 1)
    }
    classes["roman"] = {str(number): [text, text.upper()] for number, text in enumerate(_ROMAN, 1)}
    classes["several"] = {number: forms for number, forms in classes["number"].items() if number != "1"}
    for name in _MARKS:
        classes[name] = {word: [word] for word in more(name, code)}
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
    own = more("patterns", code)
    if own:
        yield _rule("own-date", "date", own, direction=0)
    day = "{wd}? {nday} (-|{link})? {month}" if order == "DMY" else "{wd}? {month} {nday}"
    yield _rule("day-month", "date", [day, "{wd} {nday} {link}? {month}"], direction=0)
    month = ["{mon} ({with}|{year_before})? {said_year}", "{yr}(.|-)? {year_after} {mon}", "{mon} {yr}-{yearmark}"]
    month += ["{yr}. {month}", "{yr} {month}"] if order == "YMD" or is_named("year_first", code) else []
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


def _relative_rules(code: str, words: Words) -> Iterator[dict[str, object]]:
    busy = {*words.months, *words.weekdays, *words.units, *more("drop", code)}
    shifts = {phrase: meant for phrase, meant in words.shifts.items() if phrase not in busy}
    offsets = dict(words.offsets)
    for phrase, (unit, count) in own_phrases(code):
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


def _length_rules(code: str, words: Words) -> Iterator[dict[str, object]]:
    """Two weeks, 30 days; years only where it is known which words beside them tell an age."""
    before, after = more("age_before", code), more("age_after", code)
    dropped = {*more("drop", code), *words.months}
    for unit in COUNTED:
        texts = [text for text, own in words.lengths.items() if own == unit and dropped.isdisjoint(text.split())]
        if not texts or (unit == "year" and not (before or after)):
            continue
        several = "several" if more("numbers", code) else "n"
        patterns = [text.replace("#", f"{{number:{kind}}}") for text in texts[:_MOST] for kind in ("n", several)]
        rule = _rule(f"{unit}s", "span", dict.fromkeys(patterns), unit=unit)
        yield rule | ({"not_after": before, "not_before": after} if unit == "year" else {})


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
