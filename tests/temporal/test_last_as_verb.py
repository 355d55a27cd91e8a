""" "last" is a verb beside an auxiliary: a length that follows it does not end at the document."""

from datetime import date

import pytest

from timeline import extract


@pytest.mark.parametrize(
    ("text", "found", "perfect"),
    [
        ("Painting will begin at once and last eight months.", "eight months", False),
        ("It won't last two days.", "two days", False),
        ("They hope that it can last three years.", "three years", False),
        ("He has spent the last eight months there.", "the last eight months", True),
    ],
)
def test_a_verb_is_told_from_an_adjective(text: str, found: str, perfect: bool, dct: date) -> None:
    (mention,) = [m for m in extract(text, dct) if m.timex and m.timex.type == "DURATION"]
    assert (mention.text, mention.perfect) == (found, perfect)
