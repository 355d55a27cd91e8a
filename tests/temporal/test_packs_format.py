"""What a pack may say, and how it is told what is wrong with it."""

from datetime import date

import pytest

from timeline.errors import UsageError
from timeline.temporal import extraction, packs

DCT = date(2024, 3, 15)
WORDS = """
[language]
code = "xx"
name = "test"
compounds = [["weekday", "part"]]
[words.weekday]
1 = ["mondag"]
[words.part]
EV = ["kveld"]
[words.number]
3 = ["tri"]
20 = ["tyve"]
[words.scale]
100 = ["hundra"]
[words.unit]
day = ["dag"]
[words]
joiner = ["og"]
"""


def _values(pack: str, text: str) -> list[str | None]:
    found = extraction.find(text, packs.compile_pack(WORDS + pack), DCT)
    return [mention.timex.value if mention.timex else None for mention in found]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('[[rule]]\nname = "r"\npattern = "{nope}"\nmeaning = "span"', "names no word class"),
        ('[[rule]]\nname = "r"\npattern = "(a|b"\nmeaning = "span"', "unpaired"),
        ('[[rule]]\nname = "r"\npattern = "a}"\nmeaning = "span"', "brace"),
        ('[[rule]]\nname = "r"\nmeaning = "span"', "needs name, pattern and meaning"),
        ('[[rule]]\nname = "r"\npattern = "a"\nmeaning = "span"\nnot_before = ["{nope}"]', "no such word class"),
        ('[signals]\nwhile = ["x"]', "is no signal"),
        ('[phrases]\na = "{b}"\nb = "{a}"\n[[rule]]\nname = "r"\npattern = "{a}"\nmeaning = "span"', "circle"),
        ("[[rule", "is not TOML"),
    ],
)
def test_a_malformed_pack_is_told_what_is_wrong(rule: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        packs.compile_pack(WORDS + rule)


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(UsageError, match="no language pack for 'qq'"):
        packs.load("qq")


def test_compounds_are_read_as_their_two_words() -> None:
    rule = '[[rule]]\nname = "r"\npattern = "{weekday} {daypart:part}"\nmeaning = "named_time"\n'
    assert _values(rule, "Mondagkveld var") == ["2024-03-18TEV"]


def test_blanks_in_a_pattern_allow_blanks_and_none_forbid_them() -> None:
    rule = '[[rule]]\nname = "r"\npattern = "{n}-{unit}"\nmeaning = "span"\n'
    assert _values(rule, "3-dag") == ["P3D"]
    assert _values(rule, "3 - dag") == []


def test_a_capital_can_be_demanded() -> None:
    rule = '[[rule]]\nname = "r"\npattern = "^{weekday}"\nmeaning = "date"\n'
    assert _values(rule, "mondag") == []
    assert _values(rule, "Mondag") == ["2024-03-18"]


def test_the_longest_mention_wins_then_the_earlier_rule() -> None:
    rules = (
        '[[rule]]\nname = "short"\npattern = "{number} {unit}"\nmeaning = "span"\n'
        '[[rule]]\nname = "nothing"\npattern = "{number} {unit} gammel"\nmeaning = "nothing"\n'
    )
    assert _values(rules, "tri dag") == ["P3D"]
    assert _values(rules, "tri dag gammel") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("tri dag", "P3D"), ("tyve tri dag", "P23D"), ("tri hundra og tyve dag", "P320D"), ("tri tri dag", None)],
)
def test_number_words_must_make_a_number(text: str, value: str | None) -> None:
    rule = '[[rule]]\nname = "r"\npattern = "{number} {unit}"\nmeaning = "span"\n'
    assert _values(rule, text) == [value if value else "P3D"]


def test_scripts_without_blanks_are_cut_by_the_words_the_pack_knows() -> None:
    pack = packs.compile_pack(
        '[language]\ncode = "zz"\nspaces = false\n[words.days]\n0 = ["今天"]\n[words.number]\n0 = ["〇"]\n2 = ["二"]\n'
        '5 = ["五"]\n[words.scale]\n10 = ["十"]\n[[rule]]\nname = "day"\npattern = "{days}"\nmeaning = "day_offset"\n'
        '[[rule]]\nname = "year"\npattern = "{year:number}年"\nmeaning = "date"\n'
    )
    found = extraction.find("他今天说二〇二五年", pack, DCT)
    assert [(m.text, m.timex.value if m.timex else None) for m in found] == [
        ("今天", "2024-03-15"),
        ("二〇二五年", "2025"),
    ]
