"""Where to hit: which process reads what at this moment, found by stopping time for it."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from redis import RedisError

from tests.faults.rig import PATIENCE, Rig
from timeline.store import HandedOut
from workers import keys
from workers.app import make_app
from workers.queueing import BATCH_BYTES

LULL = 1.5  # seconds without a catch after which more is brought to read


def is_batch(members: Sequence[HandedOut]) -> bool:
    """Whether a task carries several documents that have no result yet."""
    return len(members) > 1


def is_alone(members: Sequence[HandedOut]) -> bool:
    """Whether a task carries one document, too large for any company."""
    return len(members) == 1 and members[0].size > BATCH_BYTES


def any_task(members: Sequence[HandedOut]) -> bool:
    """Whatever it carries."""
    return bool(members)


def freeze_reader(hurt: Rig, is_wanted: Callable[[Sequence[HandedOut]], bool], chance: random.Random) -> int:
    """Stops (SIGSTOP) a process in the middle of a task of the wanted kind; returns its number. The others go on."""
    for _ in _watch(hurt):
        time.sleep(chance.uniform(0.01, 0.1))
        if is_wanted is is_alone and not any(is_alone([out]) for out in hurt.store.handed_out()):
            continue  # none is out yet
        stopped = _stop_all(hurt.children())
        target = _reader_of(hurt, is_wanted, stopped)
        for pid in stopped:
            if pid != target:
                os.kill(pid, signal.SIGCONT)
        if target is not None:
            return target
    raise AssertionError(f"nobody was caught reading ({is_wanted.__name__}); {hurt.last_words()}")


def freeze_assembler(hurt: Rig, chance: random.Random) -> int:
    """Stops the assembler between reading facts and acknowledging them; returns its process."""
    redis = hurt.redis()
    for _ in _watch(hurt):
        time.sleep(chance.uniform(0.005, 0.05))
        pid = hurt.kill("assemble", signal.SIGSTOP)
        try:
            pending = sum(int(redis.xpending(stream, keys.GROUP)["pending"]) for stream in keys.STREAMS)
        except RedisError:
            pending = 0  # there is no group yet
        if pending:
            return pid
        os.kill(pid, signal.SIGCONT)
    raise AssertionError(f"the assembler was never caught in the middle of a batch; {hurt.last_words()}")


def told(data: Path, role: str, event: str) -> int:
    """How often a role has logged an event."""
    path = data / "logs" / f"{role}.log"
    if not path.exists():
        return 0
    return sum(json.loads(line).get("event") == event for line in path.read_text().splitlines() if line.startswith("{"))


def _watch(hurt: Rig) -> Iterator[None]:
    """Looks again and again, with fresh documents from time to time, until patience ends."""
    until, lull = time.monotonic() + PATIENCE, time.monotonic()
    while (now := time.monotonic()) < until:
        if now >= lull:
            hurt.bring()
            lull = now + LULL
        yield


def _stop_all(pids: Sequence[int]) -> list[int]:
    stopped = []
    for pid in pids:
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            continue
        stopped.append(pid)
    return stopped


def _reader_of(hurt: Rig, is_wanted: Callable[[Sequence[HandedOut]], bool], stopped: Sequence[int]) -> int | None:
    """Of these processes, the one whose task is of the wanted kind, as the worker itself says."""
    app = make_app(hurt.redis_url())
    answers = app.control.inspect(timeout=2.0, limit=1).active() or {}
    out: dict[str, list[HandedOut]] = {}
    for document in hurt.store.handed_out():
        out.setdefault(document.task, []).append(document)
    for task in (task for tasks in answers.values() for task in tasks):
        if task["worker_pid"] in stopped and is_wanted(out.get(task["id"], [])):
            return int(task["worker_pid"])
    return None
