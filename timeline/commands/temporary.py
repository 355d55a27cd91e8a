"""A temporary folder that nobody else can put anything into.

A parser unpacks a shared object into TMPDIR, under a name anybody can foresee, and loads what it finds there: in a
/tmp that everybody writes to, it could be somebody else's.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "timeline-tmp-"
YOUNG = 60.0  # seconds in which a folder may be made and not locked yet


@contextmanager
def private_temporary(parent: Path | None = None) -> Iterator[Path]:
    """Makes TMPDIR a fresh folder of mode 0700 in `parent` (else in the system's), gone at the end.

    To be entered before anything starts a thread or a child. What was left by a process that was killed is removed by
    the next one: the folder is locked as long as that process or a child of it lives.
    """
    place = parent or Path(tempfile.gettempdir())
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place.absolute()))
    # Registered before multiprocessing is loaded, so called after it has cleaned up its own folder in ours.
    atexit.register(_remove, folder, os.getpid())
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    before = os.environ.get("TMPDIR")
    _point_to(str(folder))
    try:
        yield folder
    finally:
        _point_to(before)
        if not any(folder.glob("pymp-*")):
            _remove(folder, os.getpid())
        os.close(lock)


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a child that was forked meanwhile
        shutil.rmtree(folder, ignore_errors=True)


def _point_to(folder: str | None) -> None:
    if folder is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = folder
    tempfile.tempdir = None  # worked out anew


def _sweep(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        try:
            seen = folder.lstat()
            if seen.st_uid != os.geteuid() or time.time() - seen.st_mtime < YOUNG:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # gone meanwhile, or none of ours
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
