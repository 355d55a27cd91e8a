"""The worker role as it is: a real Celery worker on a real Redis, given good, bad and deadly work."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil
import pytest
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from kombu.exceptions import OperationalError

from timeline.facts import Died, Done, Fact, Failed, Missing, Started
from timeline.model import Hints
from timeline.pipeline import ingest
from workers import keys
from workers.app import make_app
from workers.broker import EmbeddedRedis
from workers.messages import Item, pack_document, pack_items, unpack_alive, unpack_fact
from workers.tasks import is_death

pytestmark = pytest.mark.redis
TEXT = b"The bridge fell on 6 November 2025. It had stood since 1931."


def wait_until(condition: Callable[[], object], what: str, seconds: float = 40.0) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.05)


@dataclass
class Worker:
    """A running worker, and the queue in front of it."""

    process: subprocess.Popen[bytes]
    redis: keys.Redis
    url: str
    sent: int = 0

    def send(self, *items: Item, data: bytes = TEXT, raw: object = None) -> str:
        self.sent += 1
        for item in items:
            self.redis.set(keys.blob_key(item.blob), data)
        app = make_app(self.url)
        arguments = raw if raw is not None else pack_items(items)
        return str(app.send_task("timeline.read", args=[arguments], task_id=f"task-{self.sent}-{os.getpid()}"))

    def facts(self) -> list[Fact]:
        return [unpack_fact(fields[b"fact"]) for _, fields in self.redis.xrange(keys.RESULTS)]

    def wait_for(self, kind: type[Fact], count: int = 1) -> list[Fact]:
        wait_until(lambda: len([fact for fact in self.facts() if isinstance(fact, kind)]) >= count, str(kind))
        return [fact for fact in self.facts() if isinstance(fact, kind)]

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


def item(number: int, name: str = "x.txt", **more: object) -> Item:
    id_ = f"{number:016x}"
    fields: dict[str, object] = {"need": "bytes", "blob": id_, "member": (), "hints": Hints()} | more
    return Item(id=id_, revision=0, name=name, **fields)  # type: ignore[arg-type]


@contextmanager
def running(folder: Path) -> Iterator[Worker]:
    """A worker of one process on a Redis of its own, ready to read."""
    server = EmbeddedRedis(folder / "run")
    url = server.start()
    limits = {"TIMELINE_SOFT_TIME_LIMIT": "3", "TIMELINE_HARD_TIME_LIMIT": "5", "TIMELINE_DATA": str(folder)}
    environment = {**os.environ, **limits, "TIMELINE_REDIS_URL": url}
    with (folder / "out").open("wb") as out:
        command = [sys.executable, "-m", "timeline", "worker", "--workers", "1"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    worker = Worker(process, keys.connect(url), url)
    wait_until(lambda: worker.redis.keys(keys.WORKERS + "*"), (folder / "out").read_text())
    yield worker
    process.terminate()
    process.wait(20)
    server.stop()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One worker for all tests of this module that leave it running: it takes seconds to start."""
    with running(tmp_path_factory.mktemp("worker")) as worker:
        yield worker


@pytest.fixture
def worker(started: Worker) -> Worker:
    started.redis.delete(keys.RESULTS)
    return started


def test_a_document_is_begun_and_read(worker: Worker) -> None:
    task = worker.send(item(1))
    (read,) = worker.wait_for(Done)
    assert isinstance(read, Done)
    assert (read.id, read.task, read.revision) == (item(1).id, task, 0)
    assert [event.expression for event in read.extraction.events] == ["on 6 November 2025", "since 1931"] or [
        event.expression for event in read.extraction.events
    ] == ["6 November 2025", "since 1931"]
    begun = worker.facts()[0]
    assert isinstance(begun, Started)
    assert begun.worker in {key.decode().removeprefix(keys.WORKERS) for key in worker.redis.keys(keys.WORKERS + "*")}


def test_each_document_of_a_batch_tells_its_own_fact(worker: Worker) -> None:
    good, bad, gone = item(1), item(2, "bad.pdf"), item(3)
    worker.redis.set(keys.blob_key(good.id), TEXT)
    worker.redis.set(keys.blob_key(bad.id), b"%PDF-1.7 no more")
    worker.redis.delete(keys.blob_key(gone.id))
    make_app(worker.url).send_task("timeline.read", args=[pack_items((good, bad, gone))], task_id="batch-1")
    wait_until(lambda: len(worker.facts()) == 6, "three begun, three ended")
    assert [type(fact) for fact in worker.facts()] == [Started, Done, Started, Failed, Started, Missing]


