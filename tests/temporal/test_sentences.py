"""Sentences of our own, as news, notices and chats of a language have them: each with all its times, in order.

A line is a sentence, " | ", and the values parted by "; ", with their mod where it matters; "?" stands for a mention
without a value.
"""

from datetime import date
from pathlib import Path

import pytest

from timeline.model import Mention
from timeline.temporal import extract

DCT = date(2024, 3, 15)  # a Friday
FILES = sorted((Path(__file__).parent / "sentences").glob("*.txt"))


def _sentences(path: Path) -> list[tuple[str, list[str]]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("# ")]
    parted = [line.rstrip().removesuffix(" |").partition(" | ") for line in lines]
    return [(text, values.split("; ") if values else []) for text, _, values in parted]


def _said(mention: Mention, wanted: str) -> str:
    if mention.timex is None:
        return "?"
    return f"{mention.timex.value} {mention.timex.mod}" if " " in wanted else mention.timex.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sentence_has_its_times_and_no_other(path: Path) -> None:
    wrong = []
    for text, wanted in _sentences(path):
        mentions = extract(text, DCT, path.stem)
        said = [_said(*pair) for pair in zip(mentions, [*wanted, *[""] * len(mentions)], strict=False)]
        if said != wanted:
            found = [
                (mention.text, value, mention.explanation.rule) for mention, value in zip(mentions, said, strict=True)
            ]
            wrong.append(f"{text}\n  wanted {wanted}\n  found  {found}")
    assert not wrong, "\n".join(wrong)


def test_there_is_enough_to_judge_by() -> None:
    assert len(FILES) >= 10
    assert all(len(_sentences(path)) >= 60 for path in FILES)
