"""The gold texts themselves: every mark can be read and agrees with the calendar and with its own words."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from scoring import FOLDER, GoldText, Span, read_gold

FILES = sorted(FOLDER.glob("??_*_*.txt"))
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = re.compile(rf"\b({'|'.join(DAYS)})(s)?\b")
FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d")
YEAR = re.compile(r"\b(1[0-9]\d\d|20\d\d)\b(?!s)")
SHIFTS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
FORMS = {
    "DATE": re.compile(
        r"(BC)?\d{2,4}|\d{4}-(\d\d(-\d\d)?|W\d\d(-WE)?|Q[1-4]|H[12]|SP|SU|FA|WI)|(PAST|PRESENT|FUTURE)_REF"
    ),
    "TIME": re.compile(r"\d{4}-\d\d-\d\dT(\d\d:\d\d(Z|[+-]\d\d:\d\d)?|MO|AF|EV|NI)"),
    "DURATION": re.compile(r"P(T?(\d+|X)[YMWDHS])+|PX[YMWD]|PT\d+NI"),
    "SET": re.compile(r"PT?\d+[YQMWDH]|PT\d+M|XXXX-(WXX-[1-7]|\d\d|SP|SU|FA|WI|XX-XXTNI)"),
}


def week(day: date) -> str:
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def faults(text: GoldText, span: Span) -> list[str]:
    """What is wrong with a mark, as far as the calendar can tell."""
    words, found = span.text.lower(), []
    if not FORMS[span.type].fullmatch(span.value):
        found.append("not a value of its type")
    weekday, full = DAY.search(words), FULL_DATE.match(span.value)
    if weekday and full and DAYS[date.fromisoformat(full[0]).weekday()] != weekday[1]:
        found.append("another weekday")
    if weekday and span.type == "SET" and span.value != f"XXXX-WXX-{DAYS.index(weekday[1]) + 1}":
        found.append("another weekday")
    if words in SHIFTS and span.value != str(text.dct + timedelta(SHIFTS[words])):
        found.append("another day")
    for word, weeks in (("last", -1), ("this", 0), ("next", 1)):
        expected = week(text.dct + timedelta(weeks=weeks))
        if words.endswith(f"{word} week") and span.value != expected:
            found.append(f"expected {expected}")
        if words == f"{word} weekend" and span.value != f"{expected}-WE":
            found.append(f"expected {expected}-WE")
        if words in (f"{word} year", f"later {word} year") and span.value != str(text.dct.year + weeks):
            found.append("another year")
    year = YEAR.search(words)
    is_decade = len(span.value) == 3
    if year and span.type == "DATE" and not (year[1].startswith(span.value) if is_decade else year[1] in span.value):
        found.append("the year is not in the value")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mark_agrees_with_the_calendar(path: Path) -> None:
    wrong = [
        f"{text.id}: [{span.text}|{span.type} {span.value}]: {fault}"
        for text in read_gold(path)
        for span in text.timexes
        for fault in faults(text, span)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_marks_leave_the_text_as_it_reads() -> None:
    for path in FILES:
        for text in read_gold(path):
            assert all(text.text[span.start : span.end] == span.text for span in text.timexes)


def test_there_is_enough_to_judge_by() -> None:
    texts = [text for path in FILES for text in read_gold(path)]
    english = [text for text in texts if text.language == "en"]
    assert len(english) >= 40
    assert sum(len(text.timexes) for text in english) >= 600
    assert len({text.id for text in texts}) == len(texts)
