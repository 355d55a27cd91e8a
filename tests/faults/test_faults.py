"""Signals to real processes in the middle of real work: nothing is lost, nothing is there twice."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.faults.rig import Rig, canonical, drop, rig

pytestmark = [pytest.mark.redis, pytest.mark.slow]
SEED = int(os.environ.get("FAULT_SEED", "1"))


def _child(hurt: Rig) -> None:
    """SIGKILL of a process that reads, as a segmentation fault or the kernel's memory killer would."""
    hurt.wait(hurt.children, "a reading process")
    os.kill(hurt.children()[0], signal.SIGKILL)


def _worker(hurt: Rig) -> None:
    before = hurt.kill("worker")
    took = hurt.wait(lambda: hurt.pids().get("worker", before) != before, "another worker")
    assert took < 5, took


def _assembler(hurt: Rig) -> None:
    hurt.kill("assemble")


def _producer(hurt: Rig) -> None:
    hurt.kill("watch")


def _redis_killed(hurt: Rig) -> None:
    hurt.kill("redis")


def _redis_flushed(hurt: Rig) -> None:
    hurt.redis().flushall()


def _up(hurt: Rig) -> None:
    family = [child.pid for child in psutil.Process(hurt.kill("up")).children(recursive=True)]
    hurt.wait(lambda: not any(map(psutil.pid_exists, family)), "everybody else gone", 5)
    hurt.process and hurt.process.wait()
    hurt.start()


def _power_cut(hurt: Rig) -> None:
    hurt.kill_all()
    hurt.start()


def _stopped_for_a_while(hurt: Rig) -> None:
    for role in ("worker", "assemble", "watch"):
        pid = hurt.kill(role, signal.SIGSTOP)
        time.sleep(1)
        os.kill(pid, signal.SIGCONT)


def _asked_to_end(hurt: Rig) -> None:
    for role in ("worker", "assemble", "watch"):
        hurt.kill(role, signal.SIGTERM)


EACH = (
    _child,
    _worker,
    _assembler,
    _producer,
    _redis_killed,
    _redis_flushed,
    _up,
    _power_cut,
    _stopped_for_a_while,
    _asked_to_end,
)
# In the short form several faults share a run; in the long form (FAULT_RUNS=10, `make soak`) each has runs of its own.
RUNS = int(os.environ.get("FAULT_RUNS", "0"))
PLANS: list[tuple[int, tuple[Callable[[Rig], None], ...]]] = (
    [(seed, (fault, fault)) for seed in range(SEED, SEED + RUNS) for fault in EACH]
    if RUNS
    else [
        (SEED, (_child, _assembler, _worker)),
        (SEED, (_producer, _redis_flushed, _asked_to_end)),
        (SEED, (_redis_killed, _stopped_for_a_while)),
        (SEED, (_up, _power_cut)),
    ]
)


def _said(plan: tuple[Callable[[Rig], None], ...]) -> str:
    return "+".join(fault.__name__.strip("_") for fault in plan)


@pytest.mark.parametrize(("seed", "plan"), PLANS, ids=[f"{_said(plan)}-{seed}" for seed, plan in PLANS])
def test_faults_in_the_middle_of_work_change_nothing(
    seed: int, plan: tuple[Callable[[Rig], None], ...], tmp_path: Path, undisturbed: str
) -> None:
    chance = random.Random(f"{seed}{_said(plan)}")  # noqa: S311 - repeatable, not secret
    points = sorted(chance.sample(range(20, 330), len(plan)))
    print(f"seed {seed}, {_said(plan)} at {points}")
    with rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        for fault, point in zip(plan, points, strict=True):
            counts = hurt.wait_done(point)
            assert counts.queued + counts.working, "too late: everything was done"
            fault(hurt)
        hurt.settle(documents)
    assert canonical(hurt.data) == undisturbed
