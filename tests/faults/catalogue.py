"""The faults: each is a signal to a real process, or Redis emptied, at a moment that is made sure of."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from tests.faults.aiming import any_task, freeze_assembler, freeze_reader, is_alone, is_batch, told
from tests.faults.rig import Rig

ROLES = {"worker": "worker", "assembler": "assemble", "producer": "watch", "web": "serve", "redis": "redis"}
BACK_WITHIN = 5.0  # seconds after which a worker must be there again
CUTS = 10  # power cuts in a row


@dataclass(frozen=True)
class Fault:
    """One way to hurt a run; `kills` is how many times it kills the process that reads a document."""

    name: str
    strike: Callable[[Rig, random.Random], None]
    kills: int = 0


def _kill_reader(is_wanted: Callable[..., bool]) -> Callable[[Rig, random.Random], None]:
    def strike(hurt: Rig, chance: random.Random) -> None:
        if is_wanted is is_alone:
            assert hurt.bring_large(), "no large document is left"
        before = told(hurt.data, "worker", "task.died")
        os.kill(freeze_reader(hurt, is_wanted, chance), signal.SIGKILL)
        hurt.wait(lambda: told(hurt.data, "worker", "task.died") > before, "the death is told", 10)

    return strike


def _terminate_reader(hurt: Rig, chance: random.Random) -> None:
    pid = freeze_reader(hurt, any_task, chance)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGCONT)


def _stop_reader(hurt: Rig, chance: random.Random) -> None:
    pid = freeze_reader(hurt, any_task, chance)
    time.sleep(chance.uniform(0.5, 6))
    os.kill(pid, signal.SIGCONT)


def _kill(name: str) -> Callable[[Rig, random.Random], None]:
    def strike(hurt: Rig, chance: random.Random) -> None:
        before = hurt.kill(ROLES[name])
        took = hurt.wait(lambda: hurt.pids().get(ROLES[name], before) != before, f"another {name}")
        assert took < BACK_WITHIN, f"{name}: {took:.1f} s"

    return strike


def _kill_assembler(hurt: Rig, chance: random.Random) -> None:
    os.kill(freeze_assembler(hurt, chance), signal.SIGKILL)


def _terminate(name: str) -> Callable[[Rig, random.Random], None]:
    def strike(hurt: Rig, chance: random.Random) -> None:
        before = hurt.kill(ROLES[name], signal.SIGTERM)
        hurt.wait(lambda: hurt.pids().get(ROLES[name], before) != before, f"another {name}", 20)

    return strike


def _stop(name: str) -> Callable[[Rig, random.Random], None]:
    """Stopped for a moment, or for longer than a worker's sign of life lasts."""

    def strike(hurt: Rig, chance: random.Random) -> None:
        pid = hurt.kill(ROLES[name], signal.SIGSTOP)
        time.sleep(chance.choice((0.3, 1.5, 9.0)) if name != "redis" else chance.choice((0.3, 1.5, 4.0)))
        os.kill(pid, signal.SIGCONT)

    return strike


def _kill_up(hurt: Rig, chance: random.Random) -> None:
    assert hurt.process is not None
    family = [child.pid for child in psutil.Process(hurt.process.pid).children(recursive=True)]
    hurt.kill("up")
    hurt.wait(lambda: not any(map(psutil.pid_exists, family)), "everybody else gone", 5)
    hurt.process.wait()
    hurt.start()


def _terminate_up(hurt: Rig, chance: random.Random) -> None:
    assert hurt.process is not None
    hurt.kill("up", signal.SIGTERM)
    assert hurt.process.wait(30) == 0
    hurt.start()


def _stop_up(hurt: Rig, chance: random.Random) -> None:
    """Nobody supervises meanwhile, and a worker dies in that time."""
    pid = hurt.kill("up", signal.SIGSTOP)
    before = hurt.kill("worker")
    time.sleep(chance.uniform(0.3, 2))
    os.kill(pid, signal.SIGCONT)
    hurt.wait(lambda: hurt.pids().get("worker", before) != before, "another worker")


