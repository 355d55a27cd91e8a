"""The supervisor's parts: restarts that grow patient, the lock, the address, the state others read."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from timeline.errors import StoreError, UsageError
from workers.gauges import QueueGauge
from workers.messages import Alive
from workers.processes import end, is_alive, spawn
from workers.state import RoleState, State, announce, only_one, read_state, role_states, run_folder, write_state
from workers.supervise import Role, Supervisor, address_of, listen
from workers.watchdog import Watchdog


@pytest.mark.redis
def test_a_role_that_dies_at_once_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    run_folder(tmp_path).mkdir()
    broken = Role("watch", ("--no-such-option",))
    with (tmp_path / "out").open("wb") as output:
        supervisor = Supervisor(tmp_path, tmp_path / "inbox", [broken], environment={}, output=output)
        deadline = time.monotonic() + 4
        supervisor.run(lambda: time.monotonic() > deadline, every=0.1)
    assert 1 <= broken.restarts <= 6
    state = read_state(tmp_path)
    assert state is not None
    assert {role.role: role.alive for role in state.roles} == {"redis": False, "watch": False}


def test_a_port_that_is_taken_is_said_and_the_next_one_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        listener, said = listen("127.0.0.1", port)
        with listener:
            taken = listener.getsockname()[1]
            assert taken != port
            assert said == f"Port {port} is taken, using {taken}."
            assert address_of(listener) == f"http://127.0.0.1:{taken}/"


def test_any_free_port_is_nothing_to_talk_about() -> None:
    listener, said = listen("127.0.0.1", 0)
    listener.close()
    assert said is None


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_a_usage_error(host: str) -> None:
    with pytest.raises(UsageError, match="cannot listen on"):
        listen(host, 0)


def test_only_one_holds_a_data_folder(tmp_path: Path) -> None:
    with only_one(tmp_path) as first, only_one(tmp_path) as second:
        assert (first, second) == (True, False)
    with only_one(tmp_path) as again:
        assert again


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another data folder"), only_one(tmp_path / "file"):
        pass


def test_the_state_survives_and_junk_in_its_place_is_none(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    run_folder(tmp_path).mkdir()
    state = State(os.getpid(), "2025-01-01T00:00:00+00:00", None, "inbox", None, (RoleState("watch", os.getpid(), ""),))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert state.alive
    for junk in ("", "{", "[]", '{"pid": 1}', '{"roles": 3}'):
        (run_folder(tmp_path) / "state.json").write_text(junk)
        assert read_state(tmp_path) is None


def test_a_role_alone_is_known_while_it_lives_and_missed_when_it_was_killed(tmp_path: Path) -> None:
    with announce(tmp_path, "watch", "2025-01-01T00:00:00+00:00"):
        (known,) = role_states(tmp_path)
        assert (known.role, known.alive) == ("watch", True)
    assert role_states(tmp_path) == []
    code = (
        "import sys, time; from pathlib import Path; from workers.state import announce\n"
        f"with announce(Path({str(tmp_path)!r}), 'watch', ''): print('on', flush=True); time.sleep(60)"
    )
    role = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert role.stdout is not None
    role.stdout.readline()
    assert [known.alive for known in role_states(tmp_path)] == [True]
    role.kill()
    role.wait()
    role.stdout.close()
    assert [known.alive for known in role_states(tmp_path)] == [False]
    with announce(tmp_path, "watch", ""):  # its heir takes its place
        assert [known.alive for known in role_states(tmp_path)] == [True]


def test_a_child_that_ignores_the_request_is_killed_with_all_its_own(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "import json, os, signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "other = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pids)!r} + '.new', 'w').write(json.dumps([os.getpid(), other.pid]))\n"
        f"os.rename({str(pids)!r} + '.new', {str(pids)!r})\n"
        "time.sleep(60)\n"
    )
    child = spawn([sys.executable, "-c", code])
    while not pids.exists():
        time.sleep(0.02)
    assert end(child, grace=0.3) is False
    deadline = time.monotonic() + 3
    while any(map(is_alive, json.loads(pids.read_text()))):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _gauge(*, messages: int = 0, taken: int = 0, workers: int = 1) -> QueueGauge:
    alive = tuple(Alive(host="here", pid=1, since=0.0, tasks=()) for _ in range(workers))
    return QueueGauge(messages=messages, taken=taken, facts=0, memory=0, workers=alive)


@pytest.mark.parametrize(
    ("seen", "stuck"),
    [
        (_gauge(messages=5), True),  # messages wait, nobody takes one
        (_gauge(workers=0), True),  # no sign of life
        (_gauge(messages=5, taken=1), False),  # busy
        (_gauge(), False),  # idle
        (None, False),  # Redis is away
    ],
)
def test_a_worker_is_stuck_when_nobody_reads_for_long(seen: QueueGauge | None, stuck: bool) -> None:
    dog = Watchdog("redis://nowhere", patience=0.2, every=0.0, look=lambda _url: seen, due=0.0)
    began = time.monotonic() - 10
    assert not dog.is_stuck(began)
    time.sleep(0.25)
    assert dog.is_stuck(began) is stuck
    assert not dog.is_stuck(began)  # the next one gets its time
    assert not dog.is_stuck(time.monotonic())


@pytest.mark.redis
@pytest.mark.slow
def test_a_worker_that_hangs_is_started_anew(tmp_path: Path) -> None:
    run_folder(tmp_path).mkdir()
    worker = Role("worker", ("--workers", "1", "--data", str(tmp_path)))
    log = tmp_path / "logs" / "worker.log"
    deadline = time.monotonic() + 60
    hung = 0

    def until() -> bool:
        nonlocal hung
        if not hung and worker.process is not None and log.exists() and "worker.ready" in log.read_text():
            hung = worker.process.pid
            os.kill(hung, signal.SIGSTOP)
            dog.patience = 3.0  # not before it was ready, however slow this machine is
        return worker.restarts > 0 or time.monotonic() > deadline

    dog = Watchdog(f"redis+socket://{run_folder(tmp_path).resolve()}/redis.sock", every=0.5, due=0.0)
    with (tmp_path / "out").open("wb") as output:
        supervisor = Supervisor(tmp_path, tmp_path / "inbox", [worker], environment={}, output=output)
        supervisor.watchdog = dog
        supervisor.run(until, every=0.2)
    assert worker.restarts == 1
    assert hung
    assert not is_alive(hung)
