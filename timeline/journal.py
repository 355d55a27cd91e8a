"""Reading the logs back: every role's lines merged in the order they were written, filtered, followed."""

import heapq
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
COLOURS = {"DEBUG": "2", "WARNING": "33", "ERROR": "31", "CRITICAL": "31;1"}
_FIRST = ("name", "path", "id", "document")  # the fields a person looks for, in this order; the others follow
_SPOKEN = {"at", "role", "level", "event", "exception"}

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


def _entries_of(current: Path) -> Iterator[Entry]:
    for path in _files_of(current):
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from (entry for line in lines if (entry := _parse(line)) is not None)


def past(folder: Path, wanted: Filter) -> Iterator[Entry]:
    """Every line written so far that is wanted, all roles merged by time."""
    roles = [_entries_of(current) for current in sorted(folder.glob("*.log"))]
    return (entry for entry in heapq.merge(*roles, key=_moment) if wanted.wants(entry))


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
            with self.path.open("rb") as log:
                status = self.path.stat()
                if status.st_ino != self.inode or status.st_size < self.offset:
                    self.offset, self.inode, self.rest = 0, status.st_ino, b""
                log.seek(self.offset)
                fresh = log.read()
        except FileNotFoundError:  # between two steps of a rotation
            return []
        self.offset += len(fresh)
        *lines, self.rest = (self.rest + fresh).split(b"\n")
        return [entry for line in lines if (entry := _parse(line.decode("utf-8", "replace"))) is not None]


def follow(folder: Path, wanted: Filter) -> Iterator[Entry]:
    """The lines written from now on, merged; ends only with the reader."""
    tails: dict[Path, _Tail] = {}
    for path in folder.glob("*.log"):
        status = path.stat()
        tails[path] = _Tail(path, status.st_size, status.st_ino)
    waiting: list[Entry] = []
    while True:
        # What came at the last look goes out now, together with what a slower role wrote earlier than that.
        ripe = max(map(_moment, waiting), default=0.0)
        for path in folder.glob("*.log"):
            waiting.extend(tails.setdefault(path, _Tail(path)).read())
        waiting.sort(key=_moment)
        while waiting and _moment(waiting[0]) <= ripe:
            entry = waiting.pop(0)
            if wanted.wants(entry):
                yield entry
        time.sleep(FOLLOW_EVERY)


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
