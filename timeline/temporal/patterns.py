"""The little language of patterns: text of a rule → a tree.

{class} {slot:class}   a word class, phrase or numeric shape; what it matched is a slot
word                   that word, whatever its case; ^word or ^{class} only when written with a capital
(a|b)  x?              alternatives, optional
[ … ]                  the extent of the mention, when the pattern needs words around it
a b / ab               blanks in the pattern: blanks may stand there; no blanks: none may
\\                      takes the next character as itself
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from timeline.errors import UsageError


@dataclass(frozen=True, slots=True)
class Atom:
    """One token: `name` is "=word" or "{class}"."""

    name: str
    is_capital: bool = False


@dataclass(frozen=True, slots=True)
class Tight:
    """No blank may stand here."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What `body` matches is kept under `name`; `kind` says how it is read."""

    name: str
    kind: str
    body: "Node"


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them, earlier ones preferred."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of a pattern that is the mention."""

    body: "Node"


Node = Atom | Tight | Slot | Sequence | Choice | Extent
EMPTY = Sequence(())

# Numeric shapes every pattern may use, and the slot each fills unless another is named.
SHAPES = {
    "n": "number",
    "dd": "day",
    "mm": "month",
    "yyyy": "year",
    "ayear": "year",
    "yy": "year2",
    "hh": "hour",
    "mi": "minute",
    "ss": "second",
    "d2": "d2",
    "d3": "d3",
    "d4": "d4",
    "d6": "d6",
    "d8": "d8",
    "w": "w",
    "any": "any",
}
EVALUATED = ("number", "spoken_year")  # phrases whose whole span is read as one value
_TOKEN = re.compile(r"\s+|\{[^{}]*\}|\\.|[()|?\[\]^]|[^\s(){}|?\[\]^\\]+")


class Parser:
    """Reads the patterns of one pack; `classes` are its word classes, `phrases` its macros."""

    def __init__(
        self,
        classes: Mapping[str, object],
        phrases: Mapping[str, str],
        keys: Callable[[str], list[str]],
        sequences: Callable[[str], list[list[str]]],
    ) -> None:
        self._classes = classes
        self._phrases = phrases
        self._keys = keys
        self._sequences = sequences  # entries of a class that are more than one token

    def parse(self, pattern: str, prefix: str = "", depth: int = 0) -> Node:
        """The tree of a pattern. Raises UsageError naming the pattern when it is malformed."""
        if depth > 12:
            raise UsageError(f"phrases refer to each other without end in {pattern!r}: break the circle")
        pieces = _TOKEN.findall(pattern)
        if "".join(pieces) != pattern:
            raise UsageError(f"pattern {pattern!r} has an unpaired brace: close it")
        node, rest = self._choice(pieces, 0, prefix, depth)
        if rest != len(pieces):
            raise UsageError(f"pattern {pattern!r} has an unpaired {pieces[rest]!r}: pair it")
        return node

    def _choice(self, pieces: list[str], at: int, prefix: str, depth: int) -> tuple[Node, int]:
        options: list[Node] = []
        while True:
            node, at = self._sequence(pieces, at, prefix, depth)
            options.append(node)
            if at < len(pieces) and pieces[at] == "|":
                at += 1
                continue
            return (options[0] if len(options) == 1 else Choice(tuple(options))), at

    def _sequence(self, pieces: list[str], at: int, prefix: str, depth: int) -> tuple[Node, int]:
        parts: list[Node] = []
        is_loose = True
        while at < len(pieces) and pieces[at] not in "|)]":
            if pieces[at].isspace():
                is_loose = True
                at += 1
                continue
            node, at = self._item(pieces, at, prefix, depth)
            glue: tuple[Node, ...] = () if is_loose or not parts else (Tight(),)
            if at < len(pieces) and pieces[at] == "?":
                at += 1
                parts.append(Choice((Sequence((*glue, node)), EMPTY)))
            else:
                parts += (*glue, node)
            is_loose = False
        return (parts[0] if len(parts) == 1 else Sequence(tuple(parts))), at

    def _item(self, pieces: list[str], at: int, prefix: str, depth: int) -> tuple[Node, int]:
        piece = pieces[at]
        is_capital = piece == "^"
        if is_capital:
            at += 1
            piece = pieces[at]
        if piece in "([":
            node, end = self._choice(pieces, at + 1, prefix, depth)
            if end >= len(pieces) or pieces[end] != {"(": ")", "[": "]"}[piece]:
                raise UsageError(f"pattern {''.join(pieces)!r} has an unpaired {piece!r}: pair it")
            return (Extent(node) if piece == "[" else node), end + 1
        if piece[0] == "{":
            return self._slot(piece[1:-1], is_capital, prefix, depth), at + 1
        word = piece[1:] if piece[0] == "\\" else piece
        return _tightly([Atom(f"={key}", is_capital) for key in self._keys(word)]), at + 1

    def _slot(self, inner: str, is_capital: bool, prefix: str, depth: int) -> Node:
        name, _, kind = inner.rpartition(":")
        if kind in self._phrases:
            if kind in EVALUATED:
                return Slot(prefix + (name or kind), kind, self.parse(self._phrases[kind], "_", depth + 1))
            return self.parse(self._phrases[kind], prefix + (f"{name}_" if name else ""), depth + 1)
        if kind not in self._classes and kind not in SHAPES:
            raise UsageError(f"{{{inner}}} names no word class, phrase or shape: add [words.{kind}] or mend the name")
        options: list[Node] = [Atom(f"{{{kind}}}", is_capital)]
        for sequence in self._sequences(kind):
            first, *others = sequence
            options.append(Sequence((Atom(f"={first}", is_capital), *(Atom(f"={key}") for key in others))))
        slot = prefix + (name or SHAPES.get(kind, kind))
        return Slot(slot, kind, options[0] if len(options) == 1 else Choice(tuple(options)))


def _tightly(atoms: list[Atom]) -> Node:
    parts: list[Node] = []
    for atom in atoms:
        parts += (Tight(), atom) if parts else (atom,)
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))
