"""A worker's signs of life: what it is, and which tasks it holds; gone a few seconds after it is."""

import os
import socket
import threading
import time
from collections import OrderedDict

import structlog
from celery.signals import worker_init, worker_ready, worker_shutdown, worker_shutting_down
from celery.worker import state
from redis import RedisError

from workers import keys
from workers.app import app
from workers.messages import Alive, pack_alive

log = structlog.get_logger("workers.heartbeat")

EVERY = 2.0  # seconds between two signs
LASTS = 7  # seconds one counts: a worker may miss two
GOODBYE_LASTS = 3600  # seconds: longer than any task a stopped worker gave back can wait unnoticed

_name = ""
_since = 0.0
_told: "OrderedDict[str, None]" = OrderedDict()
_stop = threading.Event()
_wake = threading.Event()
_is_leaving = False


def worker_name() -> str:
    """This worker's name: another one after each start, on each machine."""
    return _name or f"{socket.gethostname()}-{os.getpid()}"


def told(task: str) -> bool:
    """Whether this task's death was told before; remembers it."""
    if task in _told:
        return True
    _told[task] = None
    if len(_told) > 1000:
        _told.popitem(last=False)
    return False


@worker_init.connect
def _christen(**_: object) -> None:
    global _name, _since
    _since = time.time()
    _name = f"{socket.gethostname()}-{os.getpid()}-{int(_since * 1000):x}"


@worker_ready.connect
def _begin(**_: object) -> None:
    log.info("worker.ready", worker=_name)
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def _leave(**_: object) -> None:
    """Somebody asks it to stop. It may be killed while it still reads to the end: the goodbye is said now."""
    global _is_leaving
    _is_leaving = True
    _wake.set()


@worker_shutdown.connect
def _end(**_: object) -> None:
    """Says goodbye, so that nobody counts the documents it gave back as its murderers."""
    _stop.set()
    _wake.set()
    try:
        redis = keys.connect(str(app.conf.timeline_redis_url))
        redis.set(keys.GOODBYES + _name, b"1", ex=GOODBYE_LASTS)
        redis.delete(keys.WORKERS + _name)
    except RedisError:
        log.info("worker.left_unsaid", worker=_name)
    log.info("worker.stopped", worker=_name)


def _beat() -> None:
    redis = keys.connect(str(app.conf.timeline_redis_url))
    host = socket.gethostname()
    while not _stop.is_set():
        held = tuple(request.id for request in tuple(state.reserved_requests))
        sign = pack_alive(Alive(host=host, pid=os.getpid(), since=_since, tasks=held[:1000]))
        try:
            redis.set(keys.WORKERS + _name, sign, ex=LASTS)
            if _is_leaving:
                redis.set(keys.GOODBYES + _name, b"1", ex=GOODBYE_LASTS)
        except RedisError as error:
            log.debug("heartbeat.missed", reason=str(error))
        _wake.wait(EVERY)
        _wake.clear()
