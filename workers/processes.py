"""Child processes that end with their parent, however it ends."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
# Loaded before any fork: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` dies; to be called in the child.

    SIGKILL, because nothing here needs a farewell (the store is transactional, Redis disposable) and a role
    that is stuck must go too. The check closes the gap of a parent that died before we asked.
    """
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _tie(parent: int) -> Callable[[], None]:
    def between_fork_and_exec() -> None:
        die_with_parent(parent)

    return between_fork_and_exec


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, tied to this process.

    Its own session keeps the terminal's Ctrl-C from it: the supervisor decides in which order things stop.
    To be called from the main thread only, for the kernel counts the death of the *thread* that forked.
    """
    return subprocess.Popen(  # noqa: S603  (our own command lines, no shell)
        [str(part) for part in command],
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        pass_fds=tuple(keep_open),
        preexec_fn=_tie(os.getpid()),
    )


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs (a zombie does not)."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return True


def end(process: subprocess.Popen[bytes], *, grace: float, first: int = signal.SIGTERM) -> bool:
    """Ask a child to stop, wait `grace` seconds, then kill its whole session; True when asking was enough."""
    if process.poll() is None:
        process.send_signal(first)
    try:
        process.wait(grace)
        went = True
    except subprocess.TimeoutExpired:
        went = False
    # The session outlives its leader when grandchildren do (a pool's children): sweep it either way.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return went
