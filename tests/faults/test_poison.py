"""Documents that kill, hang and swell; disks that are full, stores that are locked, a Redis with a file of its own."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.rig import Rig, canonical, drop, rig
from timeline.store import State
from workers.broker import answers, find_server

pytestmark = [pytest.mark.redis, pytest.mark.slow]
LONG = "The bridge fell on 6 November 2025. It had stood since 1931. " * 12_000  # a second and more to read


def _lurk(hurt: Rig, name: str, number: int, times: int) -> int:
    """A signal to whoever reads the document of this name, whenever it is read; returns how often it was sent."""
    sent = 0
    began = time.monotonic()
    last: float | None = None
    while time.monotonic() - began < 60:
        row = next((row for row in hurt.store.documents() if row.name == name), None)
        if row is not None and row.state is State.FAILED:
            break
        if row is not None and row.state is State.WORKING and row.started_at != last and hurt.children():
            last = row.started_at
            with contextlib.suppress(ProcessLookupError):
                os.kill(_busiest(hurt), number)
                sent += 1
        if sent == times:
            break
        time.sleep(0.05)
    return sent


def _busiest(hurt: Rig) -> int:
    """The one reading process: these rigs have one."""
    return max(hurt.children(), key=lambda pid: sum(psutil.Process(pid).cpu_times()[:2]))


def test_a_document_that_kills_its_process_is_given_up_after_three_deaths_alone(tmp_path: Path) -> None:
    with rig(tmp_path / "run", workers=1) as hurt:
        (hurt.inbox / "poison.txt").write_text(LONG)
        hurt.wait(lambda: hurt.store.documents(), "registered")
        drop(hurt, 20)
        assert _lurk(hurt, "poison.txt", signal.SIGKILL, times=10) == 4, "once in doubt, three times alone"
        (hurt.inbox / "after.txt").write_text("It went on on 7 November 2025.")
        hurt.settle(20 + 3 + 2)
        (failure,) = (row for row in hurt.store.failures() if row.path == "poison.txt")
        assert "crashes the reader (signal 9, SIGKILL), 3 times" in failure.reason
        assert hurt.counts().done == 21


def test_a_document_that_hangs_is_killed_and_tried_again(tmp_path: Path) -> None:
    # A quarter as long: the second try must end within the limit on a machine that is ten times as slow, too.
    limits = {"TIMELINE_SOFT_TIME_LIMIT": "9", "TIMELINE_HARD_TIME_LIMIT": "10"}
    with rig(tmp_path / "run", workers=1, **limits) as hurt:
        (hurt.inbox / "slow.txt").write_text(LONG[: len(LONG) // 4])
        assert _lurk(hurt, "slow.txt", signal.SIGSTOP, times=1) == 1
        (hurt.inbox / "after.txt").write_text("It went on on 7 November 2025.")
        hurt.settle(2)
        assert hurt.counts().done == 2
        assert "task.died" in (hurt.folder / "up.out").read_text()


def test_a_document_that_needs_too_much_memory_fails_and_says_how_much_there_is(tmp_path: Path) -> None:
    limits = {"TIMELINE_CHILD_MEMORY_BYTES": str(900 * 1024 * 1024)}
    with rig(tmp_path / "run", workers=1, **limits) as hurt:
        (hurt.inbox / "swollen.txt").write_text(LONG * 120)
        (hurt.inbox / "after.txt").write_text("It went on on 7 November 2025.")
        hurt.settle(2)
        (failure,) = hurt.store.failures()
        assert "TIMELINE_CHILD_MEMORY_BYTES" in failure.reason
        assert hurt.counts().done == 1


def test_a_store_that_is_locked_for_a_while_delays_and_nothing_else(tmp_path: Path, undisturbed: str) -> None:
    with rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        hurt.wait_done(50)
        other = sqlite3.connect(hurt.data / "timeline.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(4)
        before = hurt.counts().done
        time.sleep(1)
        assert hurt.counts().done == before
        other.execute("ROLLBACK")
        other.close()
        hurt.settle(documents)
    assert canonical(hurt.data) == undisturbed


@contextlib.contextmanager
def _shared_redis(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Redis that keeps a file; the list holds its process, to be killed and started again."""
    folder.mkdir()
    processes: list[subprocess.Popen[bytes]] = []
    yield f"redis+socket://{folder}/shared.sock", processes
    for process in processes:
        process.kill()
        process.wait()


def _start_redis(folder: Path) -> subprocess.Popen[bytes]:
    command = [
        str(find_server().path),
        "--port",
        "0",
        "--unixsocket",
        str(folder / "shared.sock"),
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen([*command, "--appendonly", "yes", "--appendfsync", "always"], stdout=subprocess.DEVNULL)
    began = time.monotonic()
    while not answers(folder / "shared.sock"):
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    return process


def test_a_redis_that_comes_back_with_its_file_goes_on(tmp_path: Path, undisturbed: str) -> None:
    with _shared_redis(tmp_path / "redis") as (url, processes):
        processes.append(_start_redis(tmp_path / "redis"))
        with rig(tmp_path / "run", TIMELINE_REDIS_URL=url) as hurt:
            documents = drop(hurt)
            counts = hurt.wait_done(60)
            assert counts.queued + counts.working
            processes[-1].kill()
            processes[-1].wait()
            time.sleep(float(os.environ.get("REDIS_AWAY", "3")))
            processes.append(_start_redis(tmp_path / "redis"))
            hurt.settle(documents)
        assert canonical(hurt.data) == undisturbed


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A disk of 64 to 128 MB under that name: one made for it, else the shared memory of a container that is small."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    shared = Path("/dev/shm")  # noqa: S108 - only a place of known size
    folder.mkdir()
    if not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "none", folder], capture_output=True).returncode:
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    if not shared.is_dir() or shutil.disk_usage(shared).total > 128 << 20:
        pytest.skip("no small disk here: nobody may mount a tmpfs, and /dev/shm is large")
    folder.rmdir()
    with tempfile.TemporaryDirectory(dir=shared) as aside:
        folder.symlink_to(aside)
        yield


def test_a_full_disk_pauses_and_everything_resumes_by_itself(tmp_path: Path, undisturbed: str) -> None:
    data = tmp_path / "run" / "data"
    with _small_disk(data), rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        hurt.wait_done(50)
        ballast = data / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 65_536)
        time.sleep(6)
        assert hurt.counts().queued + hurt.counts().working, "it went on as if nothing had happened"
        ballast.unlink()
        hurt.settle(documents)
        assert canonical(data) == undisturbed
