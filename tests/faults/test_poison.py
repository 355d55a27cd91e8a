"""Documents that kill their reader, hang, never come to an end, and swell."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.rig import Rig, drop, rig
from timeline.store import State

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


def test_a_document_that_never_comes_to_an_end_fails_and_says_how_long_it_may_take(tmp_path: Path) -> None:
    limits = {"TIMELINE_SOFT_TIME_LIMIT": "4", "TIMELINE_HARD_TIME_LIMIT": "60"}
    with rig(tmp_path / "run", workers=1, **limits) as hurt:
        (hurt.inbox / "endless.txt").write_text(LONG * 25)
        (hurt.inbox / "after.txt").write_text("It went on on 7 November 2025.")
        hurt.settle(2)
        (failure,) = hurt.store.failures()
        assert "TIMELINE_SOFT_TIME_LIMIT" in failure.reason
        assert hurt.counts().done == 1


def test_a_document_that_needs_too_much_memory_fails_and_says_how_much_there_is(tmp_path: Path) -> None:
    limits = {"TIMELINE_CHILD_MEMORY_BYTES": str(900 * 1024 * 1024)}
    with rig(tmp_path / "run", workers=1, **limits) as hurt:
        (hurt.inbox / "swollen.txt").write_text(LONG * 120)
        (hurt.inbox / "after.txt").write_text("It went on on 7 November 2025.")
        hurt.settle(2)
        (failure,) = hurt.store.failures()
        assert "TIMELINE_CHILD_MEMORY_BYTES" in failure.reason
        assert hurt.counts().done == 1
