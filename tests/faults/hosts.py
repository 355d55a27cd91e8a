"""Several machines on this one: a hub and hosts joined by cables that can be cut."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from workers.processes import end, spawn

HUB = "10.77.0.1"
# Root may do it; somebody else within a user namespace of his own, where the system lets him.
_AS_ROOT: Sequence[str] = () if os.geteuid() == 0 else ("--user", "--map-root-user")
_INTO: Sequence[str] = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")


@dataclass
class Host:
    """A place to run programs in, how it reaches the hub, and its cable."""

    name: str
    enter: Sequence[str]  # what stands before a command that runs there
    address: Callable[[int], str]  # of a port of the hub, as seen from there
    cut: Callable[[], None]
    mend: Callable[[], None]


def free_port() -> int:
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path], said: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with a log of its own, ended with all it started."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIMELINE_")}
    with said.open("ab") as output:
        process = spawn(list(command), environment={**plain, **environment}, output=output)
        try:
            yield process
        finally:
            end(process, grace=8.0)


@contextmanager
def role(
    name: str, folder: Path, environment: Mapping[str, str], enter: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A role by itself, started again whenever it ends, as systemd or compose would."""
    again = ["sh", "-c", 'while :; do "$@"; sleep 0.5; done', "sh", sys.executable, "-m", "timeline", name]
    with running([*enter, *again], folder / f"{name}.out", environment) as process:
        yield process


def has_namespaces() -> bool:
    """Whether hosts with a network of their own can be made here."""
    if shutil.which("ip") is None or shutil.which("unshare") is None:
        return False
    return not subprocess.run(["unshare", *_AS_ROOT, "--net", "--uts", "true"], capture_output=True).returncode


@contextmanager
def hosts(names: Sequence[str]) -> Iterator[tuple[Sequence[str], str, list[Host]]]:
    """What enters the hub, the address to listen at there, and the hosts around it."""
    with ExitStack() as stack:
        if has_namespaces():
            hub = stack.enter_context(namespace((), "hub"))
            made = [stack.enter_context(_joined(hub, name, number)) for number, name in enumerate(names, start=1)]
            _run(hub, "ip", "addr", "add", f"{HUB}/24", "dev", "lo")
            yield _entering(hub), HUB, made
        else:
            yield (), "127.0.0.1", [stack.enter_context(_relayed(name)) for name in names]


# Hosts that are network namespaces, each at the end of a veth pair.


@contextmanager
def namespace(enter: Sequence[str], name: str) -> Iterator[int]:
    """A network of its own, reached by entering the process whose number this is."""
    said = f"hostname {name}; ip link set lo up; echo ready; exec sleep 1000"
    flags = [*(() if enter else _AS_ROOT), "--net", "--uts"]
    process = subprocess.Popen([*enter, "unshare", *flags, "sh", "-c", said], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def _entering(pid: int) -> list[str]:
    return ["nsenter", "--target", str(pid), *_INTO, "--net", "--uts"]


def _run(pid: int, *command: str) -> None:
    subprocess.run([*_entering(pid), *command], check=True)


@contextmanager
def _joined(hub: int, name: str, number: int) -> Iterator[Host]:
    with namespace(_entering(hub), name) as pid:
        cable, ours, theirs = f"cable{number}", f"10.77.{number}.1", f"10.77.{number}.2"
        _run(hub, "ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        _run(hub, "ip", "addr", "add", f"{ours}/24", "dev", cable)
        _run(hub, "ip", "link", "set", cable, "up")
        _run(pid, "ip", "addr", "add", f"{theirs}/24", "dev", "eth0")
        _run(pid, "ip", "link", "set", "eth0", "up")
        _run(pid, "ip", "route", "add", "default", "via", ours)
        yield Host(
            name,
            _entering(pid),
            lambda port: f"{HUB}:{port}",
            lambda: _run(hub, "ip", "link", "set", cable, "down"),
            lambda: _run(hub, "ip", "link", "set", cable, "up"),
        )


# Where that is not allowed: hosts that are processes, each with a relay for a cable.


@contextmanager
def _relayed(name: str) -> Iterator[Host]:
    whole = threading.Event()
    whole.set()
    target: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                whole.wait()  # what is under way when the cable is cut waits, as it does in a real one
                sink.sendall(data)
        except OSError:
            pass
        finally:
            source.close()
            sink.close()

    def serve() -> None:
        while True:
            try:
                near, _ = listener.accept()
                whole.wait()
                far = socket.create_connection(("127.0.0.1", target[0]))
            except OSError:
                return
            for ends in ((near, far), (far, near)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    def address(port: int) -> str:
        target[:] = [port]
        return f"127.0.0.1:{listener.getsockname()[1]}"

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield Host(name, (), address, whole.clear, whole.set)
    finally:
        whole.set()
        listener.close()
