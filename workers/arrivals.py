"""Files on their way in: each waits here until it is still, then it is registered, ignored or failed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

import structlog

from timeline.errors import UnreadableError
from timeline.model import DctSource
from timeline.reading import Told, named_date, sidecar_fields, told_beside
from timeline.store import Arrival, Store
from workers.inbox import SIDECARS, File, Oddity, Root, look
from workers.stillness import STILL, STILL_UNSURE, ChangedError, Contents, Writers, read_still, writers

log = structlog.get_logger("workers.arrivals")

# More than so many files within a second are a wave, a backlog; fewer are somebody's drop, and go first.
FRESH_AT_ONCE, WAVE = 5, 1.0
# …but no more than this in ten seconds: a copy of thousands arrives file by file.
FRESH_TOKENS, FRESH_REFILL = 20.0, 2.0
_GLOB = str.maketrans({letter: f"[{letter}]" for letter in "*?["})
# Files registered in one transaction: under 25 ms, somebody else wants to write too.
CHUNK = 40


@dataclass
class _Waiting:
    """A file that is watched until it is still."""

    root: Root
    path: Path
    due: float  # monotonic
    is_single: bool  # it came by itself: somebody waits for it
    mark: tuple[int, int, int] | None = None
    since: float = 0.0  # monotonic time since when it has not changed


@dataclass
class Waitlist:
    """The files that are not still yet, and what becomes of them."""

    store: Store
    max_bytes: int
    empty_wait: float  # seconds an empty file is given: sync tools make them first and fill them later
    language: str | None
    keep: Callable[[str, bytes], None]  # bytes of a fresh document, to be handed out at once
    still: float = STILL
    still_unsure: float = STILL_UNSURE
    known: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # files that are documents, as last seen
    odd: dict[str, str] = field(default_factory=dict)  # what is no document, and why
    unread: set[str] = field(default_factory=set)  # those of `known` that could not be opened
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    # Those of `_waiting` that are due, the newest last; and all others by when they are, with what has changed since.
    _singles: list[_Waiting] = field(default_factory=list)
    _wave: list[_Waiting] = field(default_factory=list)
    _later: list[tuple[float, int, _Waiting]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _lately: list[float] = field(default_factory=list)  # when the last files came, in monotonic seconds
    _tokens: float = FRESH_TOKENS
    _refilled: float = 0.0

    def add(self, root: Root, path: Path, *, at: float, is_wave: bool = False) -> None:
        """A file that came or changed, with many others or not; looked at when it is due."""
        shown = root.shown(path)
        known = self._waiting.get(shown)
        if known is None:
            is_single = not is_wave and self._is_single(at)
            self._waiting[shown] = waiting = _Waiting(root, path, at, is_single=is_single)
            self._put_off(waiting)
        elif at < known.due:
            known.due = at
            self._put_off(known)

    def _is_single(self, at: float) -> bool:
        """Whether few others came by themselves just before; what comes beside a folder of thousands is not of it."""
        self._lately = [then for then in self._lately[-FRESH_AT_ONCE:] if at - then < WAVE]
        self._lately.append(at)
        return len(self._lately) <= FRESH_AT_ONCE

    def __len__(self) -> int:
        return len(self._waiting)

    def next_due(self) -> float | None:
        """When the next file wants a look, in monotonic seconds."""
        if due := self._singles or self._wave:
            return due[-1].due
        while self._later and self._later[0][0] != self._later[0][2].due:
            heappop(self._later)
        return self._later[0][0] if self._later else None

    def settle(self, at: float, now: float) -> list[str]:
        """Looks at every file that is due; returns paths whose files are gone. `at` is monotonic, `now` the clock."""
        while self._later and self._later[0][0] <= at:
            due, _, waiting = heappop(self._later)
            if due == waiting.due:  # it was not called earlier meanwhile
                (self._singles if waiting.is_single else self._wave).append(waiting)
        # The newest of a wave first, and few at a time: a single drop must not wait for a wave to pass.
        return self._look_at(self._singles, at, now) + self._look_at(self._wave, at, now)

    def _put_off(self, waiting: _Waiting) -> None:
        """Until it is due."""
        heappush(self._later, (waiting.due, next(self._order), waiting))

    def _look_at(self, due: list[_Waiting], at: float, now: float) -> list[str]:
        gone: list[str] = []
        ready: list[tuple[Arrival, bytes | None]] = []
        is_drop = True
        for _ in range(min(len(due), CHUNK * 2)):
            waiting = due.pop()
            shown = waiting.root.shown(waiting.path)
            if self._waiting.get(shown) is not waiting:
                continue  # looked at before, called twice
            is_drop = is_drop and waiting.is_single
            found = look(waiting.root, waiting.path)
            if not isinstance(found, File):
                del self._waiting[shown]
                if found is None:
                    gone.append(shown)
                else:
                    self.note_odd(found, now)
                continue
            if (outcome := self._examine(waiting, found, at, now)) is None:
                self._put_off(waiting)
            else:
                del self._waiting[shown]
                ready.append(outcome)
        self._register(ready, now, is_drop=is_drop and self._take_tokens(len(ready), at))
        return gone

    def note_odd(self, found: Oddity, now: float) -> None:
        """Something that is not to be read; told once."""
        self.note_odds([found], now)

    def note_odds(self, found: Sequence[Oddity], now: float) -> None:
        """Several at once: a write of its own for each would take minutes where there are thousands."""
        fresh = [one for one in found if self.odd.get(one.shown) != one.reason]
        if failed := [one for one in fresh if one.failed]:
            self.store.register([Arrival(one.shown, None, 0, failed=one.reason) for one in failed], now)
        if ignored := [(one.shown, one.reason) for one in fresh if not one.failed]:
            self.store.ignore(ignored, now)
        for one in fresh:
            if one.failed:
                log.warning("document.failed", name=one.shown, reason=one.reason)
            else:
                log.info("file.ignored", name=one.shown, reason=one.reason)
            self.odd[one.shown] = one.reason
            self.known.pop(one.shown, None)

    def _examine(self, waiting: _Waiting, found: File, at: float, now: float) -> tuple[Arrival, bytes | None] | None:
        """The arrival a file has become, or None when it must be looked at again."""
        if waiting.mark != found.mark:
            waiting.mark, waiting.since = found.mark, at
        if found.size > self.max_bytes:
            mega = 1024 * 1024
            reason = f"{found.size // mega} MB, more than the {self.max_bytes // mega} MB allowed: split it, or raise "
            return _unread(found, reason + "TIMELINE_MAX_DOCUMENT_BYTES"), None
        if found.size == 0:
            if at - waiting.since < self.empty_wait:
                waiting.due = min(at + 1.0, waiting.since + self.empty_wait)
                return None
            return _unread(found, "empty: drop it again when it has content"), None
        try:
            if not self._is_still(waiting, found, at, now):
                return None
            contents = read_still(found.path, self.max_bytes)
        except ChangedError:
            waiting.mark, waiting.due = None, at + self.still
            return None
        except FileNotFoundError:
            waiting.due = at
            return None
        except UnreadableError as error:
            return _unread(found, str(error)), None
        return self._arrival(found, contents), contents.data

    def _is_still(self, waiting: _Waiting, found: File, at: float, now: float) -> bool:
        unchanged = at - waiting.since
        match writers(found.path):
            case Writers.SOME:
                waiting.since, waiting.due = at, at + self.still
                return False
            case Writers.NONE:
                # Its own time tells how long it has been unchanged before we saw it, unless clocks disagree.
                age = now - found.mtime_ns / 1e9
                wanted = self.still
                unchanged = max(unchanged, age if age < 1e9 else 0.0)
            case Writers.UNKNOWN:
                wanted = self.still_unsure
        if unchanged < wanted:
            waiting.due = at + wanted - max(unchanged, 0.0) + 0.005
            return False
        return True

    def _arrival(self, found: File, contents: Contents) -> Arrival:
        dated, source, told = given_outside(found.path)
        return Arrival(
            path=found.shown,
            sha256=contents.sha256,
            size=contents.size,
            mtime_ns=contents.mtime_ns,
            inode=contents.inode,
            named_date=dated,
            named_source=source,
            file_time=datetime.fromtimestamp(contents.mtime_ns / 1e9).astimezone(),
            language=told.language or self.language,
            title=told.title,
            origin=told.origin,
        )

    def _register(self, ready: list[tuple[Arrival, bytes | None]], now: float, *, is_drop: bool) -> None:
        for start in range(0, len(ready), CHUNK):
            chunk = ready[start : start + CHUNK]
            arrivals = [_as_fresh(arrival) if is_drop else arrival for arrival, _ in chunk]
            outcomes = self.store.register(arrivals, now)
            for arrival, registered, (_, data) in zip(arrivals, outcomes, chunk, strict=True):
                self.known[arrival.path] = (arrival.size, arrival.mtime_ns, arrival.inode)
                self.odd.pop(arrival.path, None)
                self.unread.discard(arrival.path)
                if arrival.failed:
                    self.unread.add(arrival.path)
                    log.warning("document.failed", id=registered.document_id, name=arrival.path, reason=arrival.failed)
                elif registered.is_new:
                    log.info("document.registered", id=registered.document_id, name=arrival.path, size=arrival.size)
                    if is_drop and data is not None:
                        self.keep(registered.document_id, data)
                else:
                    log.info("document.known", id=registered.document_id, name=arrival.path)

    def _take_tokens(self, wanted: int, at: float) -> bool:
        self._tokens = min(FRESH_TOKENS, self._tokens + (at - self._refilled) * FRESH_REFILL)
        self._refilled = at
        if self._tokens < wanted:
            return False
        self._tokens -= wanted
        return True


def given_outside(path: Path) -> tuple[date | None, DctSource, Told]:
    """The date a document is given from outside its bytes, by a file beside it or by its name, and what else that
    file says."""
    for sidecar in sidecars_of(path):
        try:
            data = sidecar.read_bytes()
        except OSError:
            continue
        if told := told_beside(data, sidecar.name):
            if told.day:
                return told.day, DctSource.SIDECAR, told
            return named_date(path.name), DctSource.FILE_NAME, told
    return named_date(path.name), DctSource.FILE_NAME, Told()


def sidecars_of(path: Path) -> Iterator[Path]:
    """Where a file that describes this one may lie: report.pdf.json, report.pdf.meta.toml, report.meta.toml."""
    for suffix in SIDECARS:
        yield path.with_name(path.name + suffix)
    yield path.with_name(path.stem + ".meta.toml")


def described_by(path: Path) -> Path | None:
    """The document a file lies beside to describe, if it is such a file."""
    try:
        others = beside(path)
        return others[0] if others and sidecar_fields(path.read_bytes(), path.name) else None
    except OSError:
        return None


def beside(path: Path) -> list[Path]:
    """The files that one of such a name may describe, if they are there."""
    suffix = next((suffix for suffix in SIDECARS if path.name.endswith(suffix)), None)
    bare = path.name.removesuffix(suffix or "")
    if not suffix or not bare:
        return []
    try:
        # report.meta.toml describes report.pdf
        others = sorted(path.parent.glob(bare.translate(_GLOB) + ".*")) if suffix == ".meta.toml" else []
        return [one for one in (path.with_name(bare), *others) if one.is_file() and path in set(sidecars_of(one))]
    except OSError:
        return []


def _unread(found: File, reason: str) -> Arrival:
    return Arrival(found.shown, None, found.size, found.mtime_ns, found.inode, failed=reason)


def _as_fresh(arrival: Arrival) -> Arrival:
    return replace(arrival, fresh=True)
