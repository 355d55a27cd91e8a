"""A line in, a line out."""

import json
import subprocess
import sys

import pytest

from timeline.errors import UsageError
from timeline.temporal.jsonl import tag_line


def test_a_line_is_answered_with_its_timexes() -> None:
    line = json.dumps({"id": "a", "lang": "en", "dct": "2025-11-06", "text": "He left earlier this week."})
    answer = json.loads(tag_line(line))
    assert answer["id"] == "a"
    (timex,) = answer["timexes"]
    assert (timex["start"], timex["end"], timex["text"]) == (8, 25, "earlier this week")
    assert (timex["type"], timex["value"]) == ("DATE", "2025-W45")
    assert "2025-11-06" in timex["explanation"]


@pytest.mark.parametrize("language", ["en", "English", "EN-us", "xx", None])
def test_a_language_is_named_by_code_or_name_or_not_known(language: str | None) -> None:
    answer = json.loads(tag_line(json.dumps({"id": 1, "lang": language, "dct": None, "text": "on 2025-11-06"})))
    assert [timex["value"] for timex in answer["timexes"]] == ["2025-11-06"]


def test_the_time_of_asking_beats_the_date() -> None:
    line = {"id": 1, "lang": "en", "dct": "2019-11-18", "ref_time": "2019-11-18T08:00", "text": "an hour ago"}
    assert json.loads(tag_line(json.dumps(line)))["timexes"][0]["value"] == "2019-11-18T07:00"


def test_an_impossible_date_is_there_without_a_value() -> None:
    line = {"id": 1, "lang": "en", "dct": "2024-03-15", "text": "on 31 February 2024"}
    assert json.loads(tag_line(json.dumps(line)))["timexes"][0]["value"] == ""


@pytest.mark.parametrize("line", ["", "[]", '{"id": 1}', '{"id": 1, "text": "x", "dct": "soon"}'])
def test_a_line_that_is_none_is_told_so(line: str) -> None:
    with pytest.raises(UsageError):
        tag_line(line)


def test_the_tagger_loads_nothing_heavy() -> None:
    code = (
        'import sys; from timeline.temporal.jsonl import tag_line; tag_line(\'{"text": "yesterday"}\');'
        "print([m for m in ('pydantic', 'celery', 'sqlalchemy', 'fastapi', 'kreuzberg', 'dateparser', 'holidays')"
        " if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
