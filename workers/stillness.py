"""Is a file still being written? And if not: its bytes, sure to be one version of it."""

import errno
import fcntl
import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from timeline.errors import UnreadableError

STILL = 0.3  # seconds unchanged, where the system says that nobody has it open for writing
STILL_UNSURE = 2.0  # seconds unchanged, where the system does not say: a network share, somebody else's file
# Bytes kept for handing out at once; what is larger is read again then.
KEEP = 4 * 1024 * 1024
_CHUNK = 1024 * 1024


class Writers(Enum):
    """Who has a file open for writing."""

    NONE = "none"
    SOME = "some"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Contents:
    """One version of a file."""

    sha256: str
    size: int
    mtime_ns: int
    inode: int
    data: bytes | None  # None: too large to keep


class ChangedError(Exception):
    """The file changed under our eyes: look again later."""


def be_quiet_about_leases() -> None:
    """A lease that somebody breaks is told by SIGIO, which would end us; ours last microseconds."""
    if hasattr(signal, "SIGIO"):
        signal.signal(signal.SIGIO, signal.SIG_IGN)


def writers(path: Path) -> Writers:
    """Asks Linux for a read lease, which it refuses while somebody has the file open for writing."""
    if sys.platform != "linux":
        return Writers.UNKNOWN
    with _open(path) as file:
        return _writers(file.fileno())


def read_still(path: Path, limit: int, *, keep: int = KEEP) -> Contents:
    """The file's bytes and their hash.

    Bytes up to `keep` are kept. Raises ChangedError when it changed meanwhile, UnreadableError when we may not read
    it, FileNotFoundError.
    """
    try:
        return _read(path, limit, keep)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableError(f"{path.name}: cannot be read ({error.strerror}); it is tried again") from error


def _read(path: Path, limit: int, keep: int) -> Contents:
    digest = hashlib.sha256()
    with _open(path) as file:
        before = os.fstat(file.fileno())
        kept: bytes | None = b""
        size = 0
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise ChangedError
            digest.update(chunk)
            kept = kept + chunk if kept is not None and size <= keep else None
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise ChangedError
    return Contents(digest.hexdigest(), size, after.st_mtime_ns, after.st_ino, kept)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """The file, opened so that a pipe does not hold us."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as error:
        mend = "allow it, and it is read at the next scan"
        raise UnreadableError(f"{path.name}: no permission to read it; {mend}") from error
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            raise FileNotFoundError(path) from error
        raise UnreadableError(f"{path.name}: cannot be opened ({error.strerror}); it is tried again") from error
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _writers(descriptor: int) -> Writers:
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return Writers.SOME if error.errno == errno.EAGAIN else Writers.UNKNOWN
    return Writers.NONE
