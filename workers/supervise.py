"""`timeline up`: starts Redis and the roles, brings back what dies, stops them all in order."""

import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import IO, Self

import structlog

from timeline.errors import TimelineError, UsageError
from workers.broker import EmbeddedRedis
from workers.processes import end, spawn
from workers.state import RoleState, State, run_folder, write_state
from workers.watchdog import LOOK_EVERY, Watchdog

log = structlog.get_logger("workers.supervise")

STEADY = 10.0  # seconds after which a start counts as a success and the next death is answered at once
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds before a restart; with ~2 s of start-up a role is back within 5 s
# Seconds each role gets between SIGTERM and SIGKILL. The worker's document is handed out again at the next start.
GRACE = {"serve": 3.0, "watch": 3.0, "worker": 5.0, "assemble": 5.0}
STOP_ORDER = ("serve", "watch", "worker", "assemble")
PORTS_TRIED = 50


@dataclass
class Role:
    """One child process and its history."""

    name: str
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    since: str = ""
    started: float = 0.0
    restarts: int = 0
    failures: int = 0  # deaths in a row that came too soon
    due: float = 0.0  # monotonic time of the next start, when it is down
    finishes: bool = False  # a clean exit is its aim (`watch --once`), not a death
    finished: bool = False


class Signals:
    """Sleeps until a signal comes: no polling, no thread, no work done inside a handler."""

    def __init__(self) -> None:
        self.stop = False
        self._read, self._write = socket.socketpair()
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._read.setblocking(False)
        self._write.setblocking(False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGTERM:  # nohup stays nohup
                self._before[number] = signal.signal(number, self._on_stop)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave us, it takes back
        self._read.close()
        self._write.close()

    def _on_stop(self, number: int, _frame: FrameType | None) -> None:
        if self.stop and number == signal.SIGINT:
            raise KeyboardInterrupt  # asked twice: no more patience
        self.stop = True

    def wait(self, seconds: float) -> None:
        """Until a signal comes, or `seconds` have passed."""
        ready, _, _ = select.select([self._read], [], [], max(0.0, seconds))
        if ready:
            self._read.recv(4096)


@dataclass
class Supervisor:
    """Redis and a set of roles over one data folder. The caller holds the folder's lock."""

    data: Path
    inbox: Path
    roles: list[Role]
    environment: Mapping[str, str]
    redis_url: str | None = None  # a shared Redis; None starts a private one
    url: str | None = None
    listener: socket.socket | None = None
    output: IO[bytes] | None = None  # where the roles' terminal lines go; None is our own terminal
    watchdog: Watchdog | None = None  # of the worker; the usual one unless given
    is_worker_done: bool = False  # nothing is left to read: the worker need not be asked
    redis: EmbeddedRedis | None = field(default=None, init=False)
    redis_role: Role = field(default_factory=lambda: Role("redis"), init=False)
    signals: Signals = field(default_factory=Signals, init=False)
    since: str = field(default="", init=False)

    def run(self, until: Callable[[], bool] = lambda: False, *, every: float = 3600.0) -> None:
        """Start everything, keep it running until Ctrl-C, SIGTERM or `until()`, stop everything."""
        self.since = _now()
        with self.signals:
            try:
                self._start_all()
                while not self.signals.stop and not until():
                    self._mend()
                    self.signals.wait(min(self._next_due(), every))
                    self._bite()
                    if self._collect():
                        self._write_state()
            finally:
                self._stop_all()

    def alive(self, name: str) -> bool:
        """Whether a role's process runs."""
        role = next(role for role in self.roles if role.name == name)
        return role.process is not None

    def _start_all(self) -> None:
        if self.redis_url is None:
            self.redis = EmbeddedRedis(run_folder(self.data))
            self._start_redis()
        for role in self.roles:
            self._start(role)
        if (redis_url := self.redis.url if self.redis is not None else self.redis_url) is not None:
            self.watchdog = self.watchdog or Watchdog(redis_url)
        self._write_state()

    def _start_redis(self) -> None:
        if self.redis is None:
            return
        self.redis.start()
        self._note_start(self.redis_role, self.redis.process)

    def _start(self, role: Role) -> None:
        environment = {
            **os.environ,
            **self.environment,
            "TIMELINE_SUPERVISED": "heard" if self.output is None else "unheard",
        }
        if self.redis is not None:
            environment["TIMELINE_REDIS_URL"] = self.redis.url
        descriptors: list[int] = []
        if role.name == "serve" and self.listener is not None:
            descriptors = [self.listener.fileno()]
            environment["TIMELINE_LISTEN_FD"] = str(self.listener.fileno())
        command = [sys.executable, "-m", "timeline", role.name, *role.arguments]
        self._note_start(role, spawn(command, environment=environment, output=self.output, keep_open=descriptors))

    def _note_start(self, role: Role, process: subprocess.Popen[bytes] | None) -> None:
        if role.since:
            role.restarts += 1
        role.process, role.since, role.started = process, _now(), time.monotonic()

    def _bite(self) -> None:
        """Kill a worker that lives and does not read; it is started again like any that died."""
        role = next((role for role in self.roles if role.name == "worker"), None)
        if role is None or role.process is None or self.watchdog is None:
            return
        if self.watchdog.is_stuck(role.started):
            log.warning("worker.stuck", reason="messages wait and nobody takes them; it is started anew")
            end(role.process, grace=0.0)

    def _collect(self) -> bool:
        """Notice the dead and say when each comes back; True when there were any."""
        found = False
        for role in [self.redis_role, *self.roles]:
            if role.process is None or (code := role.process.poll()) is None:
                continue
            found = True
            end(role.process, grace=0.0)  # what it left of its session: a pool's children
            role.process = None
            if role.finishes and code == 0:
                role.finished = True
                continue
            role.failures = 0 if time.monotonic() - role.started > STEADY else role.failures + 1
            pause = 0.0 if role is self.redis_role else min(FIRST_PAUSE * 2**role.failures, LONGEST_PAUSE)
            role.due = time.monotonic() + pause
            log.warning("role.died", which=role.name, how=_manner(code), back_in=round(pause, 1))
        return found

    def _mend(self) -> None:
        """Start again what is down and due."""
        changed = False
        if self.redis is not None and self.redis_role.process is None and self.redis_role.due <= time.monotonic():
            try:
                self._start_redis()
            except TimelineError as error:
                log.error("redis.down", reason=str(error))
                self.redis_role.due = time.monotonic() + LONGEST_PAUSE
            changed = True
        for role in self.roles:
            if role.process is None and not role.finished and role.due <= time.monotonic():
                try:
                    self._start(role)
                except OSError as error:  # no memory, no process left: a moment later there may be
                    log.error("role.down", which=role.name, reason=str(error))
                    role.due = time.monotonic() + LONGEST_PAUSE
                changed = True
        if changed:
            self._write_state()

    def _next_due(self) -> float:
        """Seconds until something has to be started, or the watchdog wants to look."""
        down = [role for role in self.roles if role.process is None and not role.finished]
        if self.redis is not None and self.redis_role.process is None:
            down.append(self.redis_role)
        return min((role.due - time.monotonic() for role in down), default=LOOK_EVERY)

    def _stop_all(self) -> None:
        """Web, watch, worker, assemble, then Redis; a second Ctrl-C cuts the waiting short."""
        patience = 1.0
        for role in sorted(self.roles, key=lambda role: STOP_ORDER.index(role.name)):
            name = role.name
            if role.process is None:
                continue
            grace = 0.0 if name == "worker" and self.is_worker_done else GRACE[name] * patience
            try:
                if not end(role.process, grace=grace) and grace:
                    log.warning("role.killed", which=name, reason=f"still busy after {grace:.0f} s")
            except KeyboardInterrupt:
                patience = 0.0
                end(role.process, grace=0.0)
            role.process = None
        if self.redis is not None:
            self.redis.stop()
            self.redis_role.process = None
        if self.listener is not None:
            self.listener.close()
        self._write_state()

    def _write_state(self) -> None:
        running = [role for role in [self.redis_role, *self.roles] if role.since]
        state = State(
            pid=os.getpid(),
            since=self.since,
            url=self.url,
            inbox=str(self.inbox),
            redis_url=self.redis.url if self.redis is not None and self.redis.socket_path else None,
            roles=tuple(
                RoleState(role.name, role.process.pid if role.process else 0, role.since, role.restarts)
                for role in running
            ),
        )
        try:
            write_state(self.data, state)
        except OSError as error:  # a full disk must not take the timeline down
            log.warning("state.unwritten", reason=str(error))


def listen(host: str, port: int) -> tuple[socket.socket, str | None]:
    """The web role's listening socket, and a sentence when the port wished for was taken and the next free one used.

    The supervisor holds it, so that the address answers from the first moment and no restart can lose the port.
    """
    family, address = _resolve(host)
    for wished in [*range(port, min(port + PORTS_TRIED, 65536)), 0] if port else [0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, wished))
            listener.listen(128)
        except PermissionError as error:
            raise UsageError(f"port {wished} is not ours to take ({error.strerror}); choose one above 1023") from error
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise UsageError(f"cannot listen on {host}: {error.strerror}; choose another --host") from error
            continue
        taken = int(listener.getsockname()[1])
        moved = f"Port {port} is taken, using {taken}." if port and taken != port else None
        return listener, moved
    raise UsageError(f"no free port at {host}; choose one by --port")


def _resolve(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise UsageError(f"cannot listen on {host}: {error.strerror}; choose another --host") from error
    return family, str(address[0])


def address_of(listener: socket.socket) -> str:
    """The address a person opens."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104  (we only print it)
        host = socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _manner(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
