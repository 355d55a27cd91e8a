"""When pages are made: at once for what somebody waits for, now and then while a backlog's results come in."""

import math
from dataclasses import dataclass

# Seconds from one rendering to the next in a burst; the first comes at once.
EVERY = 1.0
# The same while only a backlog's results come: its pages change again and again until its end, and each making but
# the last is in vain. What somebody dropped just now is not kept waiting by it.
BACKLOG_EVERY = 3.0
# The share of its time the assembler may spend on a backlog's pages while results still come: all that is spent on
# them then is taken from the results.
BACKLOG_SHARE = 0.1
# Seconds a rendering may take, for results may come meanwhile; pages nobody waits for are then left for the next.
PATIENCE = 0.25
# The same when no results come: what is put together from all pages is put together after each rendering.
IDLE_PATIENCE = 1.5
# Seconds after which what others wrote is shown: a registration is followed by its result within that time, and one
# rendering serves both.
LATER = 0.4


@dataclass
class Rhythm:
    """Times are monotonic seconds, from whoever calls."""

    _wanted: float = 0.0  # when something must be shown
    _has_left: bool = False  # whether pages are left that nobody waits for
    _not_before: float = 0.0
    _made: float = 0.0  # the last rendering
    _shown: float = 0.0  # the last rendering somebody waited for
    _is_awaited: bool = False
    _applied: float = 0.0  # the last results stored
    _backlog_due: float = 0.0  # the next rendering in which pages are made that nobody waits for

    @property
    def due(self) -> float:
        """The next rendering; infinite when nothing has changed."""
        due = self._wanted
        if self._has_left:
            # What is left waits for its turn, but for no longer than results come in.
            due = min(due, max(self._made + EVERY, self._backlog_due), self._applied + EVERY)
        return max(due, self._not_before)

    def is_busy(self, at: float) -> bool:
        """Whether results come one after the other."""
        return at - self._applied < EVERY

    def applied(self, at: float, *, is_awaited: bool) -> None:
        """Results were stored; those of a backlog that goes on wait until its pages are due."""
        if is_awaited or not self.is_busy(at):
            # A backlog's pages were perhaps made just now: whoever waits does not wait for those too.
            self._wanted, self._is_awaited = min(self._wanted, self._shown + EVERY), True
        self._applied, self._has_left = at, True

    def changed(self, at: float) -> None:
        """Others wrote: registered a document, corrected one."""
        every = BACKLOG_EVERY if self.is_busy(at) else EVERY
        self._wanted = min(self._wanted, max(at + LATER, self._made + every))

    def put_off(self, until: float) -> None:
        """Pages cannot be made: tried again then, and not before."""
        self._wanted = self._not_before = until

    def patience(self, at: float) -> float:
        """How many seconds a rendering that begins now has for pages nobody waits for."""
        if not self.is_busy(at):
            return IDLE_PATIENCE
        return PATIENCE if at >= self._backlog_due else 0.0

    def made(self, began: float, ended: float, *, pages: int, is_all: bool) -> None:
        """A rendering is over; `is_all` says that no page is left that was to be made."""
        self._wanted, self._has_left = math.inf, bool(pages) and not is_all
        if self._is_awaited:
            self._shown, self._is_awaited = began, False
        if pages:
            self._made = began
            if began >= self._backlog_due:
                self._backlog_due = max(began + BACKLOG_EVERY, ended + (ended - began) / BACKLOG_SHARE)
