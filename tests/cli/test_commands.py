"""The commands that need a store, but nothing running."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline import cli
from timeline.facts import Done, Failed, Started
from timeline.pipeline import ingest
from timeline.settings import settings
from timeline.store import Arrival, Store

NOW = 1_710_500_000.0  # seconds since the epoch, in March 2024


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a document that was read, one that failed, and an ignored file."""
    folder = tmp_path / "data"
    folder.mkdir()
    text = b"The bridge was closed on 6 November 2023. It opened in 2024."
    with Store.open(folder / "timeline.db") as store:
        read, failed = store.register(
            [
                Arrival("news/bridge.txt", sha256="a" * 64, size=len(text)),
                Arrival("locked.pdf", sha256="b" * 64, size=7),
            ],
            NOW,
        )
        store.ignore([("news/.DS_Store", "a file of the system")], NOW)
        store.hand_out("task-1", [read.document_id], NOW)
        store.hand_out("task-2", [failed.document_id], NOW)
        reason = "locked.pdf is encrypted; save it without its password"
        store.apply(
            [
                Started(read.document_id, "task-1", "worker-1"),
                Done(read.document_id, 0, "task-1", 4.0, ingest(text, "bridge.txt")),
                Failed(failed.document_id, 0, "task-2", reason),
            ],
            NOW + 1,
        )
    return folder


def run(*arguments: str) -> int:
    """A command, in this process."""
    return cli.run(list(arguments))


def test_events_are_listed_in_time_order_with_the_contracts_keys(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("events", "--json", "--data", str(data)) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["value"], first["begin"], first["end"]) == ("2023-11-06", "2023-11-06", "2023-11-07")
    assert second["value"] == "2024"
    assert {
        *("id", "type", "value", "mod", "edtf", "begin", "end", "granularity"),
        *("expression", "statement", "explanation", "document"),
    } <= set(first)
    assert {"id", "title", "path", "dct", "dct_source", "language"} <= set(first["document"])
    assert isinstance(first["explanation"], str)