def test_a_text_read_before_is_read_again_with_its_new_date(worker: Worker) -> None:
    document = ingest(b"It fell yesterday.", "x.txt", Hints(named_date=date(2025, 11, 6))).document
    again = item(4, need="text", hints=Hints(correction=date(2020, 3, 2)))
    worker.redis.set(keys.text_key(again.id), pack_document(document))
    worker.send(again)
    (read,) = worker.wait_for(Done)
    assert isinstance(read, Done)
    assert read.extraction.events[0].timex.value == "2020-03-01"


@pytest.mark.parametrize("forged", [None, [], [{"id": "../x"}], "x", [{"path": "/etc/passwd"}]], ids=str)
def test_forged_work_is_dropped_and_the_worker_reads_on(worker: Worker, forged: object) -> None:
    worker.send(raw=forged if forged is not None else {})
    worker.send(item(5))
    worker.wait_for(Done)
    assert all(fact.id == item(5).id for fact in worker.facts() if not isinstance(fact, Died))


def test_a_killed_child_is_told_once_with_its_cause(worker: Worker) -> None:
    task = worker.send(item(6), data=TEXT * 20_000)
    wait_until(lambda: worker.facts(), "begun")
    worker.children()[0].send_signal(signal.SIGKILL)
    (died,) = worker.wait_for(Died)
    assert isinstance(died, Died)
    assert (died.task, "SIGKILL" in died.cause) == (task, True)
    worker.send(item(7))
    worker.wait_for(Done)
    assert len(worker.wait_for(Died)) == 1


def test_only_the_death_of_a_process_is_a_death() -> None:
    assert is_death(WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL)"))
    assert is_death(TimeLimitExceeded(180))
    assert not is_death(OperationalError("Error 111 connecting to Redis"))
    assert not is_death(None)


def test_a_child_that_is_asked_to_end_fails_no_document(worker: Worker) -> None:
    task = worker.send(item(16), data=TEXT * 20_000)
    wait_until(lambda: worker.facts(), "begun")
    worker.children()[0].send_signal(signal.SIGTERM)
    (died,) = worker.wait_for(Died)
    assert isinstance(died, Died)
    assert (died.task, "SIGTERM" in died.cause) == (task, True)
    worker.send(item(17))
    worker.wait_for(Done)
    assert not any(isinstance(fact, Failed) for fact in worker.facts())


def test_a_child_that_will_not_stop_is_killed_at_the_hard_limit_and_told_once(worker: Worker) -> None:
    task = worker.send(item(8), data=TEXT * 20_000)
    wait_until(lambda: any(isinstance(fact, Started) for fact in worker.facts()), "begun")
    worker.children()[0].suspend()
    (died,) = worker.wait_for(Died)
    assert isinstance(died, Died)
    assert died.task == task
    worker.send(item(9))
    worker.wait_for(Done)
    assert len(worker.wait_for(Died)) == 1


def test_a_worker_says_what_it_holds_and_a_stopped_one_says_goodbye(tmp_path: Path) -> None:
    with running(tmp_path) as worker:
        (key,) = worker.redis.keys(keys.WORKERS + "*")
        alive = unpack_alive(worker.redis.get(key))
        assert alive is not None
        assert alive.pid == worker.process.pid
        child = worker.children()[0].pid
        worker.send(item(10), data=TEXT * 1_500)
        worker.wait_for(Started)
        worker.process.terminate()
        wait_until(lambda: worker.redis.keys(keys.GOODBYES + "*"), "its goodbye, while it reads to the end", 3)
        worker.process.wait(20)
        assert [type(fact) for fact in worker.facts()] == [Started, Done]
        assert not worker.redis.keys(keys.WORKERS + "*")
        wait_until(lambda: not psutil.pid_exists(child), "its child gone", 5)


def _celery(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Celery's own command line, as its users know it."""
    environment = {**os.environ, "TIMELINE_REDIS_URL": url}
    command = [sys.executable, "-m", "celery", "-A", "workers", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_celerys_own_commands_see_the_worker(worker: Worker) -> None:
    name = f"reader-{worker.process.pid}@{socket.gethostname()}"
    asked = ("inspect", "--timeout=60", f"--destination={name}", "--json")
    stats = json.loads(_celery(worker.url, *asked, "stats").stdout)[name]
    assert stats["pool"]["max-concurrency"] == 1
    assert json.loads(_celery(worker.url, *asked, "registered").stdout)[name] == ["timeline.read"]


def test_a_worker_started_by_celery_itself_refuses_an_open_redis_too() -> None:
    done = _celery("redis://queue.example.org:6379/0", "worker", "--concurrency=1", "--loglevel=ERROR")
    assert done.returncode == 1
    assert "asks for no password" in done.stderr
    assert "Traceback" not in done.stderr
