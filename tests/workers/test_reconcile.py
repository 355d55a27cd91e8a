"""Lost work is found by asking; waiting work is never lost. A real Redis, its contents made by hand."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from timeline.facts import Missing, Started
from timeline.store import Arrival, Store
from workers import keys, reconcile
from workers.messages import Alive, pack_alive, pack_fact
from workers.reconcile import Reconciler

pytestmark = pytest.mark.redis
NOW = 1_000_000.0


@pytest.fixture
def handed(reconciler: Reconciler, store: Store) -> str:
    """A document that was handed out with task t-1."""
    document = store.register([Arrival("x.txt", "ab" * 32, 5)], NOW)[0].document_id
    store.hand_out("t-1", [document], NOW)
    return document


@pytest.fixture
def reconciler(store: Store, redis: keys.Redis, monkeypatch: pytest.MonkeyPatch) -> Reconciler:
    monkeypatch.setattr(reconcile, "DOUBT", 0.2)
    monkeypatch.setattr(reconcile, "DOUBT_UNHELD", 0.2)
    made = Reconciler(store, redis, hard_limit=10.0)
    made.epoch_holds()
    return made


def message(task: str) -> str:
    return json.dumps({"body": "", "headers": {"id": task, "task": "timeline.read"}, "properties": {}})


def live(redis: keys.Redis, name: str, *tasks: str, pid: int = 0, host: str = "") -> None:
    alive = Alive(host or socket.gethostname(), pid or os.getpid(), NOW, tasks)
    redis.set(keys.WORKERS + name, pack_alive(alive))


def unacked(redis: keys.Redis, task: str) -> None:
    redis.hset(keys.UNACKED, "tag-1", json.dumps([json.loads(message(task)), "", "documents"]))
    redis.zadd(keys.UNACKED_INDEX, {"tag-1": 1.0})


def sweeps(reconciler: Reconciler, now: float = NOW) -> int:
    """Two looks, with the doubt's patience between."""
    first = reconciler.sweep(now)
    time.sleep(0.3)
    return first + reconciler.sweep(now)


def test_what_waits_on_the_queue_is_never_lost(handed: str, reconciler: Reconciler, redis: keys.Redis) -> None:
    for name in keys.QUEUE_LISTS:
        redis.lpush(name, message("t-1"))
        assert sweeps(reconciler, NOW + 100_000) == 0
        redis.delete(name)


def test_what_a_living_worker_holds_is_not_lost(handed: str, reconciler: Reconciler, redis: keys.Redis) -> None:
    unacked(redis, "t-1")
    live(redis, "w", "t-1")
    assert sweeps(reconciler) == 0


def test_what_is_nowhere_is_lost_and_waits_again(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    assert sweeps(reconciler) == 1
    assert [work.id for work in store.next_work(5, NOW)] == [handed]
    assert not store.next_work(5, NOW)[0].alone


def test_what_nobody_holds_is_taken_off_the_broker(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    unacked(redis, "t-1")
    live(redis, "w", "t-other")
    assert sweeps(reconciler) == 1
    assert redis.hlen(keys.UNACKED) == redis.zcard(keys.UNACKED_INDEX) == 0


def test_a_result_that_waits_on_the_stream_is_no_loss(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    entry = redis.xadd(keys.RESULTS, {"fact": pack_fact(Missing(handed, "t-1"))})
    assert sweeps(reconciler) == 0
    redis.xdel(keys.RESULTS, entry)
    assert sweeps(reconciler) == 1


def test_a_worker_that_died_loses_its_task_at_once_and_is_counted(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    live(redis, "w", "t-1", pid=dead.pid)
    unacked(redis, "t-1")
    store.apply([Started(handed, "t-1", "w")], NOW)
    assert sweeps(reconciler) == 1
    assert store.next_work(5, NOW)[0].alone, "suspected"
    row = store.document(handed)
    assert row is not None
    assert row.attempts == 1


def test_a_worker_that_said_goodbye_blames_nobody(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    redis.set(keys.GOODBYES + "w", b"1")
    store.apply([Started(handed, "t-1", "w")], NOW)
    assert sweeps(reconciler) == 1
    assert not store.next_work(5, NOW)[0].alone


def test_what_runs_past_its_hard_limit_is_lost(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    live(redis, "w", "t-1")
    unacked(redis, "t-1")
    store.apply([Started(handed, "t-1", "w")], NOW)
    assert sweeps(reconciler, NOW + 39) == 0
    assert reconciler.sweep(NOW + 41) == 1


def test_another_redis_makes_everything_wait_again(
    handed: str, reconciler: Reconciler, store: Store, redis: keys.Redis
) -> None:
    assert reconciler.epoch_holds()
    redis.flushall()
    assert not reconciler.epoch_holds()
    assert store.next_work(5, NOW)[0].id == handed
    assert reconciler.epoch_holds()


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b'{"headers": 3}', b'{"headers": {"id": []}}', b"\xff"])
def test_junk_on_the_broker_harms_nobody(junk: bytes, handed: str, reconciler: Reconciler, redis: keys.Redis) -> None:
    redis.lpush(keys.QUEUE, junk)
    redis.hset(keys.UNACKED, "tag", junk)
    redis.set(keys.WORKERS + "w", junk)
    assert sweeps(reconciler) == 1
