"""Work: a document's bytes (or its text) in, one fact out. Needs Redis and nothing else."""

import ctypes
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from billiard import current_process
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError
from celery import Task
from celery.signals import task_failure, worker_init, worker_process_init, worker_shutting_down
from redis import RedisError

from timeline.errors import UnreadableError
from timeline.facts import Died, Done, Fact, Failed, Missing, Started
from timeline.model import Extraction, Hints
from timeline.pipeline import ingest, reingest
from timeline.reading import warm_up
from timeline.settings import settings
from workers import heap, heartbeat, keys
from workers.app import app
from workers.messages import Item, MessageError, pack_fact, unpack_document, unpack_items

log = structlog.get_logger("workers.tasks")

# Redis away for longer than this and the task is tried again by Celery; the producer notices either way.
PATIENCE = 20.0
_PDEATHSIG = 1  # PR_SET_PDEATHSIG of prctl(2)
_KILLED = re.compile(r"signal (\d+)")
_SAMPLE = (
    "On Tuesday the council met for the first time since 2019. Three days ago, on 12 March 2024, it was told that "
    "work begun in the spring would end next month, at 5 pm on Friday 3 May, after nearly two years."
)
_stopping = False


_Word = tuple[str, Fact]  # a stream, and what is told on it


@dataclass(frozen=True, slots=True)
class _Missing(Exception):  # noqa: N818
    """No bytes: not a failure of the document."""


@app.task(name="timeline.read", bind=True, autoretry_for=(RedisError,), retry_backoff=1, max_retries=None)
def read(self: Task, data: object) -> None:
    """Reads the documents of one message, one after the other; each tells its own fact as it ends."""
    try:
        items = unpack_items(data)
    except MessageError as error:
        log.warning("task.refused", task=self.request.id, reason=str(error))
        return
    redis = _redis()
    if current_process().name != "MainProcess":
        # Billiard's handler would raise SystemExit amid a document, which is no fault of it: to be asked to end is to
        # end, and the parent tells.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    told: list[_Word] = []  # what the last document became: it travels with word of the next one's beginning
    for item in items:
        told = [(_stream(item), _read_one(redis, item, self.request.id, told))]
    for stream, fact in told:
        redis.xadd(stream, {"fact": pack_fact(fact)})


def _stream(item: Item) -> str:
    return keys.RESULTS_FRESH if item.fresh else keys.RESULTS


def _read_one(redis: keys.Redis, item: Item, task: str, told: Sequence[_Word]) -> Fact:
    """One document. Nothing leaves but a fact: a MemoryError or SystemExit that left would end the worker."""
    began = time.perf_counter()
    try:
        extraction = _extract(_fetch(redis, item, task, told), item)
        ms = round((time.perf_counter() - began) * 1000, 1)
        log.info("document.done", id=item.id, name=item.name, events=len(extraction.events), ms=ms)
        return Done(item.id, item.revision, task, ms, extraction)
    except _Missing:
        log.info("document.missing", id=item.id, name=item.name)
        return Missing(item.id, task)
    except UnreadableError as error:
        reason = str(error)
    except SoftTimeLimitExceeded:
        reason = f"takes longer than {settings().soft_time_limit} s: split it, or raise TIMELINE_SOFT_TIME_LIMIT"
    except MemoryError:
        reason = (
            f"needs more than {settings().child_memory_bytes >> 20} MB: split it, or raise TIMELINE_CHILD_MEMORY_BYTES"
        )
    except RedisError:
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # a document must not take the role down
        reason = f"the reader stumbled ({type(error).__name__}): a fault of ours, please report it with the file"
        log.exception("document.stumbled", id=item.id, name=item.name)
    log.warning("document.failed", id=item.id, name=item.name, reason=reason)
    return Failed(item.id, item.revision, task, reason[:2000])


def _fetch(redis: keys.Redis, item: Item, task: str, told: Sequence[_Word]) -> bytes:
    """What was told before, word that we begin, and the bytes: one way there and back, which costs as much as a tenth
    of an article's reading. In this order, so that who dies has told all but what it was at."""
    key = keys.blob_key(item.blob) if item.need == "bytes" else keys.text_key(item.id)
    pipe = redis.pipeline(transaction=False)
    for stream, fact in (*told, (_stream(item), Started(item.id, task, heartbeat.worker_name()))):
        pipe.xadd(stream, {"fact": pack_fact(fact)})
    pipe.get(key)
    data = pipe.execute()[-1]
    if data is None:
        raise _Missing
    return bytes(data)


def _extract(data: bytes, item: Item) -> Extraction:
    if item.need == "text":
        return reingest(unpack_document(data), item.hints)
    return ingest(data, item.name, item.hints, item.member, max_text_chars=settings().max_text_chars)


_client: tuple[int, keys.Redis] | None = None


def _redis() -> keys.Redis:
    """This process's connection: one made before a fork must not be shared across it."""
    global _client
    if _client is None or _client[0] != os.getpid():
        _client = (os.getpid(), keys.connect(str(app.conf.timeline_redis_url), patience=PATIENCE))
    return _client[1]


@worker_process_init.connect
def _begin_child(**_: object) -> None:
    """Bounds this child, ties its life to its worker's, and loads what the first document would wait for."""
    limit = settings().child_memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if sys.platform == "linux":
        # A worker that is killed leaves no child behind that reads on for nobody.
        ctypes.CDLL(None, use_errno=True).prctl(_PDEATHSIG, signal.SIGKILL)
    warm_up()


@worker_init.connect
def _warm(**_: object) -> None:
    """What every document needs, loaded once and shared by the children: the packs, the first parse of a date."""
    ingest(_SAMPLE.encode(), "warm.txt", Hints(named_date=date(2024, 3, 15)))
    heap.settle()


@worker_shutting_down.connect
def _note_stop(**_: object) -> None:
    global _stopping
    _stopping = True


@task_failure.connect(sender=read)
def _tell_death(task_id: str = "", exception: BaseException | None = None, **_: object) -> None:
    """A child was killed: only the parent hears of it, and only here. The hard limit tells it twice."""
    if current_process().name != "MainProcess" or _stopping or not is_death(exception) or heartbeat.told(task_id):
        return
    cause = _cause(exception)
    log.warning("task.died", task=task_id, cause=cause)
    try:
        _redis().xadd(keys.RESULTS, {"fact": pack_fact(Died(task_id, cause))})
    except RedisError:
        log.warning("task.death_untold", task=task_id)  # the producer finds out by itself


def is_death(exception: BaseException | None) -> bool:
    """Whether a process was killed. Celery tells other failures in the same way, such as a Redis that was away for so
    long that a task could not even be put back: the producer finds that one lost, and no document is to blame."""
    return isinstance(exception, WorkerLostError | TimeLimitExceeded)


def _cause(exception: BaseException | None) -> str:
    """Why a child died, in words."""
    said = str(exception)
    if type(exception).__name__ == "TimeLimitExceeded":
        return f"took longer than {settings().hard_time_limit} s and would not stop"
    if found := _KILLED.search(said):
        number = int(found[1])
        try:
            return f"signal {number}, {signal.Signals(number).name}"
        except ValueError:
            return f"signal {number}"
    return said.splitlines()[0][:200] if said else type(exception).__name__
