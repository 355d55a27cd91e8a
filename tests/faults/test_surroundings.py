"""What the roles stand on: a full disk, a store that somebody else holds, a Redis that goes away for a while."""

import contextlib
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.aiming import told
from tests.faults.record import note
from tests.faults.rig import KEPT, Rig, drop, rig
from workers.broker import answers, find_server

pytestmark = [pytest.mark.redis, pytest.mark.slow]
SEED = int(os.environ.get("FAULT_SEED", "1"))
RUNS = int(os.environ.get("FAULT_RUNS", "0"))
SEEDS = range(SEED, SEED + max(1, RUNS))
SMALL = 128 << 20  # bytes of a disk that may be filled
FULL_FOR = 6.0  # seconds

Squeeze = Callable[[Rig], contextlib.AbstractContextManager[None]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("place", ["store", "site", "logs"])
def test_a_full_disk_delays_and_everything_goes_on_by_itself(
    place: str, seed: int, tmp_path: Path, undisturbed: str
) -> None:
    folder = {"store": tmp_path / "run" / "data", "site": tmp_path / "site", "logs": tmp_path / "run" / "data" / "logs"}
    environment = {"TIMELINE_SITE": str(folder["site"])} if place == "site" else {}
    point = random.Random(f"{seed}{place}").randrange(20, 250)  # noqa: S311 - repeatable, not secret
    print(f"seed {seed}, the disk of the {place} full at {point}")
    with _small_disk(folder[place]) as squeeze, rig(tmp_path / "run", **environment) as hurt:
        documents = drop(hurt)
        hurt.wait_done(point)
        hurt.bring(KEPT)
        with squeeze(hurt):
            time.sleep(FULL_FOR)
            left = hurt.counts()
            if place == "store":
                assert left.queued + left.working, "it went on as if nothing had happened"
            if place == "site" and squeeze.__name__ == "_filled":
                hurt.wait(lambda: any("pages" in notice.text for notice in hurt.store.notices()), "the notice")
        began = time.monotonic()
        hurt.wait(lambda: hurt.counts().done > left.done or not hurt.counts().queued, "work goes on")
        recovered = time.monotonic() - began
        settled = hurt.settle(documents)
        site = folder["site"] if place == "site" else hurt.data / "site"
        hurt.wait(lambda: not hurt.store.dirty_pages(1) and not hurt.store.notices(), "all pages made, no notice left")
        assert "</html>" in (site / "index.html").read_text()
        assert not list(site.rglob(".*.tmp"))
        note(f"disk of the {place} full for {FULL_FOR:.0f} s", seed, undisturbed, hurt.data, recovered, settled)


def test_files_that_may_not_grow_delay_and_everything_goes_on_by_itself(tmp_path: Path, undisturbed: str) -> None:
    with rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        hurt.wait_done(50)
        hurt.bring(KEPT)
        with _limited(hurt):
            time.sleep(1)
            before = hurt.counts()
            time.sleep(FULL_FOR)
            assert hurt.counts() == before, "it went on as if nothing had happened"
            assert before.queued + before.working, "too late: everything was done"
        settled = hurt.settle(documents)
    note("files that may not grow for 6 s", SEED, undisturbed, hurt.data, settled, settled)


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[Squeeze]:
    """A disk that may be filled under that name, and how to: one made for it, else the shared memory of a container
    that is small; where neither can be had, a limit on the size of files does what a full disk does."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir()
    shared = Path("/dev/shm")  # noqa: S108 - only a place of known size

    @contextlib.contextmanager
    def _filled(_hurt: Rig) -> Iterator[None]:
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 65_536)
        yield
        ballast.unlink()

    if not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "none", folder], capture_output=True).returncode:
        try:
            yield _filled
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
    elif shared.is_dir() and shutil.disk_usage(shared).total <= SMALL:
        folder.rmdir()
        with tempfile.TemporaryDirectory(dir=shared) as aside:
            folder.symlink_to(aside)
            yield _filled
    else:
        yield _limited


@contextlib.contextmanager
def _limited(hurt: Rig) -> Iterator[None]:
    """No process of the rig may write past the first 32 KB of any file: the system refuses with EFBIG."""
    assert hurt.process is not None
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        family = psutil.Process(hurt.process.pid).children(recursive=True) if hurt.process else []
        for pid in (hurt.process.pid, *(member.pid for member in family)):
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))

    limit(32 * 1024)
    yield
    limit(most)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_store_that_is_locked_for_a_while_delays_and_nothing_else(
    seed: int, tmp_path: Path, undisturbed: str
) -> None:
    point = random.Random(f"{seed}locked").randrange(20, 250)  # noqa: S311 - repeatable, not secret
    with rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        hurt.wait_done(point)
        hurt.bring(KEPT)
        other = sqlite3.connect(hurt.data / "timeline.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(4)
        before = hurt.counts().done
        time.sleep(1)
        assert hurt.counts().done == before
        other.execute("ROLLBACK")
        other.close()
        recovered = hurt.wait(lambda: hurt.counts().done > before, "work goes on")
        settled = hurt.settle(documents)
    note("store locked by another program for 5 s", seed, undisturbed, hurt.data, recovered, settled)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("keeps", [True, False], ids=["with-its-file", "without"])
def test_a_redis_that_comes_back_goes_on(keeps: bool, seed: int, tmp_path: Path, undisturbed: str) -> None:
    point = random.Random(f"{seed}{keeps}").randrange(20, 250)  # noqa: S311 - repeatable, not secret
    away = float(os.environ.get("REDIS_AWAY", "3"))
    with (
        _shared_redis(tmp_path / "redis", keeps=keeps) as (url, start, kill),
        rig(tmp_path / "run", TIMELINE_REDIS_URL=url) as hurt,
    ):
        documents = drop(hurt)
        hurt.wait_done(point)
        hurt.bring(KEPT)
        kill()
        time.sleep(away)
        before = hurt.counts().done
        start()
        recovered = hurt.wait(lambda: hurt.counts().done > before, "work goes on")
        settled = hurt.settle(documents)
        assert not told(hurt.data, "worker", "task.died"), "a Redis that is away is no document's fault"
    said = f"SIGKILL of a shared Redis, back after {away:.0f} s {'with its file' if keeps else 'empty'}"
    note(said, seed, undisturbed, hurt.data, recovered, settled)


@contextlib.contextmanager
def _shared_redis(folder: Path, *, keeps: bool) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A Redis of somebody else's: its address, how to start it, how to kill it."""
    folder.mkdir()
    processes: list[subprocess.Popen[bytes]] = []
    file = ["--appendonly", "yes", "--appendfsync", "always"] if keeps else ["--save", "", "--appendonly", "no"]

    def start() -> None:
        where = ["--port", "0", "--unixsocket", str(folder / "shared.sock"), "--dir", str(folder)]
        processes.append(subprocess.Popen([str(find_server().path), *where, *file], stdout=subprocess.DEVNULL))
        began = time.monotonic()
        while not answers(folder / "shared.sock"):
            assert time.monotonic() - began < 20
            time.sleep(0.05)

    def kill() -> None:
        processes[-1].kill()
        processes[-1].wait()

    start()
    try:
        yield f"redis+socket://{folder}/shared.sock", start, kill
    finally:
        kill()