@pytest.mark.parametrize(
    ("options", "values"),
    [
        (("--from", "2024"), ["2024"]),
        (("--to", "2023-11"), ["2023-11-06"]),
        (("--from", "2023-11-07", "--to", "2023"), []),
        (("--source", "bridge"), ["2023-11-06", "2024"]),
        (("--source", "tunnel"), []),
        (("--text", "opened"), ["2024"]),
    ],
)
def test_events_are_filtered(
    data: Path, options: tuple[str, ...], values: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("events", "--json", "--data", str(data), *options) == 0
    assert [event["value"] for event in json.loads(capsys.readouterr().out)] == values


def test_events_for_people_show_the_statement_and_its_source(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("events", "--data", str(data)) == 0
    assert "The bridge was closed on 6 November 2023.  [news/bridge.txt]" in capsys.readouterr().out


def test_failures_have_their_reason(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("failures", "--json", "--data", str(data)) == 0
    (failure,) = json.loads(capsys.readouterr().out)
    assert set(failure) == {"document", "path", "reason", "attempts"}
    assert (failure["path"], failure["reason"]) == (
        "locked.pdf",
        "locked.pdf is encrypted; save it without its password",
    )


def test_a_failed_document_is_tried_again_when_asked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("retry", "--data", str(data)) == 2
    assert run("retry", "--all", "--data", str(data)) == 0
    assert "1 to be tried again" in capsys.readouterr().out
    assert run("failures", "--json", "--data", str(data)) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_status_reads_the_store_while_nothing_runs(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--json", "--data", str(data)) == 1
    status = json.loads(capsys.readouterr().out)
    assert status["healthy"] is False
    assert status["documents"] == {"queued": 0, "working": 0, "done": 1, "failed": 1, "withdrawn": 0, "ignored": 1}
    assert status["events"] == 2
    assert run("status", "--data", str(data)) == 1
    said = capsys.readouterr().out
    assert "nothing runs here" in said
    assert "locked.pdf" in said


def test_explain_says_why_a_file_is_not_on_the_timeline(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, said in (
        ("bridge.txt", "2 dated expressions, 2 events"),
        ("locked.pdf", "is encrypted"),
        (".DS_Store", "Ignored: a file of the system"),
    ):
        assert run("explain", name, "--data", str(data)) == 0
        assert said in capsys.readouterr().out
    assert run("explain", "bridge.txt", "--data", str(data)) == 0
    assert "” is 20" in capsys.readouterr().out, "what was found and what it was taken for"
    assert run("explain", "other.txt", "--data", str(data)) == 1


def test_explain_knows_a_file_that_is_not_registered_yet(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "watched" / "deep"
    inbox.mkdir(parents=True)
    (inbox / "late.txt").touch()
    assert run("explain", "late.txt", "--data", str(data), "--inbox", str(inbox.parent)) == 0
    assert "not registered yet: it is empty" in capsys.readouterr().out
    (inbox / "late.txt").write_text("x")
    assert run("explain", "late.txt", "--data", str(data), "--inbox", str(inbox.parent)) == 0
    assert "as soon as nobody writes to it" in capsys.readouterr().out


def test_explain_says_why_a_document_still_waits(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(data) as store:
        (one,) = store.register([Arrival("late.txt", sha256="f" * 64, size=9)], 1.0)
        assert run("explain", "late.txt", "--data", str(data)) == 0
        assert "1 document waits" in capsys.readouterr().out
        store.hand_out("task", [one.document_id], 2.0)
    assert run("explain", "late.txt", "--data", str(data)) == 0
    assert "It went on the queue" in capsys.readouterr().out


def test_a_removal_that_was_meant_can_be_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("withdraw", "--data", str(data)) == 0
    assert "Nothing is held back" in capsys.readouterr().out
    with Store.open(data / "timeline.db") as store:
        store.notice("withdrawal", "9 of 10 files vanished", NOW)
    assert run("withdraw", "--data", str(data)) == 0
    with Store.open(data / "timeline.db") as store:
        assert store.is_withdrawal_meant()


def test_a_corrected_date_is_noted(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(data / "timeline.db") as store:
        (document,) = [row.id for row in store.documents() if row.path == "news/bridge.txt"]
    assert run("redate", document, "2020-01-02", "--data", str(data)) == 0
    with Store.open(data / "timeline.db") as store:
        row = store.document(document)
    assert row is not None
    assert row.correction == "2020-01-02"
    assert run("redate", "nosuchdocument", "2020-01-02", "--data", str(data)) == 2
    assert run("redate", document, "2 January", "--data", str(data)) == 2
    assert run("redate", "bridge.txt", "2020-01-03", "--data", str(data)) == 0, "a name will do"
    assert run("retry", "locked.pdf", "--data", str(data)) == 0


def test_a_backup_is_restored_and_what_was_there_is_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("backup", str(tmp_path / "safe"), "--data", str(data)) == 0
    assert run("backup", str(tmp_path / "safe"), "--data", str(data)) == 2  # never over something
    assert run("reset", "--yes", "--data", str(data)) == 0
    assert not list(data.glob("timeline.db*"))
    assert run("restore", str(tmp_path / "safe"), "--data", str(data)) == 0
    with Store.open(data / "timeline.db") as store:
        assert store.counts().done == 1
        assert store.counts().events == 2
    assert run("restore", str(tmp_path / "safe"), "--data", str(data)) == 0
    assert len(list(data.glob("before-restore-*/timeline.db"))) == 1
    capsys.readouterr()
    (tmp_path / "safe" / "timeline.db").write_bytes(b"junk" * 1000)
    assert run("restore", str(tmp_path / "safe"), "--data", str(data)) == 1
    assert "is no backup of a timeline" in capsys.readouterr().err


def test_add_copies_whole_files_and_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = tmp_path / "inbox"
    for content, expected in (("one", "note.txt"), ("two", "note-2.txt"), ("one", "already, with the same content")):
        (tmp_path / "note.txt").write_text(content)
        assert run("add", str(tmp_path / "note.txt"), "--inbox", str(inbox)) == 0
        assert expected in capsys.readouterr().out
    assert {path.name: path.read_text() for path in inbox.iterdir()} == {"note.txt": "one", "note-2.txt": "two"}
    assert run("add", str(tmp_path), "--inbox", str(inbox)) == 2
    assert run("add", "missing.txt", "--inbox", str(inbox)) == 1


def test_doctor_says_ok_or_how_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("doctor") == 0
    assert "ok    Redis: " in capsys.readouterr().out
    monkeypatch.setenv("TIMELINE_WROKERS", "2")
    monkeypatch.setenv("TIMELINE_REDIS_URL", f"redis+socket://{tmp_path}/none.sock")
    settings.cache_clear()
    assert run("doctor") == 1
    said = capsys.readouterr().out
    assert "MEND  setting: TIMELINE_WROKERS is not a setting" in said
    assert "MEND  Redis: TIMELINE_REDIS_URL does not answer" in said


@pytest.mark.parametrize("command", ["events", "failures", "status", "backup x", "explain x", "logs", "open"])
def test_without_a_timeline_the_error_says_how_to_start_one(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*command.split()) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("timeline: ")


def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIMELINE_PORT", "many")
    assert run("doctor") == 2
    assert "TIMELINE_PORT='many'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    "up build add extract events status logs failures retry redate withdraw export open doctor explain backup restore "
    "reset watch worker assemble serve".split(),
)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert "Usage: timeline" in capsys.readouterr().out


def test_a_role_alone_asks_for_the_redis_it_is_to_share(capsys: pytest.CaptureFixture[str]) -> None:
    for role in ("watch", "worker", "assemble"):
        assert run(role) == 2
        assert "TIMELINE_REDIS_URL is not set" in capsys.readouterr().err


def test_nothing_is_started_on_a_redis_elsewhere_that_anybody_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIMELINE_REDIS_URL", "redis://queue.example.org:6379/0")
    for command in ("up", "watch", "worker", "assemble"):
        assert run(command, "--data", str(tmp_path / "data")) == 1
        assert "asks for no password" in capsys.readouterr().err
    assert not (tmp_path / "data" / "timeline.db").exists()


@pytest.mark.parametrize("form", ["json", "csv", "ics", "timelinejs", "timeml", "html"])
def test_every_format_is_written_whole_or_not_at_all(
    data: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / f"out.{form}"
    assert run("export", "--format", form, "-o", str(output), "--data", str(data)) == 0
    assert capsys.readouterr().out.strip() == str(output)
    assert output.stat().st_size > 100
    assert run("export", "--format", form, "-o", str(tmp_path / "no" / "where"), "--data", str(data)) == 1
    assert not list(tmp_path.glob(".out*"))


def test_an_export_as_json_is_the_list_that_events_prints(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("export", "--format", "json", "-o", str(tmp_path / "out.json"), "--data", str(data))
    capsys.readouterr()
    run("events", "--json", "--data", str(data))
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(capsys.readouterr().out)
