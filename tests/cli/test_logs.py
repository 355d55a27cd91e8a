"""What the roles write and how it is read back."""

import json
import logging
import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from timeline import journal, logs


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def _write(folder: Path, role: str, *entries: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{role}.log").open("a") as log:
        for entry in entries:
            log.write(json.dumps({"role": role, "level": "INFO", **entry}) + "\n")


def test_a_line_is_json_in_the_file_and_readable_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("worker", tmp_path)
    structlog.get_logger("workers.tasks").info("document.done", id="ab12", name="a b.txt", events=12, ms=84.25)
    entry = json.loads((tmp_path / "logs" / "worker.log").read_text())
    assert entry["at"].startswith("20")
    assert {key: entry[key] for key in ("role", "level", "event", "id", "name", "events", "ms")} == {
        "role": "worker",
        "level": "INFO",
        "event": "document.done",
        "id": "ab12",
        "name": "a b.txt",
        "events": 12,
        "ms": 84.25,
    }
    assert 'worker   document.done name="a b.txt" id=ab12 events=12 ms=84.2' in capsys.readouterr().err


def test_other_libraries_speak_the_same_way_and_only_when_it_matters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("worker", tmp_path)
    logging.getLogger("celery.worker").info("everyday chatter")
    logging.getLogger("celery.worker").warning("lost %s", "connection")
    entries = [json.loads(line) for line in (tmp_path / "logs" / "worker.log").read_text().splitlines()]
    assert [(entry["event"], entry["level"], entry["role"]) for entry in entries] == [
        ("lost connection", "WARNING", "worker")
    ]
    assert "chatter" not in capsys.readouterr().err


def test_a_traceback_is_kept_in_one_line(tmp_path: Path) -> None:
    logs.configure("worker", tmp_path)
    try:
        raise RuntimeError("boom")
    except RuntimeError:
        structlog.get_logger("workers.tasks").exception("document.crashed")
    (line,) = (tmp_path / "logs" / "worker.log").read_text().splitlines()
    assert "RuntimeError: boom" in json.loads(line)["exception"]


def test_a_name_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in journal.readable({"event": "document.done", "name": "\x1b[2Jx\ny"})
    assert "\n" not in journal.readable({"event": "document.done", "name": "\x1b[2Jx\ny"})


def _fill(path: Path, who: int) -> None:
    handler = logs.SharedRotatingFile(path, limit=1000, kept=50)
    for number in range(200):
        handler.handle(logging.LogRecord("x", 20, "", 0, json.dumps({"who": who, "number": number}), None, None))
    handler.close()


def test_two_processes_rotate_one_file_and_lose_no_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_fill, args=(tmp_path / "worker.log", who)) for who in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = list(tmp_path.glob("worker.log*"))
    entries = [json.loads(line) for file in files if file.suffix != ".lock" for line in file.read_text().splitlines()]
    assert len(files) > 3
    assert sorted((entry["who"], entry["number"]) for entry in entries) == [(w, n) for w in (1, 2) for n in range(200)]
    assert all(file.stat().st_size < 2000 for file in files)


def test_the_oldest_files_go(tmp_path: Path) -> None:
    handler = logs.SharedRotatingFile(tmp_path / "watch.log", limit=100, kept=2)
    for number in range(100):
        handler.handle(logging.LogRecord("x", 20, "", 0, f'{{"number": {number}}}', None, None))
    handler.close()
    assert {path.name for path in tmp_path.glob("watch.log*")} == {"watch.log", "watch.log.1", "watch.log.2"}


def test_all_roles_are_merged_in_the_order_they_wrote(tmp_path: Path) -> None:
    _write(
        tmp_path, "watch", {"at": "2025-01-01T00:00:01Z", "event": "a"}, {"at": "2025-01-01T00:00:04Z", "event": "d"}
    )
    _write(tmp_path, "worker", {"at": "2025-01-01T00:00:02Z", "event": "b"})
    _write(tmp_path, "assemble", {"at": "2025-01-01T00:00:03Z", "event": "c"})
    found = journal.Journal(tmp_path).past(journal.Filter())
    assert [entry["event"] for entry in found] == ["a", "b", "c", "d"]


def test_rotated_files_come_first_and_cut_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "watch.log.2").write_text('{"at": "2025-01-01T00:00:01Z", "event": "a"}\n')
    (tmp_path / "watch.log.1").write_text('{"at": "2025-01-01T00:00:02Z", "event": "b"}\n{"at": "2025-01-01T0')
    _write(tmp_path, "watch", {"at": "2025-01-01T00:00:03Z", "event": "c"})
    assert [entry["event"] for entry in journal.Journal(tmp_path).past(journal.Filter())] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("wanted", "events"),
    [
        (journal.Filter(document="ab12"), ["a"]),
        (journal.Filter(document="news"), ["b"]),
        (journal.Filter(level="WARNING"), ["b"]),
        (journal.Filter(role="worker"), ["a"]),
    ],
)
def test_lines_are_filtered_by_document_level_and_role(
    tmp_path: Path, wanted: journal.Filter, events: list[str]
) -> None:
    _write(tmp_path, "worker", {"at": "2025-01-01T00:00:02Z", "event": "a", "id": "ab12ffff"})
    _write(tmp_path, "watch", {"at": "2025-01-01T00:00:03Z", "event": "b", "name": "news.txt", "level": "WARNING"})
    assert [entry["event"] for entry in journal.Journal(tmp_path).past(wanted)] == events


def test_following_shows_what_is_written_later_once_and_across_a_rotation(tmp_path: Path) -> None:
    _write(tmp_path, "watch", {"at": "2025-01-01T00:00:01Z", "event": "old"})
    written = journal.Journal(tmp_path)
    _write(tmp_path, "watch", {"at": "2025-01-01T00:00:02Z", "event": "new"})
    seen = [entry["event"] for entry in written.past(journal.Filter())]
    coming = written.coming(journal.Filter())
    seen.append(next(coming)["event"])

    def rotate() -> None:
        _write(tmp_path, "watch", {"at": "2025-01-01T00:00:03Z", "event": "last of the old file"})
        (tmp_path / "watch.log").rename(tmp_path / "watch.log.1")
        _write(tmp_path, "watch", {"at": "2025-01-01T00:00:04Z", "event": "first of the next"})
        _write(tmp_path, "worker", {"at": "2025-01-01T00:00:05Z", "event": "a role that came later"})

    timer = threading.Timer(0.3, rotate)
    timer.start()
    seen.extend(next(coming)["event"] for _ in range(3))
    timer.join()
    assert seen == ["old", "new", "last of the old file", "first of the next", "a role that came later"]
