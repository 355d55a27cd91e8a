"""What lies in the inbox: which files are documents, which are not and why. Looks, never touches."""

import os
import re
import stat
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Names other programs use while they write, and what systems leave in every folder.
_JUNK = (
    (re.compile(r"^(Thumbs\.db|desktop\.ini|ehthumbs\.db|Icon\r)$", re.IGNORECASE), "left by the system"),
    (re.compile(r"^~\$"), "lock file of an office program"),
    (re.compile(r"\.(part|partial|crdownload|download|tmp|temp|swp|swx|filepart|!ut)$", re.IGNORECASE), "unfinished"),
    (re.compile(r"~$"), "backup copy of an editor"),
    (re.compile(r"^\."), "hidden"),
)
_JUNK_FOLDERS = frozenset({"@eaDir", "__MACOSX", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found"})
SIDECARS = (".json", ".yaml", ".yml", ".meta.toml")


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is watched, or a single file; `label` stands before its paths where there are several."""

    path: Path
    label: str = ""

    def shown(self, path: Path) -> str:
        """A path as people see it: within the inbox, with / on every system, always valid text."""
        inner = "" if path == self.path else path.relative_to(self.path).as_posix()
        return legible("/".join(part for part in (self.label, inner) if part))


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is at a moment."""

    path: Path
    shown: str
    size: int
    mtime_ns: int
    inode: int

    @property
    def mark(self) -> tuple[int, int, int]:
        """What changes when the file does."""
        return self.size, self.mtime_ns, self.inode


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the inbox that is not to be read: ignored, or failed where a person can mend it."""

    path: Path
    shown: str
    reason: str
    failed: bool = False


class Roots:
    """All that is watched, and where in it things are."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self._roots = tuple(roots)
        self._devices: dict[Root, int] = {}  # the file system each lay on when we first saw it

    @property
    def name(self) -> str:
        """The inbox, for people."""
        return str(self._roots[0].path)

    def present(self) -> list[Root]:
        """Those that are there, on the file system they were on at first."""
        found = []
        for root in self._roots:
            folder = _folder(root.path)
            if folder is not None and self._devices.setdefault(root, folder[0]) == folder[0]:
                found.append(root)
        return found

    def are_there(self) -> bool:
        """Whether all are: one that is not was unmounted, more likely than emptied."""
        return len(self.present()) == len(self._roots)

    def folders(self) -> list[tuple[int, int] | None]:
        """Which folders these paths lead to at the moment."""
        return [_folder(root.path) for root in self._roots]

    def holding(self, path: Path) -> Root | None:
        """The root a path lies in."""
        return next((root for root in self._roots if path == root.path or root.path in path.parents), None)

    def real(self, shown: str) -> Path | None:
        """The file behind a path as people see it."""
        for root in self._roots:
            if not root.label:
                return unspelled(root.path, shown)
            if shown == root.label:
                return root.path
            if shown.startswith(root.label + "/"):
                return unspelled(root.path, shown.removeprefix(root.label + "/"))
        return None


def _folder(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def roots_of(paths: Sequence[Path]) -> tuple[Root, ...]:
    """One folder is the inbox itself; several things get their names before their paths."""
    if len(paths) == 1 and not paths[0].is_file():
        return (Root(paths[0]),)
    roots: dict[str, Root] = {}
    for path in dict.fromkeys(paths):
        label = path.name or "root"
        number = 2
        while label in roots:
            label, number = f"{path.name} ({number})", number + 1
        roots[label] = Root(path, label)
    return tuple(roots.values())


def legible(path: str) -> str:
    r"""A path as valid text: bytes that are no UTF-8 are spelled \xff."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def unspelled(folder: Path, shown: str) -> Path:
    r"""The file behind a legible path: \xff may be a byte, or what the name says."""
    path = folder / shown
    if "\\x" not in shown or path.exists():
        return path
    spelled = re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes.fromhex(found[1].decode()), shown.encode())
    return folder / os.fsdecode(spelled)


def junk(name: str) -> str | None:
    """Why a file of this name is no document, or None."""
    return next((reason for pattern, reason in _JUNK if pattern.search(name)), None)


def walk(root: Root, start: Path | None = None) -> Iterator[File | Oddity]:
    """Everything below a root (or below `start` in it), folders of any name; links to folders are not followed."""
    return changed(root, {}, set(), start=start)


def changed(
    root: Root,
    known: Mapping[str, tuple[int, int, int]],
    seen: set[str],
    *,
    again: Container[str] = (),
    start: Path | None = None,
) -> Iterator[File | Oddity]:
    """What is below a root and not as `known`, or wanted `again`; all that is there goes into `seen`.

    A hundred thousand files are looked through every minute: one that is as known costs a stat and no object.
    """
    pending = [start or root.path]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except NotADirectoryError:
            for found in _one(root, folder):
                seen.add(found.shown)
                yield found
            continue
        except FileNotFoundError:
            continue
        except OSError as error:
            shown = root.shown(folder) or folder.name
            seen.add(shown)
            yield Oddity(
                folder, shown, f"cannot look into this folder: {error.strerror}; give us leave to", failed=True
            )
            continue
        before = root.shown(folder)
        before = before and before + "/"
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name in _JUNK_FOLDERS or entry.name.startswith("."):
                    seen.add(f"{before}{entry.name}/")
                    yield Oddity(
                        folder / entry.name, f"{before}{legible(entry.name)}/", "folder of the system, or hidden"
                    )
                else:
                    pending.append(folder / entry.name)
                continue
            shown = before + (entry.name if entry.name.isascii() else legible(entry.name))
            seen.add(shown)
            if shown not in known or shown in again or not _is_as(known[shown], entry):
                yield from _one(root, folder / entry.name)


def _is_as(mark: tuple[int, int, int], entry: os.DirEntry[str]) -> bool:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns, found.st_ino) == mark


def look(root: Root, path: Path) -> File | Oddity | None:
    """One path as it is now; None when nothing is there (or a folder is)."""
    parts = path.relative_to(root.path).parts[:-1]
    if any(part in _JUNK_FOLDERS or part.startswith(".") for part in parts):
        return None
    return next(_one(root, path), None)


def _one(root: Root, path: Path) -> Iterator[File | Oddity]:
    shown = root.shown(path)
    try:
        seen = path.lstat()
        is_link = stat.S_ISLNK(seen.st_mode)
        if reason := junk(path.name):
            if not stat.S_ISDIR(seen.st_mode):
                yield Oddity(path, shown, reason)
            return
        if is_link:
            if not path.exists():
                yield Oddity(path, shown, "a link to nothing: mend the link, or drop the file itself", failed=True)
                return
            if not path.resolve().is_relative_to(root.path.resolve()):
                yield Oddity(path, shown, "a link out of the inbox is not followed: drop the file itself")
                return
            seen = path.stat()
            if stat.S_ISDIR(seen.st_mode):
                yield Oddity(path, shown, "a link to a folder is not followed")
                return
    except FileNotFoundError:
        return
    except (OSError, RuntimeError) as error:  # RuntimeError: pathlib's word for a loop of links
        yield Oddity(path, shown, f"cannot be looked at: {error}", failed=True)
        return
    if stat.S_ISREG(seen.st_mode):
        yield File(path, shown, seen.st_size, seen.st_mtime_ns, seen.st_ino)
    elif not stat.S_ISDIR(seen.st_mode):
        yield Oddity(path, shown, "no regular file")
