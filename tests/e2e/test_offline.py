"""Nothing leaves the machine: the only way out is watched, and nobody so much as asks for a name."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.hosts import has_namespaces, namespace
from timeline.store import Store

pytestmark = [pytest.mark.redis, pytest.mark.slow]

SEEDS = Path(__file__).parents[2] / "seeds"
# Loaded by each Python process at its start: writes down whom it wants to reach, if that is not this machine.
GUARD = """
import os, sys
def _note(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host and not str(host).startswith("127.") and host not in ("localhost", "::1"):
        with open(os.environ["OFFLINE_REPORT"], "a") as report:
            report.write(f"{event} {arguments!r}\\n")
sys.addaudithook(_note)
"""


@contextmanager
def _watched_way_out() -> Iterator[tuple[list[str], int | None]]:
    """What enters a place whose only way out leads nowhere and is counted; nothing where none can be made."""
    if not has_namespaces():
        yield [], None
        return
    with namespace((), "alone") as pid:
        enter = [
            "nsenter",
            "--target",
            str(pid),
            "--net",
            *(() if os.geteuid() == 0 else ("--user", "--preserve-credentials")),
        ]
        for command in (
            "ip link add out type veth peer name nowhere",
            "ip addr add 192.0.2.1/24 dev out",
            "ip link set out up",
            "ip link set nowhere up",
            "ip route add default via 192.0.2.254",
            "ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:01 dev out",
        ):
            subprocess.run([*enter, *command.split()], check=True)
        # The kernel announces itself over IPv6, which is none of our doing.
        silent = "for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $all; done"
        subprocess.run([*enter, "sh", "-c", silent], check=False)
        yield enter, pid


def _sent(pid: int) -> int:
    """Packets that went out of the only way."""
    for line in Path(f"/proc/{pid}/net/dev").read_text().splitlines():
        if line.strip().startswith("out:"):
            return int(line.split(":")[1].split()[9])
    raise AssertionError("there is no way out")


def test_a_timeline_is_made_and_nobody_wants_to_reach_anybody(tmp_path: Path) -> None:
    guard, report = tmp_path / "guard", tmp_path / "report"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD)
    inbox = tmp_path / "papers"
    inbox.mkdir()
    for path in SEEDS.iterdir():
        (inbox / path.name).write_bytes(path.read_bytes())
    page = (
        '<html><head><link rel=stylesheet href="http://198.51.100.9/a.css"><script src="//198.51.100.9/a.js"></script>'
    )
    (inbox / "page.html").write_text(
        f'{page}</head><body><img src="http://198.51.100.9/a.png"><p>It rained on 2 May 2023.</p></body>'
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(guard), os.environ.get("PYTHONPATH", "")]),
        "OFFLINE_REPORT": str(report),
    }
    with _watched_way_out() as (enter, pid):
        run = [sys.executable, "-m", "timeline"]
        probe = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.7', 9))"
        before = _sent(pid) if pid else 0
        subprocess.run([*enter, sys.executable, "-c", probe], env=environment, check=False)
        if pid:
            assert _sent(pid) > before, "what goes out is not counted"
            before = _sent(pid)
        report.unlink(missing_ok=True)
        command = [
            *enter,
            *run,
            "build",
            str(inbox),
            "--site",
            str(tmp_path / "site"),
            "--data",
            str(tmp_path / "data"),
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr
        if pid:
            assert _sent(pid) == before, "something went out"
    assert not report.exists(), report.read_text()
    with Store.open(tmp_path / "data", create=False, read_only=True) as store:
        assert store.balance().holds
        assert store.counts().done == len(list(inbox.iterdir()))
