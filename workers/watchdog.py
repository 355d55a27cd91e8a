"""Notices a worker that lives and does not read.

Celery's worker has stopped consuming after a lost connection in release after release; a process can also hang whole.
Both show in Redis: messages that nobody takes, or a worker whose sign of life is missing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from workers.gauges import QueueGauge

LOOK_EVERY = 10.0  # seconds; a look costs a millisecond
# Seconds it must go on: a busy worker takes the next message at once, and one that starts is ready within ten.
PATIENCE = 60.0


def _gauge(redis_url: str) -> "QueueGauge | None":
    """Loaded at the first look, seconds after the start: Redis's client would delay every start by 0.2 s."""
    return cast("QueueGauge | None", import_module("workers.gauges").gauge(redis_url))


@dataclass
class Watchdog:
    """Looks at the queue now and then; `is_stuck` says that the worker must be started anew."""

    redis_url: str
    patience: float = PATIENCE
    every: float = LOOK_EVERY
    look: "Callable[[str], QueueGauge | None]" = _gauge
    due: float = field(default_factory=lambda: time.monotonic() + LOOK_EVERY)  # monotonic time of the next look
    _since: float | None = None  # monotonic time from which on nobody was seen to read

    def is_stuck(self, worker_started: float) -> bool:
        """Whether nobody has been reading for too long, of a worker that was started at that monotonic time."""
        now = time.monotonic()
        if now < self.due:
            return False
        self.due = now + self.every
        seen = self.look(self.redis_url)
        if seen is None or (seen.workers and (seen.taken or not seen.messages)):
            self._since = None  # all is well; or Redis is away, which is not the worker's fault
            return False
        self._since = max(worker_started, self._since or now)
        if now - self._since < self.patience:
            return False
        self._since = None
        return True
