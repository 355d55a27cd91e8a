"""Reading the logs back: every role's lines merged in the order they were written, filtered, followed."""

import heapq
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
COLOURS = {"DEBUG": "2", "WARNING": "33", "ERROR": "31", "CRITICAL": "31;1"}
_FIRST = ("name", "path", "id", "document")  # the fields a person looks for, in this order; the others follow
_SPOKEN = {"at", "role", "level", "event", "exception"}

LONGEST_LINE = 65_536  # bytes we look back for the end of a line; ours have a few hundred
FOLLOW_EVERY = 0.2  # seconds between looks at the files while following

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are wanted; an empty filter wants all."""

    document: str | None = None  # an id (or the head of one), or a part of a name or path
    level: str = "DEBUG"  # this one and worse
    role: str | None = None
    since: datetime | None = None

    def wants(self, entry: Entry) -> bool:
        """Whether a line passes."""
        if LEVELS.get(str(entry.get("level", "INFO")), 20) < LEVELS[self.level]:
            return False
        if self.role is not None and entry.get("role") != self.role:
            return False
        if self.since is not None and _moment(entry) < self.since.timestamp():
            return False
        return self.document is None or _is_about(entry, self.document)


def _is_about(entry: Entry, document: str) -> bool:
    ids = (str(entry.get(name, "")) for name in ("id", "document"))
    names = (str(entry.get(name, "")) for name in ("name", "path"))
    return any(value.startswith(document) for value in ids if value) or any(document in value for value in names)


def _moment(entry: Entry) -> float:
    try:
        return datetime.fromisoformat(str(entry.get("at", ""))).timestamp()
    except ValueError:
        return 0.0


def _parse(line: str) -> Entry | None:
    """A line of a log file; None for one that was cut (full disk, power cut)."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _files_of(current: Path) -> list[Path]:
    """A role's files, oldest first: worker.log.4 … worker.log.1, worker.log."""
    rotated = [path for path in current.parent.glob(f"{current.name}.*") if path.suffix[1:].isdigit()]
    return [*sorted(rotated, key=lambda path: -int(path.suffix[1:])), current]


def _entries_of(current: Path, tail: "_Tail | None") -> Iterator[Entry]:
    """A role's lines, oldest first; up to where its `tail` begins, when it is going to be followed."""
    for path in _files_of(current):
        with path.open("rb") as lines:
            limit = tail.offset if tail is not None and os.fstat(lines.fileno()).st_ino == tail.inode else None
            position = 0
            for line in lines:
                position += len(line)
                if limit is not None and position > limit:
                    break
                entry = _parse(line.decode("utf-8", "replace"))
                if entry is not None:
                    yield entry


@dataclass
class _Tail:
    """The end of one role's file, across rotations."""

    path: Path
    offset: int = 0
    inode: int = 0
    rest: bytes = field(default=b"", repr=False)

    def read(self) -> list[Entry]:
        """The complete lines that came since the last look."""
        try:
            if self.path.stat().st_ino == self.inode:
                fresh = self._read(self.path)
            else:  # rotated: what the old file still got, then the new one from its beginning
                older = self.path.with_name(f"{self.path.name}.1")
                fresh = self._read(older) if self.inode and older.stat().st_ino == self.inode else b""
                self.offset, self.inode = 0, self.path.stat().st_ino
                fresh += self._read(self.path)
        except FileNotFoundError:  # between two steps of a rotation
            return []
        *lines, self.rest = (self.rest + fresh).split(b"\n")
        return [entry for line in lines if (entry := _parse(line.decode("utf-8", "replace"))) is not None]

    def _read(self, path: Path) -> bytes:
        with path.open("rb") as log:
            log.seek(self.offset)
            fresh = log.read()
        self.offset += len(fresh)
        return fresh


@dataclass
class Journal:
    """The logs of a data folder as they stand when it is made: `past` is what was written, `coming` what will be."""

    folder: Path
    tails: dict[Path, _Tail] = field(init=False)

    def __post_init__(self) -> None:
        self.tails = {}
        for path in self.folder.glob("*.log"):
            status = path.stat()
            self.tails[path] = _Tail(path, _line_end(path, status.st_size), status.st_ino)

    def past(self, wanted: Filter) -> Iterator[Entry]:
        """Every line written so far that is wanted, all roles merged by time."""
        roles = [_entries_of(path, tail) for path, tail in sorted(self.tails.items())]
        return (entry for entry in heapq.merge(*roles, key=_moment) if wanted.wants(entry))

    def coming(self, wanted: Filter) -> Iterator[Entry]:
        """The lines written from now on, merged; ends only with the reader."""
        waiting: list[Entry] = []
        while True:
            # What came at the last look goes out now, together with what a slower role wrote earlier than that.
            ripe = max(map(_moment, waiting), default=0.0)
            for path in self.folder.glob("*.log"):
                waiting.extend(self.tails.setdefault(path, _Tail(path)).read())
            waiting.sort(key=_moment)
            while waiting and _moment(waiting[0]) <= ripe:
                entry = waiting.pop(0)
                if wanted.wants(entry):
                    yield entry
            time.sleep(FOLLOW_EVERY)


def _line_end(path: Path, size: int) -> int:
    """The end of the last complete line within the first `size` bytes."""
    with path.open("rb") as log:
        log.seek(max(0, size - LONGEST_LINE))
        tail = log.read(min(size, LONGEST_LINE))
    return size - len(tail) + tail.rfind(b"\n") + 1


def readable(entry: Mapping[str, object], *, colour: bool = False) -> str:
    """One entry as a person reads it: local time, role, event, fields; the traceback below when there is one."""
    level = str(entry.get("level", "INFO")).upper()
    role, event = str(entry.get("role", "")), str(entry.get("event", ""))
    named = [name for name in _FIRST if name in entry]
    others = [name for name in entry if name not in _SPOKEN and name not in _FIRST and not name.startswith("_")]
    fields = " ".join(f"{name}={_plain(entry[name])}" for name in [*named, *others])
    mark = "" if level == "INFO" else f"{level} "
    if colour:
        role, event = f"\x1b[36m{role:<8}\x1b[0m", f"\x1b[1m{event}\x1b[0m"
        mark = f"\x1b[{COLOURS.get(level, '0')}m{mark}\x1b[0m" if mark else ""
    line = f"{_clock(entry.get('at'))} {role:<8} {mark}{event} {fields}".rstrip()
    return line if "exception" not in entry else f"{line}\n{entry['exception']}"


def _clock(at: object) -> str:
    try:
        return datetime.fromisoformat(str(at)).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return "--:--:--"


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    text = str(value).replace("\n", " ").replace("\x1b", "")  # a file name must not drive the terminal
    return f'"{text}"' if " " in text or not text else text
