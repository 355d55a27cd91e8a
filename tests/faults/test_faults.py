"""Signals to real processes in the middle of real work: nothing is lost, nothing is there twice."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.catalogue import EACH, TOGETHER, Fault
from tests.faults.record import note
from tests.faults.rig import drop, drop_half, rig

pytestmark = [pytest.mark.redis, pytest.mark.slow]
SEED = int(os.environ.get("FAULT_SEED", "1"))
# In the short form several faults share a run; in the long form (FAULT_RUNS=4, `make soak`) each strikes twice in runs
# of its own. The power cuts are ten anyway.
RUNS = int(os.environ.get("FAULT_RUNS", "0"))
PLANS: list[tuple[int, tuple[Fault, ...]]] = (
    [
        (seed, (fault,) if "ten times" in fault.name else (fault, fault))
        for seed in range(SEED, SEED + RUNS)
        for fault in EACH
    ]
    if RUNS
    else [(SEED, plan) for plan in TOGETHER]
)


def _said(plan: tuple[Fault, ...]) -> str:
    return " + ".join(fault.name for fault in plan)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("seed", "plan"), PLANS, ids=[f"{_said(plan)}-{seed}".replace(" ", "_") for seed, plan in PLANS]
)
def test_faults_in_the_middle_of_work_change_nothing(
    seed: int, plan: tuple[Fault, ...], tmp_path: Path, undisturbed: str
) -> None:
    assert sum(fault.kills for fault in plan) <= 2, "three deaths alone are a document's own fault"
    chance = random.Random(f"{seed}{_said(plan)}")  # noqa: S311 - repeatable, not secret
    points = sorted(chance.sample(range(20, 200), len(plan)))  # reading runs ahead of storing, and must not be over
    print(f"seed {seed}, {_said(plan)} at {points}")
    recovered = 0.0
    with rig(tmp_path / "run") as hurt:
        documents = drop(hurt)
        for fault, point in zip(plan, points, strict=True):
            counts = hurt.wait_done(point)
            began = time.monotonic()
            print(f"  {fault.name} at {counts.done} done")
            fault.strike(hurt, chance)
            ended = hurt.counts()
            if ended.queued + ended.working:
                hurt.wait(lambda ended=ended: hurt.counts().done > ended.done, "work goes on")
            recovered = max(recovered, time.monotonic() - began)
        settled = hurt.settle(documents)
    note(_said(plan), seed, undisturbed, hurt.data, recovered, settled)


def test_a_flushed_redis_that_was_idle_is_no_loss(tmp_path: Path, undisturbed: str) -> None:
    for seed in range(SEED, SEED + max(1, RUNS)):
        chance = random.Random(f"{seed} idle")  # noqa: S311 - repeatable, not secret
        with rig(tmp_path / f"run-{seed}") as hurt:
            first, rest = drop_half(hurt, chance.randrange(100, 400))
            hurt.settle(first)
            time.sleep(chance.uniform(0, 3))
            hurt.redis().flushall()
            began = time.monotonic()
            documents = rest()
            hurt.wait(lambda first=first, hurt=hurt: hurt.store.balance().documents > first, "work goes on")
            recovered = time.monotonic() - began
            settled = hurt.settle(documents)
        note("FLUSHALL while nothing is to do", seed, undisturbed, hurt.data, recovered, settled)
