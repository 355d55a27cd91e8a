"""Work spread over machines: one is cut off in the middle and comes back; a Redis is taken over by its replica."""

import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from tests.faults.hosts import Host, free_port, hosts, role, running
from tests.faults.record import note
from tests.faults.rig import Rig, drop_half
from workers.broker import find_server

pytestmark = [pytest.mark.redis, pytest.mark.slow]
SEED = int(os.environ.get("FAULT_SEED", "1"))
RUNS = int(os.environ.get("FAULT_RUNS", "0"))
SEEDS = range(SEED, SEED + max(1, RUNS))
SECRET = "queue-secret"  # noqa: S105
PRIVATE = ["--save", "", "--appendonly", "no", "--requirepass", SECRET, "--masterauth", SECRET]


@contextmanager
def _around(folder: Path, url: str, stack: ExitStack, enter: tuple[str, ...] | list[str] = ()) -> Iterator[Rig]:
    """The producer and the assembler, without any worker."""
    rig = Rig(folder)
    rig.inbox.mkdir(parents=True)
    (folder / "up.out").touch()
    environment = {
        "TIMELINE_REDIS_URL": url,
        "TIMELINE_INBOX": str(rig.inbox),
        "TIMELINE_DATA": str(rig.data),
        "TIMELINE_SCAN_INTERVAL": "5",
    }
    for name in ("assemble", "watch"):
        stack.enter_context(role(name, folder, environment, enter))
    rig.wait(rig.has_store, "the store")
    yield rig
    rig.stop()


def _worker(host: Host, folder: Path, port: int, stack: ExitStack) -> None:
    folder.mkdir()
    url = f"redis://:{SECRET}@{host.address(port)}/0"
    environment = {"TIMELINE_REDIS_URL": url, "TIMELINE_DATA": str(folder), "TIMELINE_WORKERS": "1"}
    stack.enter_context(role("worker", folder, environment, host.enter))


def _read_by(folder: Path) -> int:
    """How many documents a worker has read, by its own log."""
    path = folder / "logs" / "worker.log"
    lines = path.read_text().splitlines() if path.exists() else []
    return sum(json.loads(line)["event"] == "document.done" for line in lines)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_host_that_is_cut_off_and_comes_back_loses_nothing(seed: int, tmp_path: Path, undisturbed: str) -> None:
    chance = random.Random(f"{seed} cable")  # noqa: S311 - repeatable, not secret
    first, second = tmp_path / "first", tmp_path / "second"
    with ExitStack() as stack:
        hub, address, (near, far) = stack.enter_context(hosts(("near", "far")))
        port = free_port()
        server = [str(find_server().path), "--port", str(port), "--bind", "*", "--protected-mode", "no", *PRIVATE]
        stack.enter_context(running([*hub, *server], tmp_path / "redis.out", {}))
        rig = stack.enter_context(_around(tmp_path / "run", f"redis://:{SECRET}@{address}:{port}/0", stack, hub))
        _worker(near, first, port, stack)
        _worker(far, second, port, stack)
        rig.wait(lambda: all("ready" in (at / "worker.out").read_text() for at in (first, second)), "two workers")

        half, rest = drop_half(rig, 300)
        rig.wait_done(chance.randrange(20, 120))
        _cut_amid_work(rig, near, first)
        before, began = rig.counts().done, time.monotonic()
        rig.wait(lambda: rig.counts().done > before, "the other goes on")
        recovered = time.monotonic() - began
        rig.settle(half)  # while it is away: what it held went to the other
        assert "task.lost" in (tmp_path / "run" / "watch.out").read_text(), "it held nothing when it was cut off"
        near.mend()
        alone = _read_by(first)
        documents = rest()
        settled = rig.settle(documents)
        rig.wait(lambda: _read_by(first) > alone, "it reads again")
    said = f"{'a host' if hub else 'a process'} cut off from Redis amid its work, back later"
    note(said, seed, undisturbed, rig.data, recovered, settled)