def _flush_reading(hurt: Rig, chance: random.Random) -> None:
    pid = freeze_reader(hurt, any_task, chance)
    hurt.redis().flushall()
    os.kill(pid, signal.SIGCONT)


def _power_cut(hurt: Rig, chance: random.Random) -> None:
    hurt.kill_all()
    hurt.start()


def _power_cuts(hurt: Rig, chance: random.Random) -> None:
    """Ten in a row, at any moment from the start-up on; at least half of them while something is left to read."""
    amid = 0
    for number in range(CUTS):
        hurt.bring(5)
        counts = hurt.counts()
        amid += bool(counts.queued + counts.working)
        hurt.kill_all()
        hurt.start(is_ready=number == CUTS - 1)
        time.sleep(chance.uniform(0.3, 4))
    assert amid >= CUTS // 2, f"only {amid} power cuts met any work"


CHILD_IN_BATCH = Fault("SIGKILL of a reading process amid a batch", _kill_reader(is_batch), kills=1)
CHILD_ALONE = Fault("SIGKILL of a reading process with one document", _kill_reader(is_alone), kills=1)
WORKER = Fault("SIGKILL of the worker", _kill("worker"))
ASSEMBLER = Fault("SIGKILL of the assembler amid a batch", _kill_assembler)
PRODUCER = Fault("SIGKILL of the producer", _kill("producer"))
WEB = Fault("SIGKILL of the web role", _kill("web"))
UP = Fault("SIGKILL of timeline up", _kill_up)
REDIS = Fault("SIGKILL of Redis, which keeps no file", _kill("redis"))
CHILD_TERM = Fault("SIGTERM of a reading process", _terminate_reader, kills=1)
WORKER_TERM = Fault("SIGTERM of the worker", _terminate("worker"))
ASSEMBLER_TERM = Fault("SIGTERM of the assembler", _terminate("assembler"))
PRODUCER_TERM = Fault("SIGTERM of the producer", _terminate("producer"))
UP_TERM = Fault("SIGTERM of timeline up", _terminate_up)
REDIS_TERM = Fault("SIGTERM of Redis", _terminate("redis"))
CHILD_STOP = Fault("SIGSTOP and SIGCONT of a reading process", _stop_reader)
WORKER_STOP = Fault("SIGSTOP and SIGCONT of the worker", _stop("worker"))
ASSEMBLER_STOP = Fault("SIGSTOP and SIGCONT of the assembler", _stop("assembler"))
PRODUCER_STOP = Fault("SIGSTOP and SIGCONT of the producer", _stop("producer"))
REDIS_STOP = Fault("SIGSTOP and SIGCONT of Redis", _stop("redis"))
UP_STOP = Fault("SIGSTOP and SIGCONT of timeline up, its worker killed meanwhile", _stop_up)
FLUSH_READING = Fault("FLUSHALL while documents are read", _flush_reading)
POWER_CUT = Fault("everything killed at once", _power_cut)
POWER_CUTS = Fault("everything killed at once, ten times in a row", _power_cuts)

EACH = tuple(fault for fault in list(globals().values()) if isinstance(fault, Fault))
# Several faults share a run where time is short.
TOGETHER = (
    (CHILD_IN_BATCH, ASSEMBLER, WORKER),
    (CHILD_ALONE, PRODUCER, FLUSH_READING),
    (WORKER_TERM, ASSEMBLER_TERM, PRODUCER_TERM),
    (REDIS, WEB, CHILD_STOP, REDIS_STOP),
    (CHILD_TERM, WORKER_STOP, ASSEMBLER_STOP, PRODUCER_STOP),
    (UP, UP_TERM, REDIS_TERM, UP_STOP),
    (POWER_CUT, POWER_CUTS),
)
assert {fault.name for faults in TOGETHER for fault in faults} == {fault.name for fault in EACH}
