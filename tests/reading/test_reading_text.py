"""Plain text, Markdown and encodings: what is read is what was written."""

import subprocess
import sys
from datetime import date, datetime

import pytest

from timeline.errors import UnreadableError
from timeline.model import DctSource, Hints
from timeline.reading import UNDATED, read

FILED = Hints(file_time=datetime(2026, 11, 20, 12, 0))  # noqa: DTZ001  file times are local
GERMAN = "Grüße aus Köln. Gestern war Montag, übermorgen wird weiter verhandelt."
RUSSIAN = "Вчера в Москве прошло заседание правительства, на котором обсуждали бюджет."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_german_is_read_rightly_from_any_usual_encoding(encoding: str) -> None:
    document = read(GERMAN.encode(encoding), "brief.txt", FILED)
    assert document.text == GERMAN
    assert document.language == "de"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16-be"])
def test_russian_is_read_rightly_from_any_usual_encoding(encoding: str) -> None:
    document = read(RUSSIAN.encode(encoding), "письмо.txt", FILED)
    assert document.text == RUSSIAN
    assert document.language == "ru"


def test_a_guessed_encoding_is_told() -> None:
    assert "decoded as Windows-1252" in read(GERMAN.encode("cp1252"), "brief.txt", FILED).notes


def test_damaged_utf8_keeps_what_can_be_read_and_says_so() -> None:
    document = read(GERMAN.encode() + b" \xff\xfe\xff Ende.", "brief.txt", FILED)
    assert document.text.startswith(GERMAN)
    assert any("damaged UTF-8: 3 unreadable" in note for note in document.notes)


def test_line_ends_become_newlines_and_nothing_else_changes() -> None:
    assert read(b"One  two\r\n\tthree\rfour \n", "a.txt", FILED).text == "One  two\n\tthree\nfour \n"


@pytest.mark.parametrize("data", [b"", b" \n\t\n", bytes(range(256)) * 20, b"MZ\x90\x00" + bytes(500)])
def test_what_is_no_text_fails_with_a_reason(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^junk\.txt: .+"):
        read(data, "junk.txt", FILED)


def test_front_matter_dates_and_names_a_text_and_is_not_part_of_it() -> None:
    document = read(
        b'---\ntitle: "The flood"\ndate: 2024-03-15\ntags: [a, b]\n---\nYesterday it rose.\n', "x.md", FILED
    )
    assert (document.title, document.dct, document.dct_source) == (
        "The flood",
        date(2024, 3, 15),
        DctSource.FRONT_MATTER,
    )
    assert document.text == "Yesterday it rose.\n"


def test_a_dated_file_name_beats_the_file_time() -> None:
    document = read(b"Earlier this week the bridge fell.", "2025-11-06-bridge.txt", FILED)
    assert (document.dct, document.dct_source) == (date(2025, 11, 6), DctSource.FILE_NAME)
    assert [item.source for item in document.evidence] == [DctSource.FILE_NAME, DctSource.FILE_TIME]


def test_nothing_dates_a_text_without_evidence() -> None:
    document = read(b"Earlier this week the bridge fell.", "bridge.txt")
    assert (document.dct, document.dct_source) == (UNDATED, DctSource.UNKNOWN)
    assert any("timeline redate" in note for note in document.notes)


def test_a_correction_beats_all_evidence() -> None:
    hints = Hints(correction=date(2020, 1, 2), named_date=date(2025, 11, 6))
    document = read(b"---\ndate: 2024-03-15\n---\nYesterday.", "2025-11-06.md", hints)
    assert (document.dct, document.dct_source) == (date(2020, 1, 2), DctSource.CORRECTION)


@pytest.mark.parametrize("text", ["Hello", "On 3 May 2024", "Am 3. Mai", "Pokrovsk falls", "Anna", "12:30"])
def test_a_text_too_short_to_tell_is_taken_for_english(text: str) -> None:
    assert read(text.encode(), "note.txt", FILED).language == "en"


def test_a_language_set_by_a_person_is_kept() -> None:
    assert read(b"Hello there, all of you.", "note.txt", Hints(language="cy")).language == "cy"


def test_plain_text_in_a_known_language_loads_nothing_heavy() -> None:
    code = (
        "import sys; from timeline.reading import read; from timeline.model import Hints; "
        "read(b'It rose yesterday.', 'a.txt', Hints(language='en')); "
        "print(sorted({'kreuzberg', 'trafilatura', 'py3langid', 'numpy', 'lxml', 'olefile'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_markdown_is_read_as_prose() -> None:
    text = (
        "# Notes\n\nSee [the **report**](https://x.example/2024/05/03/r.html) and ![a pic](p_20240503.png), __now__.\n"
        "<!-- 2019-01-01 -->\n\n| when | what |\n|:---|---:|\n| 3 May 2024 | shut |\n| 4 May 2024 | open |\n\nAn end.\n"
    )
    document = read(text.encode(), "a.md", FILED)
    assert document.title == "Notes"
    assert "See the report and a pic, now." in document.text
    assert "2019" not in document.text
    assert "\n3 May 2024 | shut\n\n4 May 2024 | open\n\n" in document.text
    assert "---" not in document.text
