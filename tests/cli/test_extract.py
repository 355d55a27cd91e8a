"""`timeline extract`: light, streaming, and the same as the library."""

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

LINE = {"id": "a", "lang": "en", "dct": "2024-03-15", "text": "It rained on 6 November 2023."}
HEAVY = {"celery", "kombu", "redis", "sqlalchemy", "fastapi", "uvicorn", "kreuzberg", "trafilatura"}


def _extract(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "timeline", "extract", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)


def _loaded(*arguments: str, text: str = "") -> set[str]:
    """The packages a run of the command loads."""
    code = (
        "import atexit, sys, json\n"
        "names = lambda: sorted({name.partition('.')[0] for name in sys.modules})\n"
        "atexit.register(lambda: print(json.dumps(names()), file=sys.stderr))\n"
        f"sys.argv = ['timeline', 'extract', *{list(arguments)!r}]\n"
        "from timeline.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, timeout=60)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_a_text_file_loads_no_queue_no_store_no_web(tmp_path: Path) -> None:
    note = tmp_path / "2024-03-15-note.txt"
    note.write_text("We met yesterday.")
    assert not HEAVY & _loaded(str(note))
    assert not HEAVY & _loaded("--date", "2024-03-15", text="We met yesterday.")


def test_streaming_does_not_even_load_the_command_lines_own_libraries() -> None:
    assert not (HEAVY | {"typer", "rich", "pydantic", "structlog"}) & _loaded("--jsonl", text=json.dumps(LINE))


def test_streaming_answers_each_line_as_it_comes() -> None:
    command = [sys.executable, "-m", "timeline", "extract", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as stream:
        assert stream.stdin is not None
        assert stream.stdout is not None
        for name in ("first", "second"):
            stream.stdin.write(json.dumps({**LINE, "id": name}) + "\n")
            answer = json.loads(stream.stdout.readline())
            assert answer["id"] == name
            (timex,) = answer["timexes"]
            assert LINE["text"][timex["start"] : timex["end"]] == timex["text"] == "6 November 2023"
            assert (timex["type"], timex["value"]) == ("DATE", "2023-11-06")
            assert timex["explanation"]
        stream.stdin.close()
        assert stream.wait(10) == 0


def test_a_line_that_is_no_document_is_answered_and_the_others_go_on() -> None:
    done = _extract("--jsonl", text="not json\n" + json.dumps(LINE) + "\n\n")
    bad, good = (json.loads(line) for line in done.stdout.splitlines())
    assert bad["timexes"] == []
    assert "not a JSON line" in bad["error"]
    assert good["timexes"]
    assert done.stderr.startswith("timeline: line 1: ")
    assert done.returncode == 3


def test_a_date_moves_what_is_relative_to_it() -> None:
    for date, value in (("2024-03-15", "2024-03-14"), ("2021-01-01", "2020-12-31")):
        done = _extract("--date", date, "--format", "json", text="We met yesterday.")
        (document,) = json.loads(done.stdout)
        assert document["dct"] == date
        assert [timex["value"] for timex in document["timexes"]] == [value]


@pytest.mark.parametrize(("order", "value"), [("DMY", "2024-04-03"), ("MDY", "2024-03-04")])
def test_the_settings_of_an_inbox_hold_here_too(order: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_DATE_ORDER", order)
    (document,) = json.loads(_extract("--format", "json", text="We met on 03/04/2024.").stdout)
    assert [timex["value"] for timex in document["timexes"]] == [value]


def test_the_table_names_the_expression_its_value_and_the_reason(tmp_path: Path) -> None:
    note = tmp_path / "2024-03-15-note.txt"
    note.write_text("We met yesterday.")
    done = _extract(str(note))
    assert done.returncode == 0
    for expected in ("2024-03-15-note.txt", "yesterday", "DATE", "2024-03-14"):
        assert expected in done.stdout


def test_the_documents_within_a_document_are_read_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("2024-03-15-a.txt", "We met yesterday.")
        box.writestr("2021-01-01-b.txt", "We met yesterday.")
    done = _extract("--format", "json", str(tmp_path / "box.zip"))
    found = {
        document["name"]: [timex["value"] for timex in document["timexes"]] for document in json.loads(done.stdout)
    }
    assert found == {"box.zip": [], "2024-03-15-a.txt": ["2024-03-14"], "2021-01-01-b.txt": ["2020-12-31"]}


def test_an_unreadable_document_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "good.txt").write_text("We met on 3 May 2020.")
    done = _extract("--format", "json", str(tmp_path / "empty.txt"), str(tmp_path / "good.txt"))
    assert [document["name"] for document in json.loads(done.stdout)] == ["good.txt"]
    assert done.stderr.count("\n") == 1
    assert "empty.txt" in done.stderr
    assert done.returncode == 3
    assert _extract(str(tmp_path / "empty.txt")).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--date", "soon"), 2, "'soon' is not a date; write it as 2025-11-06"),
        (("--format", "xml"), 2, "xml"),
        (("--jsonl", "--date", "2024-03-15"), 2, "--date"),
        (("no-such-file.txt",), 1, "cannot read no-such-file.txt"),
    ],
)
def test_errors_are_one_line_and_have_their_exit_code(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = _extract(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.startswith("timeline: ")
    assert done.stderr.count("\n") == 1


def test_the_first_line_comes_at_once() -> None:
    began = time.monotonic()
    _extract("--jsonl", text=json.dumps(LINE) + "\n")
    assert time.monotonic() - began < 5  # a generous bound for a loaded machine; 0.2 s when it is idle
