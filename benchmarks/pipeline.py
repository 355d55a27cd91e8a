"""What the queue, the store and the pages cost beside the work itself: `python -m benchmarks.pipeline`.

The same made-up articles go through bare processes that call the pipeline in a loop, and through the real
`timeline build` with as many workers, in turn, in one run. Every figure that counts is a ratio of the two, because the
machine may be busy with other things. Prints tables; asserts nothing of speed.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from celery import Celery
from redis import Redis

from benchmarks import articles
from timeline.model import Hints
from timeline.pipeline import ingest
from timeline.reading import named_date
from timeline.store import Store
from workers import keys
from workers.broker import EmbeddedRedis

STORED_TARGET, PAGES_TARGET = 0.75, 0.45
ECHOES = 2000
LOOK_EVERY = 0.1  # seconds between looks at what the roles have spent
LIMIT = 900.0  # seconds for anything
TICKS = os.sysconf("SC_CLK_TCK")
ECHO_URL = "TIMELINE_BENCH_ECHO"

echo_app = Celery("echo", broker=os.environ.get(ECHO_URL, "redis://127.0.0.1:6379/9"))
echo_app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, task_acks_late=True)


@echo_app.task(name="benchmarks.echo")  # type: ignore[untyped-decorator]  # celery has no types
def echo(word: str) -> None:
    """The least a task can do that can be seen to have run."""
    Redis.from_url(_socket_url(os.environ[ECHO_URL])).incr(f"echoed:{word}")


@dataclass(frozen=True, slots=True)
class Bare:
    """A loop over the pipeline: documents a second, and processor seconds spent."""

    pace: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Built:
    """A `timeline build`: seconds to the last result and to the last page, and processor seconds by role until then."""

    stored: float
    pages: float
    whole: float
    cpu_stored: dict[str, float]
    cpu: dict[str, float]
    events: int


def main() -> None:
    """Measure, in turn, and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--documents", type=int, default=2000)
    arguments.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    arguments.add_argument("--no-echo", action="store_true")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="timeline-pipeline-") as name:
        folder = Path(name)
        paths = articles.write(folder / "inbox", options.documents)
        size = statistics.mean(path.stat().st_size for path in paths)
        print(f"{len(paths)} articles of {size / 1024:.1f} KB; {os.cpu_count()} processors, load {_load()}")
        articles.write(folder / "one", 1, seed=8)
        for workers in options.workers:
            before = bare(paths, workers)
            built = build(folder, "inbox", workers)
            after = bare(paths, workers)
            _say(len(paths), workers, [before, after], built, build(folder, "one", workers))
        if not options.no_echo:
            for workers in options.workers:
                pace, cpu = echoes(folder, workers)
                print(
                    f"bare Celery echo, {workers} worker(s): {pace:.0f} messages/s, {1000 * cpu:.2f} ms CPU a message"
                )


def _say(count: int, workers: int, loops: Sequence[Bare], built: Built, one: Built) -> None:
    pace = statistics.mean(loop.pace for loop in loops)
    cpu = statistics.mean(loop.cpu for loop in loops)
    print(f"\n{workers} worker(s), load {_load()}")
    print(f"  bare loop        {pace:7.0f} documents/s   {1000 * cpu / count:6.2f} ms CPU a document")
    for what, seconds, target in (("stored", built.stored, STORED_TARGET), ("with pages", built.pages, PAGES_TARGET)):
        reached = count / seconds
        share = f"{100 * reached / pace:5.0f} % of bare (target {100 * target:.0f})"
        print(f"  {what:<16} {reached:7.0f} documents/s   {share}")
    print(f"  from the command to its end {built.whole:.1f} s, {built.events} events")
    print(
        f"  start and end of all roles: {one.whole:.1f} s, {sum(one.cpu.values()):.1f} s CPU (a build of one article)"
    )
    for what, spent, target in (
        ("stored", built.cpu_stored, STORED_TARGET),
        ("with pages", built.cpu, PAGES_TARGET),
    ):
        beyond = {role: max(0.0, seconds - one.cpu.get(role, 0.0)) for role, seconds in spent.items()}
        total = sum(beyond.values())
        print(
            f"  {what}: {1000 * total / count:.2f} ms CPU a document beyond that, {total / cpu:.2f} × bare "
            f"(target {1 / target:.2f}); with it {sum(spent.values()) / cpu:.2f} ×"
        )
        for role, seconds in sorted(beyond.items(), key=lambda item: -item[1]):
            print(f"    {role:<14} {1000 * seconds / count:6.2f}   {100 * seconds / total:4.0f} %")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


# The bare loop.


def bare(paths: Sequence[Path], processes: int) -> Bare:
    """The documents shared out to processes that read and extract, and do nothing with the result."""
    context = multiprocessing.get_context("spawn")
    barrier, told = context.Barrier(processes), context.SimpleQueue()
    crowd = [
        context.Process(target=_loop, args=([str(path) for path in paths[number::processes]], barrier, told))
        for number in range(processes)
    ]
    for process in crowd:
        process.start()
    spans: list[tuple[float, float, float]] = [told.get() for _ in crowd]
    for process in crowd:
        process.join(LIMIT)
    seconds = max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans)
    return Bare(len(paths) / seconds, sum(cpu for _, _, cpu in spans))


