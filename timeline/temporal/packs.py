"""A language pack: one TOML file of words, patterns and examples, compiled for the engine on first use."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from timeline.errors import UsageError
from timeline.model import Signal
from timeline.temporal.grammar import Grammar
from timeline.temporal.numerals import Numerals
from timeline.temporal.patterns import Parser
from timeline.temporal.tense import Cues
from timeline.temporal.tokens import Tokeniser

FOLDER = Path(__file__).parent / "languages"
BASE = "base"  # numbers and ISO dates only: what every language shares
Scalar = str | int | float | bool
Affix = tuple[tuple[str, ...], str, str]  # the words, the kind of mention it belongs to ("" for any), what it says

_DEFAULT_NUMBER = (
    "{n}{group}{d3}({group}{d3})?({decimal}{n})?|{n}{decimal}{n}|{n}|{n} {scale}|{n}{decimal}{n} {scale}"
    "|{numeral} ({joiner}? {numeral} ({joiner}? {numeral} ({joiner}? {numeral} ({joiner}? {numeral})?)?)?)?"
)
_RESERVED = {"name", "pattern", "meaning", "examples", "never", "not_before", "not_after", "only_before", "only_after"}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Words that must, or must not, stand beside a match."""

    not_before: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    only_before: frozenset[str] = frozenset()
    only_after: frozenset[str] = frozenset()

    def allow(self, previous: str, following: str) -> bool:
        """Whether a match between these two keys stands."""
        return not (
            following in self.not_before
            or previous in self.not_after
            or (self.only_before and following not in self.only_before)
            or (self.only_after and previous not in self.only_after)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[rule]]` block."""

    name: str
    patterns: tuple[str, ...]
    meaning: str
    constants: Mapping[str, Scalar]
    examples: Mapping[str, str]
    never: tuple[str, ...]
    neighbours: Neighbours | None


@dataclass(slots=True)
class Pack:
    """A language, ready to be used."""

    code: str
    name: str
    tokeniser: Tokeniser
    grammar: Grammar
    numerals: Numerals
    rules: tuple[Rule, ...]
    owners: tuple[int, ...]  # pattern number → rule number
    classes: Mapping[str, Mapping[str, Scalar]]  # class → key → value
    date_order: str
    is_order_sure: bool
    spaces: bool
    signals: "Affixes"
    signals_after: "Affixes"
    modifiers: "Affixes"
    modifiers_after: "Affixes"
    ranges: Mapping[str, frozenset[str]]
    joins: Mapping[str, frozenset[str]]
    tense: Mapping[str, frozenset[str]]
    participles: tuple[str, ...]  # how they end: after a word of tense.compound the past ("est arrivé")
    cues: Cues
    nothing: tuple[str, ...]
    defaults: Mapping[str, Scalar]
    digest: str
    beginnings: dict[int, bool] = field(default_factory=dict)


class Affixes:
    """Word sequences that stand just before, or just after, a mention."""

    def __init__(self, entries: Sequence[Affix], *, is_after: bool = False) -> None:
        self._is_after = is_after
        self._by_edge: dict[str, list[Affix]] = {}
        for entry in sorted(entries, key=lambda e: (-len(e[0]), not e[1])):  # longest first, then the more particular
            self._by_edge.setdefault(entry[0][0 if is_after else -1], []).append(entry)

    def find(self, keys: Sequence[str], kinds: Sequence[str]) -> tuple[int, str] | None:
        """The longest entry at the near edge of `keys` for one of these kinds: (its length, what it says)."""
        if not keys:
            return None
        for words, kind, says in self._by_edge.get(keys[0] if self._is_after else keys[-1], ()):
            size = len(words)
            beside = keys[:size] if self._is_after else keys[-size:]
            if tuple(beside) == words and (not kind or kind in kinds):
                return size, says
        return None

    def meanings(self) -> set[str]:
        """Everything the entries can say."""
        return {says for entries in self._by_edge.values() for _, _, says in entries}


Table = Mapping[str, object]


def _table(raw: Table, name: str) -> dict[str, object]:
    value = raw.get(name, {})
    if not isinstance(value, dict):
        raise UsageError(f"[{name}] must be a table")
    return value


def _strings(value: object, where: str) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return list(value)
    raise UsageError(f"{where} must be a text or a list of texts")


def _scalar(text: str) -> Scalar:
    if re.fullmatch(r"-?\d{1,9}", text) and not (len(text) > 1 and text.lstrip("-")[0] == "0"):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


class _Reader:
    """Turns the tables of a TOML file into the parts of a Pack."""

    def __init__(self, raw: Table, digest: str) -> None:
        self.raw = raw
        self.digest = digest
        self.language = _table(raw, "language")
        self.casing = str(self.language.get("casing", ""))
        self.spaces = bool(self.language.get("spaces", True))
        plain = Tokeniser(spaces=True, casing=self.casing, compounds={})
        self.words = self._classes(plain)
        compounds = self._compounds(plain)
        self.tokeniser = Tokeniser(spaces=self.spaces, casing=self.casing, compounds=compounds)
        literals = self._literals()
        vocabulary = {key for entries in self.words.values() for key in entries} | set(literals)
        self.tokeniser.learn(vocabulary)
        self.classes: dict[str, dict[str, Scalar]] = {
            name: {" ".join(self.tokeniser.keys(word)): value for word, value in entries.items()}
            for name, entries in self.words.items()
        }

    def _literals(self) -> list[str]:
        """Words written out in patterns: the tokeniser must know them too, to cut, to heal and to shorten them."""
        texts = [str(p) for p in _table(self.raw, "phrases").values()]
        for rule in self._rule_tables():
            texts += _strings(rule.get("pattern", ""), "pattern")
        for table in ("signals", "signals_after", "modifiers", "modifiers_after", "tense", "ranges", "joins"):
            texts += [" ".join(_strings(w, table)) for t in _table(self.raw, table).values() for w in _flat(t)]
        return [word for text in texts for word in re.findall(r"[^\s{}()|?\[\]^\\]+", re.sub(r"\{[^}]*\}", " ", text))]

    def _classes(self, plain: Tokeniser) -> dict[str, dict[str, Scalar]]:
        """`[words.month] 1 = ["january", "jan"]` or `words.verb = ["is"]`; endings and prefixes multiplied in."""
        classes: dict[str, dict[str, Scalar]] = {}
        for name, table in _table(self.raw, "words").items():
            entries: dict[str, Scalar] = {}
            if isinstance(table, dict):
                for value, words in table.items():
                    entries.update((word, _scalar(value)) for word in _strings(words, f"words.{name}.{value}"))
            else:
                entries.update((word, word) for word in _strings(table, f"words.{name}"))
            classes[name] = entries
        for name, endings in _table(self.raw, "endings").items():
            for word, value in list(classes.get(name, {}).items()):
                classes[name] |= {word + e: value for e in _strings(endings, name) if word + e not in classes[name]}
        for name, prefixes in _table(self.raw, "prefixes").items():
            for word, value in list(classes.get(name, {}).items()):
                classes[name] |= {p + word: value for p in _strings(prefixes, name) if p + word not in classes[name]}
        if self.language.get("accents") == "optional":
            for entries in classes.values():
                entries |= {_unaccented(w): v for w, v in entries.items() if _unaccented(w) not in entries}
        numerals = classes.setdefault("numeral", {})
        for source in ("number", "scale"):
            numerals |= classes.get(source, {})
        classes.setdefault("joiner", {"and": "and", "-": "-"} if not self.raw.get("words") else {"-": "-"})
        classes.setdefault("group", {mark: "," for mark in str(self.language.get("group", ",")) if mark.strip()})
        classes.setdefault("decimal", {str(self.language.get("decimal", ".")): "."})
        classes.setdefault("scale", {})
        return {n: {plain_key(plain, w): v for w, v in e.items()} for n, e in classes.items()}

    def _compounds(self, plain: Tokeniser) -> dict[str, int]:
        """Words written together: each pair of classes in `language.compounds`, every word of one with every other."""
        out: dict[str, int] = {}
        pairs = self.language.get("compounds", [])
        if not isinstance(pairs, list):
            raise UsageError("language.compounds must be a list of pairs of classes")
        for first, second in pairs:
            for head in self.words[first]:
                if " " not in head and len(head) > 1:
                    out.update(
                        (head + tail, len(head)) for tail in self.words[second] if " " not in tail and len(tail) > 1
                    )
        known = {word for entries in self.words.values() for word in entries}
        return {plain.key(word): cut for word, cut in out.items() if word not in known}

    def _rule_tables(self) -> list[Table]:
        tables = self.raw.get("rule", [])
        if not isinstance(tables, list):
            raise UsageError("rules are written [[rule]]")
        return tables

    def rules(self) -> list[Rule]:
        out = []
        for table in self._rule_tables():
            name = str(table.get("name", "?"))
            if not {"name", "pattern", "meaning"} <= table.keys():
                raise UsageError(f"rule {name!r} needs name, pattern and meaning")
            examples = table.get("examples", {})
            if not isinstance(examples, dict):
                raise UsageError(f"examples of rule {name!r} must be a table: text = value")
            constants = {k: v for k, v in table.items() if k not in _RESERVED and isinstance(v, Scalar)}
            out.append(
                Rule(
                    name,
                    tuple(_strings(table["pattern"], f"pattern of {name!r}")),
                    str(table["meaning"]),
                    constants,
                    {str(k): str(v) for k, v in examples.items()},
                    tuple(_strings(table.get("never", []), f"never of {name!r}")),
                    self._neighbours(table),
                )
            )
        return out

    def _neighbours(self, table: Table) -> Neighbours | None:
        sets: dict[str, frozenset[str]] = {}
        for side in ("not_before", "not_after", "only_before", "only_after"):
            words: set[str] = set()
            for word in _strings(table.get(side, []), side):
                if word[:1] == "{" and word[1:-1] not in self.classes:
                    raise UsageError(
                        f"{side} of rule {table.get('name')!r} names {word}, but there is no such word class"
                    )
                words |= set(self.classes[word[1:-1]]) if word[:1] == "{" else {self.tokeniser.key(word)}
            sets[side] = frozenset(words)
        return Neighbours(**sets) if any(sets.values()) else None

    def affixes(self, name: str) -> Affixes:
        """`[signals] since = ["since"]`, or by kind: `[modifiers.DATE] START = ["early"]`."""
        entries: list[Affix] = []
        for first, table in _table(self.raw, name).items():
            if isinstance(table, dict):
                entries += [
                    (tuple(self.tokeniser.keys(w)), first, says)
                    for says, ws in table.items()
                    for w in _strings(ws, says)
                ]
            else:
                entries += [(tuple(self.tokeniser.keys(w)), "", first) for w in _strings(table, first)]
        return Affixes([entry for entry in entries if entry[0]], is_after=name.endswith("_after"))

    def word_sets(self, name: str) -> dict[str, frozenset[str]]:
        """Tables of plain word lists; a word of several tokens is kept joined by blanks."""
        return {
            key: frozenset(" ".join(self.tokeniser.keys(word)) for word in _strings(value, name))
            for key, value in _table(self.raw, name).items()
        }

    def grammar(self, rules: Sequence[Rule]) -> tuple[Grammar, tuple[int, ...]]:
        single: dict[str, list[str]] = {}
        longer: dict[str, list[list[str]]] = {}
        for name, entries in self.classes.items():
            for key in entries:
                keys = key.split(" ")
                if len(keys) == 1:
                    single.setdefault(key, []).append(name)
                else:
                    longer.setdefault(name, []).append(keys)
        phrases = {"number": _DEFAULT_NUMBER} | {k: str(v) for k, v in _table(self.raw, "phrases").items()}
        parser = Parser(self.classes, phrases, self.tokeniser.keys, lambda kind: longer.get(kind, []))
        grammar = Grammar(self.tokeniser, single)
        owners: list[int] = []
        for number, rule in enumerate(rules):
            for pattern in rule.patterns:
                grammar.add(parser.parse(pattern))
                owners.append(number)
        grammar.finish()
        return grammar, tuple(owners)

    def pack(self) -> Pack:
        rules = self.rules()
        grammar, owners = self.grammar(rules)
        tense = self.word_sets("tense")
        endings = {kind: tuple(tense.pop(f"{kind}_endings", ())) for kind in ("future", "past", "present")}
        participles = tuple(sorted(tense.pop("participle_endings", ())))
        return Pack(
            code=str(self.language.get("code", "")),
            name=str(self.language.get("name", "")),
            tokeniser=self.tokeniser,
            grammar=grammar,
            numerals=Numerals(
                self.classes, str(self.language.get("group", ",")), str(self.language.get("decimal", "."))
            ),
            rules=tuple(rules),
            owners=owners,
            classes=self.classes,
            date_order=str(self.language.get("date_order", "DMY")),
            is_order_sure=bool(self.language.get("order_sure", True)),
            spaces=self.spaces,
            signals=self.affixes("signals"),
            signals_after=self.affixes("signals_after"),
            modifiers=self.affixes("modifiers"),
            modifiers_after=self.affixes("modifiers_after"),
            ranges=self.word_sets("ranges"),
            joins=self.word_sets("joins"),
            tense=tense,
            participles=participles,
            cues=Cues(
                tense,
                {kind: ends for kind, ends in endings.items() if ends},
                self.tokeniser.key,
                is_verb_first=bool(_table(self.raw, "defaults").get("verb_first", False)),
            ),
            nothing=tuple(_strings(_table(self.raw, "never").get("texts", []), "never.texts")),
            defaults={k: v for k, v in _table(self.raw, "defaults").items() if isinstance(v, Scalar)},
            digest=self.digest,
        )


def _unaccented(word: str) -> str:
    """The word as capitals or haste write it: without acute and grave; ñ, ç and ü are letters of their own."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", parts.replace("\u0301", "").replace("\u0300", ""))


def plain_key(tokeniser: Tokeniser, word: str) -> str:
    """A class entry as it is looked up before the tokeniser knows the vocabulary."""
    return tokeniser.key(word)


def _flat(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else [value]


def compile_pack(text: str) -> Pack:
    """A pack from the text of its TOML file. Raises UsageError naming what is malformed."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the language pack is not TOML: {error}") from error
    return assemble(raw, hashlib.sha256(text.encode()).hexdigest())


def assemble(raw: Table, digest: str) -> Pack:
    """A pack from the tables of its file, or from tables made in memory."""
    pack = _Reader(raw, digest).pack()
    _check_signals(pack)
    return pack


def _check_signals(pack: Pack) -> None:
    known = {signal.value for signal in Signal} | {"in"}  # "in" only belongs to the phrase
    for affixes in (pack.signals, pack.signals_after):
        for says in affixes.meanings():
            if says not in known:
                raise UsageError(f"{says!r} is no signal: use one of {', '.join(sorted(known - {''}))}")


def languages() -> tuple[str, ...]:
    """Codes of the languages that have a pack."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != BASE))


@cache
def load(code: str) -> Pack:
    """The pack of a language; each is compiled once a process. Raises UsageError when there is none."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise UsageError(f"no language pack for {code!r}: there are {', '.join(languages())}")
    return compile_pack(path.read_text("utf-8"))
