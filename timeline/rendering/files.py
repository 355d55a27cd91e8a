"""Writing into the site: every file whole or not at all."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from timeline.errors import StoreError, StoreFullError

# No room on the disk, for this user, or for a file of that size.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


_BOOT = ".boot"  # the start of the machine since which pages are written without waiting for the disk
_SETTLED = "settled"


def _boot() -> str:
    """Names this start of the machine; the same for ever where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def _is_the_same(path: Path, data: bytes) -> bool:
    """Whether a file holds just that: replacing one costs ten times as much as looking."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _translated(error: OSError, path: Path) -> StoreError:
    if error.errno in _FULL:
        return StoreFullError(f"the disk of the pages is full ({path}): make room, they are made by themselves then")
    return StoreError(f"{path} cannot be written: {error.strerror}; make room or check the folder")


class Folder:
    """The folder a site lies in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: set[Path] = set()

    def is_on_disk(self) -> bool:
        """False when the machine went down with pages that it may not have put on its disk; begins to keep watch.

        A page replaced by a rename may be empty after that. To wait for the disk at every page would cost more than
        to make them anew once in such a case: those that are whole are only looked at.
        """
        watch, boot = self.root / _BOOT, _boot()
        before = watch.read_text() if watch.exists() else boot
        with contextlib.suppress(OSError):  # no room: pages wait for that anyway
            watch.write_text(boot)
        return before in {boot, _SETTLED}

    def settle(self) -> None:
        """Waits for the disk; the pages are safe from then on, until the next is written."""
        os.sync()
        with contextlib.suppress(OSError):
            (self.root / _BOOT).write_text(_SETTLED)

    def write(self, href: str, text: str) -> bool:
        """Puts a page in its place atomically; False when it was there already, to the letter."""
        path = self.root / href
        data = text.encode("utf-8", "replace")
        if _is_the_same(path, data):
            return False
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            if path.parent not in self._made:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._made.add(path.parent)
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise _translated(error, path) from error
        return True

    def holds(self, href: str) -> bool:
        """Whether a page is there."""
        return (self.root / href).exists()

    def drop(self, href: str) -> bool:
        """Removes a page; False when there was none."""
        try:
            (self.root / href).unlink()
        except FileNotFoundError:
            return False
        return True

    def drop_folder(self, href: str) -> bool:
        """Removes a folder of pages; False when there was none."""
        path = self.root / href
        if not path.is_dir():
            return False
        shutil.rmtree(path)
        self._made.discard(path)
        return True

    def names(self, href: str) -> list[str]:
        """Names of the files in one of its folders, temporary ones left out."""
        try:
            return sorted(entry.name for entry in os.scandir(self.root / href) if not entry.name.startswith("."))
        except FileNotFoundError:
            return []

    def join(self, href: str, sources: Iterable[Path]) -> None:
        """One file out of many."""
        self.write(href, "".join(path.read_text("utf-8") for path in sources))
