"""What was handed out and got lost: found by asking Redis, never by waiting for long."""

import json
import os
import socket
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

import structlog
from redis import ResponseError

from timeline.store import HandedOut, Store
from workers import keys
from workers.messages import Alive, unpack_alive

log = structlog.get_logger("workers.reconcile")

# Seconds a task may be nowhere before it counts as lost: BRPOP and the note of it are two steps, the result and its
# acknowledgement two more, and a worker says what it holds every two seconds.
DOUBT = 1.5
DOUBT_UNHELD = 5.0
# Seconds past the hard limit after which a document that was begun must have ended.
MARGIN = 30.0


@dataclass(frozen=True, slots=True)
class _Broker:
    """What Redis knows, at one moment."""

    queued: frozenset[str]
    unacked: Mapping[str, str]  # task → delivery tag
    alive: Mapping[str, Alive]
    ends: tuple[str, ...]  # of each stream, the id of the last fact ever written
    begins: tuple[str, ...]  # of each stream, the id of the oldest fact not yet applied, "" when there is none


@dataclass
class _Doubt:
    """Since when a task looks lost in one and the same way, and the newest facts at that moment."""

    why: str
    since: float
    ends: tuple[str, ...]


@dataclass
class Reconciler:
    """Compares what the store thinks is out there with what is."""

    store: Store
    redis: keys.Redis
    hard_limit: float
    _doubts: dict[str, _Doubt] = field(default_factory=dict)

    def epoch_holds(self) -> bool:
        """Whether this is still the Redis we handed work to; if not, all of it waits again."""
        known = self.store.recall("epoch")
        found = cast("bytes | None", self.redis.get(keys.EPOCH))
        if known is not None and found is not None and found.decode("ascii", "replace") == known:
            return True
        epoch = uuid.uuid4().hex
        self.redis.set(keys.EPOCH, epoch)
        self.store.remember("epoch", epoch)
        taken = self.store.take_back(sorted({out.task for out in self.store.handed_out()}))
        self._doubts.clear()
        if known is not None:
            log.warning("queue.new", taken_back=taken)
        return False

    def sweep(self, now: float) -> int:
        """Takes back what was lost; returns how many tasks. Raises RedisError."""
        out = self.store.handed_out()
        if not out:
            self._doubts.clear()
            return 0
        broker = self._ask()
        tasks: dict[str, list[HandedOut]] = {}
        for document in out:
            tasks.setdefault(document.task, []).append(document)
        self._doubts = {task: doubt for task, doubt in self._doubts.items() if task in tasks}
        lost = [task for task, members in tasks.items() if self._is_lost(task, members, broker, now)]
        if lost:
            self._give_up(lost, tasks, broker, now)
        return len(lost)

    def _is_lost(self, task: str, members: list[HandedOut], broker: _Broker, now: float) -> bool:
        held = {task for alive in broker.alive.values() for task in alive.tasks}
        begun = [member.started_at for member in members if member.started_at is not None]
        if task in broker.queued:
            self._doubts.pop(task, None)
            return False
        if begun and now - max(begun) > self.hard_limit + MARGIN:
            return True
        workers = {member.started_by for member in members if member.started_by is not None}
        if workers and not workers & broker.alive.keys():
            return self._doubted(task, "its worker is dead", broker, 0.0)
        if task in held:
            self._doubts.pop(task, None)
            return False
        if task in broker.unacked:
            return self._doubted(task, "nobody holds it", broker, DOUBT_UNHELD)
        return self._doubted(task, "it is nowhere", broker, DOUBT)

    def _doubted(self, task: str, why: str, broker: _Broker, patience: float) -> bool:
        """Whether a task has looked lost for long enough, and every fact it may have told by then is applied."""
        doubt = self._doubts.get(task)
        if doubt is None or doubt.why != why:
            doubt = self._doubts[task] = _Doubt(why, time.monotonic(), broker.ends)
        return time.monotonic() - doubt.since >= patience and _is_past(broker, doubt.ends)

    def _give_up(self, lost: list[str], tasks: Mapping[str, list[HandedOut]], broker: _Broker, now: float) -> None:
        murdered: list[str] = []
        innocent: list[str] = []
        for task in lost:
            workers = {member.started_by for member in tasks[task] if member.started_by is not None}
            dead = [name for name in workers if name not in broker.alive]
            # A worker that said goodbye was stopped by somebody: nobody's fault.
            is_murder = any(not self.redis.exists(keys.GOODBYES + name) for name in dead)
            (murdered if is_murder else innocent).append(task)
        self._retract(task for task in lost if task in broker.unacked)
        for document in self.store.worker_died(murdered, now) if murdered else []:
            log.warning("document.failed", id=document, reason="its worker died again and again")
        self.store.take_back(innocent)
        for task in lost:
            self._doubts.pop(task, None)
            log.warning("task.lost", task=task, documents=len(tasks[task]), worker_died=task in murdered)

    def _retract(self, tasks: Iterable[str]) -> None:
        """Takes messages back that a dead worker holds, before kombu delivers them a second time."""
        unacked = self._unacked()
        for task in tasks:
            if tag := unacked.get(task):
                pipe = self.redis.pipeline()
                pipe.hdel(keys.UNACKED, tag)
                pipe.zrem(keys.UNACKED_INDEX, tag)
                pipe.execute()

    def _ask(self) -> _Broker:
        pipe = self.redis.pipeline(transaction=True)
        for name in keys.QUEUE_LISTS:
            pipe.lrange(name, 0, -1)
        pipe.hgetall(keys.UNACKED)
        for stream in keys.STREAMS:
            pipe.xrange(stream, count=1)
        *lists, unacked, fresh, other = pipe.execute()
        queued = frozenset(task for messages in lists for raw in messages if (task := _task_of(raw)))
        return _Broker(
            queued=queued,
            unacked=_tags(unacked),
            alive=self._alive(),
            ends=tuple(self._end_of(stream) for stream in keys.STREAMS),
            begins=tuple(oldest[0][0].decode() if oldest else "" for oldest in (fresh, other)),
        )

    def _unacked(self) -> Mapping[str, str]:
        return _tags(cast("dict[bytes, bytes]", self.redis.hgetall(keys.UNACKED)))

    def _end_of(self, stream: str) -> str:
        try:
            return bytes(self.redis.xinfo_stream(stream)["last-generated-id"]).decode()
        except ResponseError:
            return "0-0"  # there is no stream yet

    def _alive(self) -> Mapping[str, Alive]:
        found = {}
        for key in self.redis.scan_iter(match=keys.WORKERS + "*", count=1000):
            said = cast("bytes | None", self.redis.get(key))
            alive = unpack_alive(said) if said else None
            # On our own machine a look at the process is quicker than waiting for its sign of life to fade.
            if alive is not None and not (alive.host == socket.gethostname() and not _is_running(alive.pid)):
                found[key.decode().removeprefix(keys.WORKERS)] = alive
        return found


def _is_past(broker: _Broker, points: tuple[str, ...]) -> bool:
    """Whether every fact up to these points was applied: applied facts leave their stream."""
    return all(not begin or _order(begin) > _order(point) for begin, point in zip(broker.begins, points, strict=True))


def _order(entry: str) -> tuple[int, int]:
    first, _, second = entry.partition("-")
    return int(first), int(second or 0)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _task_of(raw: bytes) -> str | None:
    """The task id in a message of kombu's, None in anything else."""
    try:
        found = json.loads(raw)["headers"]["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _tags(unacked: Mapping[bytes, bytes]) -> dict[str, str]:
    """Task → delivery tag, of what workers have taken."""
    found = {}
    for tag, raw in unacked.items():
        try:
            message = json.loads(raw)[0]
            found[str(message["headers"]["id"])] = tag.decode()
        except (ValueError, KeyError, TypeError, IndexError):
            continue
    return found
