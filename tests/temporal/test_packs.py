"""Every rule of every pack does what its examples say, and its `never` texts hold no time."""

from datetime import date

import pytest

from timeline.model import Mention
from timeline.temporal import extract, packs

DCT = date(2024, 3, 15)  # a Friday
CODES = (*packs.languages(), packs.BASE)


def _examples() -> list[tuple[str, str, str, str]]:
    return [
        (code, rule.name, text, wanted)
        for code in CODES
        for rule in packs.load(code).rules
        for text, wanted in rule.examples.items()
    ]


def _nevers() -> list[tuple[str, str, str]]:
    rules = [(code, rule) for code in CODES for rule in packs.load(code).rules]
    return [(code, rule.name, text) for code, rule in rules for text in rule.never]


def _said(mention: Mention, wanted: str) -> str:
    """The mention spelled as examples spell it: "[TYPE ]VALUE[ MOD, QUANT or FREQ…]", only the parts that are asked."""
    if mention.timex is None:
        return ""
    timex = mention.timex
    parts = [timex.value]
    if wanted.split(" ")[0] in ("DATE", "TIME", "DURATION", "SET"):
        parts.insert(0, timex.type.value)
    extras = [extra for extra in (timex.mod, timex.quant, timex.freq) if extra]
    return " ".join([*parts, *(extra for extra in extras if extra in wanted.split(" "))])


@pytest.mark.parametrize(("code", "rule", "text", "wanted"), _examples())
def test_an_example_has_its_value(code: str, rule: str, text: str, wanted: str) -> None:
    mentions = extract(text, DCT, code)
    got = [(m.text, _said(m, wanted), m.explanation.rule) for m in mentions]
    assert any(said == wanted and by == rule for _, said, by in got), (
        f"{text!r} by {rule}: got {got}, wanted {wanted!r}"
    )


@pytest.mark.parametrize(("code", "rule", "text"), _nevers())
def test_a_rule_leaves_alone_what_it_must(code: str, rule: str, text: str) -> None:
    got = [(m.text, m.timex) for m in extract(text, DCT, code) if m.explanation.rule == rule]
    assert not got, f"{text!r}: {rule} read {got}"


@pytest.mark.parametrize("code", CODES)
def test_every_rule_that_reads_a_time_has_an_example(code: str) -> None:
    bare = [rule.name for rule in packs.load(code).rules if not rule.examples and rule.meaning != "nothing"]
    assert not bare


@pytest.mark.parametrize("code", CODES)
def test_the_nothing_sentences_of_a_pack_hold_no_time(code: str) -> None:
    got = {text: [m.text for m in extract(text, DCT, code)] for text in packs.load(code).nothing}
    assert not {text: found for text, found in got.items() if found}