def _cut_amid_work(rig: Rig, host: Host, folder: Path) -> None:
    """Pulls the cable when what the host has begun does not arrive any more."""
    pid = json.loads(next((folder / "run").glob("worker-*.json")).read_text())["pid"]
    for _ in range(100):
        host.cut()
        time.sleep(0.2)
        held = {out.id for out in rig.store.handed_out() if f"-{pid}-" in str(out.started_by)}
        if held:
            time.sleep(2)  # what was under way has arrived
            if held & {out.id for out in rig.store.handed_out()}:
                return
        host.mend()
        time.sleep(0.3)
    raise AssertionError("it was never cut off amid its work")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_replica_takes_over_when_the_master_dies(seed: int, tmp_path: Path, undisturbed: str) -> None:
    chance = random.Random(f"{seed} sentinel")  # noqa: S311 - repeatable, not secret
    with ExitStack() as stack:
        ports = [free_port() for _ in range(2)]
        master, replica = (
            stack.enter_context(_server(tmp_path / f"redis-{port}", port, follows))
            for port, follows in zip(ports, (None, ports[0]), strict=True)
        )
        watchers = [free_port() for _ in range(3)]
        for port in watchers:
            stack.enter_context(_sentinel(tmp_path / f"sentinel-{port}", port, ports[0]))
        asked = [redis.Redis(port=port) for port in watchers]
        nodes = ",".join(f"127.0.0.1:{port}" for port in watchers)
        url = f"sentinel://:{SECRET}@{nodes}/mymaster"
        rig = stack.enter_context(_around(tmp_path / "run", url, stack))
        rig.wait(lambda: all(_knows(one) for one in asked), "sentinels that know each other and the replica")
        work = tmp_path / "work"
        work.mkdir()
        environment = {"TIMELINE_REDIS_URL": url, "TIMELINE_DATA": str(work), "TIMELINE_WORKERS": "2"}
        stack.enter_context(role("worker", work, environment))

        half, rest = drop_half(rig, 400)
        rig.wait_done(chance.randrange(20, 150))
        master.kill()
        began = time.monotonic()
        rig.wait(lambda: redis.Redis(port=ports[1], password=SECRET).info()["role"] == "master", "the replica leads")
        before = rig.counts().done
        rig.wait(lambda: rig.counts().done > before, "work goes on")
        recovered = time.monotonic() - began
        assert replica.poll() is None
        rig.settle(half)
        settled = rig.settle(rest())
        for one in asked:
            one.close()
    note("SIGKILL of a Redis whose replica takes over (Sentinel)", seed, undisturbed, rig.data, recovered, settled)


@contextmanager
def _server(folder: Path, port: int, follows: int | None) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir()
    command = [str(find_server().path), "--port", str(port), "--dir", str(folder), *PRIVATE]
    if follows is not None:
        command += ["--replicaof", "127.0.0.1", str(follows)]
    with running(command, folder / "out", {}) as process:
        yield process


@contextmanager
def _sentinel(folder: Path, port: int, master: int) -> Iterator[None]:
    folder.mkdir()
    conf = folder / "sentinel.conf"
    conf.write_text(
        f"port {port}\ndir {folder}\n"
        f"sentinel monitor mymaster 127.0.0.1 {master} 2\n"
        f"sentinel auth-pass mymaster {SECRET}\n"
        "sentinel down-after-milliseconds mymaster 2000\n"
        "sentinel failover-timeout mymaster 10000\n"
    )
    with running([str(find_server().path), str(conf), "--sentinel"], folder / "out", {}):
        yield


def _knows(sentinel: redis.Redis) -> bool:
    try:
        said = sentinel.sentinel_master("mymaster")
    except redis.RedisError:
        return False
    return said["num-other-sentinels"] == 2 and said["num-slaves"] == 1
