"""Heaps of time words, digits and marks in every language, until the time is up: no error, sound offsets.

    python -m benchmarks.fuzz [--seconds N] [--seed N]

Prints how many texts were read; stops at the first unsound one, with the text that did it.
"""

import argparse
import random
import sys
import time
from datetime import date, datetime

from timeline.temporal import extract, languages, packs

ANCHORS = (date(2024, 3, 15), None, datetime(2024, 2, 29, 23, 59, 59), date(1, 1, 1), date(9999, 12, 31))  # noqa: DTZ001
MARKS = [
    *"0123456789.,:/-–'’\"()[]%$€#@\n\t \u00a0İıẞßﬁ٣۵２한日本語",
    "\n\n",
    "-\n",
    "\u00ad\n",
    "31",
    "2024",
    "9" * 20,
    "½",
    "²",
]


def main() -> int:
    """Read texts until the time is up; 1 when one of them was read unsoundly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - texts, not secrets
    vocabulary = {code: _words(packs.load(code)) for code in languages()}
    until, read = time.monotonic() + options.seconds, 0
    while time.monotonic() < until:
        language = chance.choice([*vocabulary, packs.BASE, "zz"])
        text = _text(chance, vocabulary.get(language, vocabulary["en"]))
        anchor, narrative = chance.choice(ANCHORS), chance.choice((None, True, False))
        try:
            is_sound = _is_sound(text, anchor, language, narrative)
        except Exception:
            print(f"{language} {anchor} {narrative} {text!r}")
            raise
        if not is_sound:
            print(f"unsound: {language} {anchor} {narrative} {text!r}")
            return 1
        read += 1
    print(f"{read} texts in {len(vocabulary)} languages read soundly (seed {options.seed})")
    return 0


def _words(pack: packs.Pack) -> list[str]:
    words = [key for entries in pack.classes.values() for key in entries]
    return words + [example for rule in pack.rules for example in rule.examples]


def _text(chance: random.Random, words: list[str]) -> str:
    pieces = [chance.choice(words if chance.random() < 0.6 else MARKS) for _ in range(chance.randint(1, 30))]
    text = chance.choice((" ", "", " ", "\n")).join(pieces)
    return text.upper() if chance.random() < 0.2 else text


def _is_sound(text: str, anchor: date | None, language: str, narrative: bool | None) -> bool:
    last = 0
    for mention in extract(text, anchor, language, narrative=narrative):
        is_placed = last <= mention.start < mention.end <= len(text)
        is_quoted = text[mention.start : mention.end] == mention.text
        is_phrased = 0 <= mention.phrase_start <= mention.start and mention.end <= mention.phrase_end <= len(text)
        if not (is_placed and is_quoted and is_phrased and (mention.timex is None or mention.timex.value)):
            return False
        last = mention.end
    return True


if __name__ == "__main__":
    sys.exit(main())
