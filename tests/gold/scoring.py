"""Gold texts read and predictions counted the way TempEval-3 counts them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent

_MARK = re.compile(r"\[([^\[\]|]+)\|(DATE|TIME|DURATION|SET) ([^\s\]]+)((?: \w+=[^\s\]]+)*)\]")
_TEXT_BREAK = re.compile(r"^=== +(\S+) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A timex with its place in the text; both sides of a comparison have this form."""

    start: int
    end: int
    text: str
    type: str
    value: str
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text with its timexes, as written in a gold file."""

    id: str
    genre: str
    dct: date
    language: str
    text: str
    timexes: tuple[Span, ...]


def read_gold(path: Path) -> list[GoldText]:
    """The texts of a gold file; the language is the part of the file name before the first underscore."""
    pieces = _TEXT_BREAK.split(path.read_text(encoding="utf-8"))
    language = path.name.partition("_")[0]
    return [_read_text(name, body, language) for name, body in zip(pieces[1::2], pieces[2::2], strict=True)]


def _read_text(name: str, body: str, language: str) -> GoldText:
    head, _, marked = body.strip("\n").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    text, timexes = _unmark(marked.strip("\n"))
    if "[" in text or "|" in text:
        raise ValueError(f"{name}: a mark is misspelt near {text[max(text.find('['), text.find('|')) - 40 :][:90]!r}")
    dct = date.fromisoformat(fields["dct"])
    return GoldText(name, fields["genre"], dct, language, text, tuple(timexes))


def _unmark(marked: str) -> tuple[str, list[Span]]:
    text, timexes, read_up_to = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[read_up_to : match.start()]
        extent, kind, value, rest = match.groups()
        more = dict(pair.split("=", 1) for pair in rest.split())
        span = Span(len(text), len(text) + len(extent), extent, kind, value, **more)
        timexes.append(span)
        text += extent
        read_up_to = match.end()
    return text + marked[read_up_to:], timexes


@dataclass(slots=True)
class Score:
    """Counts over any number of texts; F1 figures are micro-averaged."""

    gold: int = 0
    predicted: int = 0
    relaxed: int = 0
    strict: int = 0
    right_type: int = 0
    right_value: int = 0
    right_mod: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, text: str, gold: Sequence[Span], predicted: Sequence[Span]) -> None:
        """Count one text, and note what is wrong in it."""
        self.gold += len(gold)
        self.predicted += len(predicted)
        for wanted, got in align(gold, predicted):
            if wanted is not None and got is not None:
                self._add_pair(text, wanted, got)
            elif wanted is not None:
                self._note("missed", text, wanted, f"{wanted.value}")
            elif got is not None:
                self._note("spurious", text, got, f"got {got.value}")

    def _add_pair(self, text: str, wanted: Span, got: Span) -> None:
        self.relaxed += 1
        self.strict += (wanted.start, wanted.end) == (got.start, got.end)
        self.right_type += wanted.type == got.type
        self.right_value += wanted.value == got.value
        self.right_mod += wanted.mod == got.mod
        if (wanted.start, wanted.end) != (got.start, got.end):
            self._note("extent", text, wanted, f"got {got.text!r}")
        if wanted.type != got.type:
            self._note("type", text, wanted, f"wanted {wanted.type}, got {got.type}")
        if wanted.value != got.value:
            self._note("value", text, wanted, f"wanted {wanted.value}, got {got.value}")
        if wanted.mod != got.mod:
            self._note("mod", text, wanted, f"wanted {wanted.mod}, got {got.mod}")

    def _note(self, kind: str, text: str, span: Span, what: str) -> None:
        around = f"{text[max(span.start - 40, 0) : span.start]}[{span.text}]{text[span.end : span.end + 30]}"
        self.errors.append(f"{kind}: {what} in …{' '.join(around.split())}…")

    @property
    def relaxed_f1(self) -> float:
        """Share of timexes found at all, in percent."""
        return self._f1(self.relaxed)

    @property
    def strict_f1(self) -> float:
        """Share found with the same extent, in percent."""
        return self._f1(self.strict)

    @property
    def value_f1(self) -> float:
        """Relaxed F1 times the share of right values among the found, in percent: TempEval-3's main figure."""
        return self.relaxed_f1 * self.right_value / self.relaxed if self.relaxed else 0.0

    @property
    def mod_accuracy(self) -> float:
        """Share of the found whose `mod` is right, none where there is none, in percent."""
        return 100.0 * self.right_mod / self.relaxed if self.relaxed else 0.0

    def _f1(self, hits: int) -> float:
        both = self.gold + self.predicted
        return 200.0 * hits / both if both else 0.0


def align(gold: Iterable[Span], predicted: Iterable[Span]) -> Iterator[tuple[Span | None, Span | None]]:
    """Overlapping timexes paired one to one from left to right; whoever finds no partner comes alone."""
    wanted, got = (sorted(side, key=lambda span: (span.start, span.end)) for side in (gold, predicted))
    i = j = 0
    while i < len(wanted) and j < len(got):
        if wanted[i].end <= got[j].start:
            yield wanted[i], None
            i += 1
        elif got[j].end <= wanted[i].start:
            yield None, got[j]
            j += 1
        else:
            yield wanted[i], got[j]
            i, j = i + 1, j + 1
    yield from ((span, None) for span in wanted[i:])
    yield from ((None, span) for span in got[j:])
