"""DATA/run: who runs on this data folder, since when, at which address; and the lock that lets only one."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from timeline.errors import StoreError
from workers.processes import is_alive


@dataclass(frozen=True, slots=True)
class RoleState:
    """One role as the supervisor knows it."""

    role: str
    pid: int
    since: str  # ISO 8601 with offset: when this process was started
    restarts: int = 0
    locked: bool = False  # its life shows in the lock on its file: it may run in another container

    @property
    def alive(self) -> bool:
        """Whether that process runs right now."""
        return self.pid > 0 if self.locked else is_alive(self.pid)


@dataclass(frozen=True, slots=True)
class State:
    """What `timeline up` (or `build`) wrote last. It stays after a kill -9; `alive` tells the difference."""

    pid: int
    since: str
    url: str | None  # of the page; None while `build` runs
    inbox: str
    redis_url: str | None  # of the embedded Redis; a shared one may carry a password and is not written down
    roles: tuple[RoleState, ...]

    @property
    def alive(self) -> bool:
        """Whether the supervisor runs right now."""
        return is_alive(self.pid)


def run_folder(data: Path) -> Path:
    """Where the state, the lock and the socket live."""
    return data / "run"


def read_state(data: Path) -> State | None:
    """The last state written, None when nothing ever ran here."""
    try:
        raw = json.loads((run_folder(data) / "state.json").read_text(encoding="utf-8"))
        return State(**{**raw, "roles": tuple(RoleState(**role) for role in raw["roles"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError, KeyError):  # of another version, or cut short: as good as none
        return None


def write_state(data: Path, state: State) -> None:
    """Replace the state in one step; readers see the old or the new."""
    path = run_folder(data) / "state.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
    fresh.replace(path)


@contextmanager
def only_one(data: Path) -> Iterator[bool]:
    """Hold the data folder's lock; yields False when somebody else holds it. The kernel frees it when we die."""
    folder = run_folder(data)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"cannot use {folder}: {error.strerror}; choose another data folder by --data") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError as error:
            raise StoreError(f"cannot lock {folder}: {error.strerror}; choose a --data on a local disk") from error
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def announce(data: Path, role: str, since: str) -> Iterator[None]:
    """Say that a role runs by itself on this data folder (no supervisor): a file, locked as long as it lives."""
    folder = run_folder(data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder.glob(f"{role}-*.json"):
        if not _is_locked(path):
            path.unlink(missing_ok=True)  # of one that was killed
    path = folder / f"{role}-{socket.gethostname()}-{os.getpid()}.json"
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump({"role": role, "pid": os.getpid(), "since": since}, file)
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def role_states(data: Path) -> list[RoleState]:
    """Every role known here: those of `timeline up`, and those that run by themselves.

    A role alone is alive as long as its file is locked, which holds across containers that share the folder.
    """
    alone = []
    for path in sorted(run_folder(data).glob("*-*.json")):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            alone.append(RoleState(raw["role"], raw["pid"] if _is_locked(path) else 0, raw["since"], locked=True))
        except (OSError, ValueError, KeyError):  # just being written, or gone
            continue
    state = read_state(data)
    if state is not None and (state.alive or not alone):
        return [*state.roles, *alone]
    return alone


def _is_locked(path: Path) -> bool:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
