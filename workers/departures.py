"""Files on their way out: each stays here for a moment, then its document is withdrawn, unless that cannot be meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from timeline.store import Store
from workers.arrivals import Waitlist
from workers.inbox import Roots, junk

log = structlog.get_logger("workers.departures")

GRACE = 1.0  # seconds a file may be away before it is gone: editors and renames take it away for a moment
# Fewer files than this may all vanish at once and it means what it says.
FEW = 4


@dataclass
class Departures:
    """Paths that may be gone."""

    store: Store
    waitlist: Waitlist
    roots: Roots
    _leaving: dict[str, float] = field(default_factory=dict)  # and when to believe it, in monotonic seconds

    def add(self, paths: Iterable[str], due: float) -> None:
        """Paths where nothing was found."""
        for path in paths:
            self._leaving.setdefault(path, due)

    def add_deleted(self, shown: str, due: float) -> None:
        """A file, or a folder with all that was in it, that the system says is gone."""
        if shown in self.waitlist.known or shown in self.waitlist.odd:
            self.add([shown], due)
            return
        below = shown + "/"
        self.add([known for known in (*self.waitlist.known, *self.waitlist.odd) if known.startswith(below)], due)

    def next_due(self) -> float | None:
        """When the next path is to be believed gone."""
        return min(self._leaving.values(), default=None)

    def note_missing(self, seen: set[str], at: float, now: float) -> None:
        """What a whole scan did not find. `at` is monotonic, `now` the clock."""
        if not self.roots.are_there():
            self._pause(f"the inbox {self.roots.name} is not there (unmounted?)", now)
            return
        lost = [path for path in self.waitlist.known if path not in seen]
        self.add(lost, at)
        self.add([path for path in self.waitlist.odd if path not in seen], at)
        if not lost:
            self._resume(now)

    def let_go(self, at: float, now: float) -> None:
        """Files that stayed away are withdrawn, unless so many went at once that it cannot be meant."""
        due = [path for path, when in self._leaving.items() if when <= at]
        if not due:
            return
        for path in due:
            del self._leaving[path]
        away = [path for path in due if not self._is_there(path)]
        odd = [path for path in away if path in self.waitlist.odd]
        gone = [path for path in away if path in self.waitlist.known]
        # Whoever writes under a temporary name takes it away again: nothing to tell.
        never = [
            path
            for path in away
            if path not in self.waitlist.known
            and path not in self.waitlist.odd
            and not any(junk(part) for part in path.split("/"))
        ]
        if never:
            self.store.ignore([(path, "vanished before it was read") for path in never], now)
        if odd:
            self.store.forget_ignored(odd)
            self.store.gone(odd, now)  # those that had failed
            for path in odd:
                del self.waitlist.odd[path]
        if not gone or not self._may_withdraw(gone, now):
            return
        for path in gone:
            del self.waitlist.known[path]
            self.waitlist.unread.discard(path)
        for document in self.store.gone(gone, now):
            log.info("document.withdrawn", id=document)
        self._resume(now)

    def _may_withdraw(self, gone: Sequence[str], now: float) -> bool:
        if not self.roots.are_there():
            self._pause(f"the inbox {self.roots.name} is not there (unmounted?)", now)
            return False
        if len(gone) > FEW and len(gone) * 2 > len(self.waitlist.known) and not self.store.is_withdrawal_meant():
            self._pause(f"{len(gone)} of {len(self.waitlist.known)} files vanished from the inbox at once", now)
            return False
        self.store.mean_withdrawal(meant=False)
        return True

    def _pause(self, reason: str, now: float) -> None:
        said = f"{reason}: nothing is withdrawn until they are back, or `timeline withdraw` says that it is meant"
        if self.store.notice("withdrawal", said, now):
            log.warning("withdrawal.paused", reason=reason)

    def _resume(self, now: float) -> None:
        if self.store.notice("withdrawal", None, now):
            log.info("withdrawal.resumed")

    def _is_there(self, shown: str) -> bool:
        path = self.roots.real(shown)
        try:
            return path is not None and path.lstat() is not None
        except OSError:
            return False