def _loop(names: Sequence[str], barrier: Barrier, told: "SimpleQueue[tuple[float, float, float]]") -> None:
    ingest(next(articles.articles(1))[1].encode(), "warm.txt", Hints(named_date=date(2024, 3, 15)))
    barrier.wait(LIMIT)
    began, spent = time.monotonic(), time.process_time()
    for name in names:
        path = Path(name)
        ingest(path.read_bytes(), path.name, Hints(named_date=named_date(path.name)))
    told.put((began, time.monotonic(), time.process_time() - spent))


# The real thing.


def build(folder: Path, inbox: str, workers: int) -> Built:
    """`timeline build` over the inbox; its store says when the first document came and when the last was kept."""
    data, site = folder / f"data-{inbox}-{workers}", folder / f"site-{inbox}-{workers}"
    command = [sys.executable, "-m", "timeline", "build", folder / inbox, "--site", site, "--data", data]
    began = time.monotonic()
    with (folder / "build.log").open("wb") as log:
        process = subprocess.Popen([*map(str, command), "--workers", str(workers)], stdout=log, stderr=log)
    spent: dict[int, tuple[str, float]] = {}
    course: list[tuple[float, dict[str, float]]] = []
    while process.poll() is None:
        if time.monotonic() - began > LIMIT:
            process.terminate()
        _sample(process.pid, spent)
        course.append((time.time(), _by_role(spent)))
        time.sleep(LOOK_EVERY)
    whole = time.monotonic() - began
    if process.returncode:
        raise SystemExit((folder / "build.log").read_text())
    with Store.open(data / "timeline.db", read_only=True) as store:
        rows, events = store.documents(), store.counts().events
    first = min(row.registered_at for row in rows)
    last = max(row.finished_at or 0.0 for row in rows)
    pages = (site / "changes.json").stat().st_mtime
    until_stored = next((cpu for at, cpu in course if at >= last), _by_role(spent))
    return Built(last - first, pages - first, whole, until_stored, _by_role(spent), events)


def _by_role(spent: Mapping[int, tuple[str, float]]) -> dict[str, float]:
    """Processor seconds of each role, its children's among them."""
    cpu: dict[str, float] = {}
    for role, seconds in spent.values():
        cpu[role] = cpu.get(role, 0.0) + seconds
    return cpu


def _sample(root: int, spent: dict[int, tuple[str, float]]) -> None:
    """What each descendant has spent so far; the last look at each is what counts."""
    todo = [(root, "build")]
    while todo:
        pid, role = todo.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        # One that has just ended has no words any more, and keeps its role.
        role = _role(words) or (spent[pid][0] if pid in spent else role)
        spent[pid] = (role, (int(fields[11]) + int(fields[12])) / TICKS)
        todo += [(int(child), role) for child in children]


def _role(words: Sequence[str]) -> str | None:
    if words and "redis-server" in words[0]:
        return "redis"
    return next((role for role in ("watch", "worker", "assemble") if role in words), None)


# The yardstick: Celery with nothing to do.


def echoes(folder: Path, workers: int) -> tuple[float, float]:
    """Messages a second through a bare Celery task, one message a document; and processor seconds a message."""
    with _redis(folder) as url:
        environment = {**os.environ, ECHO_URL: url}
        command = [sys.executable, "-m", "celery", "-A", "benchmarks.pipeline:echo_app", "--quiet", "worker"]
        command += [f"--concurrency={workers}", "--without-gossip", "--without-mingle", "--loglevel=ERROR"]
        worker = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            client = Redis.from_url(_socket_url(url))
            sender = Celery(broker=url)
            sender.send_task("benchmarks.echo", ["warm"])
            _wait(client, "echoed:warm", 1)
            spent: dict[int, tuple[str, float]] = {}
            _sample(worker.pid, spent)
            before = sum(seconds for _, seconds in spent.values()) + _own()
            began = time.monotonic()
            for _ in range(ECHOES):
                sender.send_task("benchmarks.echo", ["hello"])
            _wait(client, "echoed:hello", ECHOES)
            seconds = time.monotonic() - began
            _sample(worker.pid, spent)
            after = sum(seconds for _, seconds in spent.values()) + _own()
            return ECHOES / seconds, (after - before) / ECHOES
        finally:
            worker.terminate()
            worker.wait(30)


def _own() -> float:
    return time.process_time()


def _wait(client: "keys.Redis", key: str, count: int) -> None:
    deadline = time.monotonic() + 120
    while int(client.get(key) or 0) < count:
        if time.monotonic() > deadline:
            raise SystemExit("the echo never came")
        time.sleep(0.02)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    server = EmbeddedRedis(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _socket_url(url: str) -> str:
    return url.replace("redis+socket://", "unix://").partition("?")[0]


if __name__ == "__main__":
    main()
