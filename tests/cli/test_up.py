"""`timeline up` as a person meets it: start, drop, second start, deaths, Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Up, running, timeline, wait_until
from workers.processes import is_alive

pytestmark = [pytest.mark.redis, pytest.mark.slow]

NOTE = "2024-03-15-note-{}.txt"
TEXT = "Note {}. The bridge was closed on 6 November 2023."


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with running(tmp_path_factory.mktemp("up")) as one:
        yield one


def _has_event_of(up: Up, name: str) -> bool:
    return name in up.paths_with_events()


def _drop_and_wait(up: Up, label: str) -> None:
    up.drop(NOTE.format(label), TEXT.format(label))
    wait_until(lambda: _has_event_of(up, NOTE.format(label)), f"the event of {label}")


def test_a_dropped_file_stands_on_the_page_and_in_the_logs(up: Up) -> None:
    _drop_and_wait(up, "first")
    wait_until(lambda: "6 November 2023" in up.page(), "the event on the page")
    lines = [json.loads(line) for line in up.cli("logs", "--json", "--document", "note-first").stdout.splitlines()]
    assert {"watch", "worker", "assemble"} <= {line["role"] for line in lines}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_status_is_healthy_and_has_the_contracts_keys(up: Up) -> None:
    done = up.cli("status", "--json")
    status = json.loads(done.stdout)
    assert done.returncode == 0
    assert status["healthy"] is True
    assert {role["role"] for role in status["roles"]} == {"redis", "assemble", "worker", "watch", "serve"}
    assert all(role["alive"] and role["pid"] > 0 and role["since"] for role in status["roles"])
    assert set(status["documents"]) == {"queued", "working", "done", "failed", "withdrawn", "ignored"}
    assert {"events", "rate", "seconds_left"} <= set(status)
    assert "Healthy" in up.cli("status").stdout


def test_a_second_up_says_the_address_and_ends_well(up: Up) -> None:
    began = time.monotonic()
    second = timeline("up", "--inbox", str(up.inbox), "--data", str(up.data))
    assert (second.returncode, second.stdout.strip()) == (0, f"Already running: {up.url}")
    assert time.monotonic() - began < 5


def test_nothing_is_reset_or_restored_under_a_running_timeline(up: Up, tmp_path: Path) -> None:
    assert up.cli("backup", str(tmp_path / "safe")).returncode == 0
    for command in (("reset", "--yes"), ("restore", str(tmp_path / "safe"))):
        refused = up.cli(*command)
        assert refused.returncode == 1
        assert "is running; stop it first" in refused.stderr


@pytest.mark.parametrize("role", ["watch", "assemble", "worker", "serve", "redis"])
def test_a_killed_role_is_back_within_five_seconds_and_nothing_is_lost(up: Up, role: str) -> None:
    before = up.pids()[role]
    os.kill(before, signal.SIGKILL)
    up.drop(NOTE.format(f"during-{role}"), TEXT.format(f"during-{role}"))
    wait_until(lambda: up.pids()[role] not in {0, before} and is_alive(up.pids()[role]), f"{role} again", 5)
    _drop_and_wait(up, f"after-{role}")
    wait_until(lambda: _has_event_of(up, NOTE.format(f"during-{role}")), f"what was dropped while {role} was away")
    wait_until(lambda: json.loads(up.cli("status", "--json").stdout)["healthy"], "healthy again")
    counts = up.counts()
    assert counts.queued == counts.working == counts.failed == 0
    assert counts.done == counts.events == len(list(up.inbox.iterdir()))


def test_explain_tells_a_files_history(up: Up) -> None:
    _drop_and_wait(up, "history")
    said = up.cli("explain", NOTE.format("history")).stdout
    for expected in (
        "Seen",
        "It was read",
        "Dated 2024-03-15, from: file name",
        "1 event.",
        "timeline logs --document",
    ):
        assert expected in said
    unknown = up.cli("explain", "never-seen.txt")
    assert unknown.returncode == 1
    assert "never-seen.txt" in unknown.stderr


def test_following_the_logs_shows_what_happens_now(up: Up) -> None:
    command = [sys.executable, "-m", "timeline", "logs", "-f", "--document", "followed", "--data", str(up.data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        try:
            time.sleep(2.0)
            _drop_and_wait(up, "followed")
            lines = [follower.stdout.readline() for _ in range(3)]
            follower.send_signal(signal.SIGINT)
            assert follower.wait(10) == 130
        finally:
            follower.kill()  # or leaving the block would wait for it for ever
    assert [line.split()[1] for line in lines] == ["watch", "worker", "assemble"]
    assert all("note-followed" in line for line in lines)


def test_prometheus_is_told_of_documents_and_roles(up: Up) -> None:
    with urllib.request.urlopen(f"{up.url}metrics", timeout=10) as answer:  # noqa: S310  (our own address)
        said = answer.read().decode()
    for role in ("redis", "watch", "worker", "assemble", "serve"):
        assert f'timeline_role_up{{role="{role}"}} 1.0' in said
    assert 'timeline_documents{state="done"}' in said
    assert "timeline_read_seconds_count" in said


def test_open_opens_the_address_that_serves(up: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "true")
    assert up.cli("open").stdout.strip() == up.url


def test_added_files_arrive(up: Up, tmp_path: Path) -> None:
    note = tmp_path / NOTE.format("added")
    note.write_text(TEXT.format("added"))
    assert timeline("add", str(note), "--inbox", str(up.inbox)).returncode == 0
    wait_until(lambda: _has_event_of(up, note.name), "the event of the added file")


def test_ctrl_c_stops_everything_within_seconds_and_the_next_start_is_quick(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        family = up.family()
        began = time.monotonic()
        assert up.stop() == 0
        assert time.monotonic() - began < 10
        assert not [pid for pid in family if is_alive(pid)]
        assert not list((up.data / "run").glob("*.sock"))
    status = timeline("status", "--json", "--data", str(up.data))
    assert status.returncode == 1
    assert json.loads(status.stdout)["healthy"] is False
    began = time.monotonic()
    with running(tmp_path):
        assert time.monotonic() - began < 10  # 2 to 3 s on an idle machine


def test_nothing_outlives_a_killed_up_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        _drop_and_wait(up, "before")
        family = up.family()
        assert len(family) >= 6
        up.process.kill()
        up.process.wait()
        wait_until(lambda: not any(map(is_alive, family)), "every process gone", 5)
    with running(tmp_path) as again:
        _drop_and_wait(again, "after")
        assert len(again.paths_with_events()) == 2


def test_a_taken_port_is_said_and_the_next_free_one_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with running(tmp_path, "--port", str(port)) as up:
            assert f"Port {port} is taken, using " in up.said.read_text()
            assert f":{port}/" not in up.url


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--host", "0.0.0.0"), 2, "set TIMELINE_TOKEN"),  # noqa: S104
        (("--workers", "0"), 2, "--workers"),
        (("--data", "{inbox}/data"), 2, "lies in the inbox"),
        (("--data", "/proc/nowhere"), 1, "choose another folder by --data"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_starts(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    inbox = tmp_path / "inbox"
    given = [argument.format(inbox=inbox) for argument in arguments]
    data = [] if "--data" in given else ["--data", str(tmp_path / "data")]
    done = timeline("up", "--inbox", str(inbox), *data, *given)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
