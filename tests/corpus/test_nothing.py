"""Sentences that look as if they held a time and hold none."""

from datetime import date
from pathlib import Path

import pytest

from timeline.temporal import extract

FILES = sorted(Path(__file__).parent.glob("nothing_*.txt"))
DCT = date(2024, 3, 15)


def sentences(path: Path) -> list[str]:
    """The sentences of a list; lines that begin with `#` head a group."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("# ")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_found_where_there_is_nothing(path: Path) -> None:
    language = path.stem.rpartition("_")[2]
    found = [
        f"text: {sentence}\n  rule: {mention.explanation.rule}\n  slots: {'; '.join(mention.explanation.steps)}\n"
        f"  got: {mention.text!r} {mention.timex}"
        for sentence in sentences(path)
        for mention in extract(sentence, DCT, language)
    ]
    assert not found, f"{len(found)} found:\n" + "\n".join(found)


def test_nothing_is_found_in_all_the_sentences_as_one_text() -> None:
    """Neighbours must not make a time of each other either: read with blank lines between."""
    for path in FILES:
        mentions = extract("\n\n".join(sentences(path)), DCT, path.stem.rpartition("_")[2])
        assert not mentions, [(m.text, m.explanation.rule) for m in mentions]


def test_the_english_list_is_long() -> None:
    lines = sentences(Path(__file__).parent / "nothing_en.txt")
    assert len(lines) >= 300
    assert len(set(lines)) == len(lines)
