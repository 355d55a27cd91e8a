"""English phrases by kind: each line of `english/*.txt` says which words are a time, and which."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from timeline.temporal import extract

FILES = sorted((Path(__file__).parent / "english").glob("*.txt"))
DCT = date(2024, 3, 15)  # a Friday
MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]]*)\]")
KINDS = ("DATE", "TIME", "DURATION", "SET")


def lines(path: Path) -> Iterator[tuple[str, date | None]]:
    """The lines of a file with their document's time; `@ 2015-10-01T09:30` or `@ none` changes it for what follows."""
    dct: date | None = DCT
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            told = line.removeprefix("@ ")
            dct = None if told == "none" else datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told)
        elif line and not line.startswith("# "):
            yield line.replace("\\n", "\n"), dct


def kind(value: str) -> str:
    """The type of a value whose type is not written: `P3D` a length, `…T14:30` a time, else a date."""
    if re.match(r"PT?[\dX.]", value):
        return "DURATION"
    return "TIME" if re.search(r"T[\dX]|T[A-Z]{2}$", value) else "DATE"


def told(marked: str) -> tuple[str, list[tuple[int, str, str]]]:
    """`[extent|[TYPE ]value[ mod quant freq]]` → the text, and (offset, extent, "TYPE value …")."""
    text, marks, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        at = match.end()
        words = match[2].split()
        if not words or words[0] not in KINDS:
            words.insert(0, kind(match[2].split(" ")[0]))
        marks.append((len(text), match[1], " ".join(words)))
        text += match[1]
    return text + marked[at:], marks


def read(text: str, dct: date | None) -> list[tuple[int, str, str]]:
    found = []
    for mention in extract(text, dct):
        timex = mention.timex
        parts = [timex.type, timex.value, timex.mod, timex.quant, timex.freq] if timex else ["DATE"]
        found.append((mention.start, mention.text, " ".join(part for part in parts if part)))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_phrases_are_read_as_marked(path: Path) -> None:
    wrong = []
    for line, dct in lines(path):
        text, wanted = told(line)
        got = read(text, dct)
        if got != wanted:
            wrong.append(f"{line!r}\n  got {got}")
    assert not wrong, f"{len(wrong)} lines:\n" + "\n".join(wrong)


def test_there_are_phrases_of_every_kind() -> None:
    names = {path.stem for path in FILES}
    assert {"dates", "times"} <= names
    every = [line for path in FILES for line, _ in lines(path)]
    assert len(every) >= 400
    assert len(set(every)) == len(every)
