"""The real roles on a folder of their own, for tests that hurt them; and what must be the same afterwards."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from timeline.errors import StoreError
from timeline.store import Counts, State, Store
from workers import keys
from workers.state import read_state

PATIENCE = 120.0  # seconds for everything to end, whatever happened to it
KEPT = 200  # documents of the set that come in the course of the run, so that there is something to read at every fault
LARGE = 60  # documents of the set to one that is too large for company: it travels alone, and takes a while
WORDS = (
    "council bridge harbour report minister market railway court river school village engine letter garden winter "
    "ship doctor teacher station window"
).split()
TIMES = (
    "on 3 March 2019",
    "three days ago",
    "since 2021",
    "last week",
    "in the spring of 2022",
    "earlier this year",
    "for nearly two years",
    "between 2015 and 2018",
    "on Monday",
    "in the 1990s",
)


def write_documents(folder: Path, count: int = 500, seed: int = 1) -> None:
    """The fixed set: short reports, dated by their names, some of the same bytes, a few that must fail."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        sentences = [
            f"The {chance.choice(WORDS)} and the {chance.choice(WORDS)} were seen {chance.choice(TIMES)}."
            for _ in range(chance.randint(3, 25))
        ]
        name = f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}-report-{number:04d}.txt"
        (folder / name).write_text(f"Report {number}\n\n{' '.join(sentences)}\n")
    for number in range(count // LARGE):
        sentences = [_plain(chance) for _ in range(2500)]
        name = f"2024-{number + 1:02d}-01-large-{number}.txt"
        (folder / name).write_text(f"Large report {number}\n\n{' '.join(sentences)}\n")
    twin = sorted(folder.glob("*-report-*"))[0]
    (folder / twin.name.replace("report", "twin")).write_bytes(twin.read_bytes())
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (folder / "noise.txt").write_bytes(bytes(chance.randrange(256) for _ in range(3000)))
    (folder / "unfinished.part").write_text("half a")


def _plain(chance: random.Random) -> str:
    when = chance.choice(TIMES) if chance.random() < 0.05 else f"by the {chance.choice(WORDS)}"
    return f"The {chance.choice(WORDS)} and the {chance.choice(WORDS)} were seen {when}."


@dataclass
class Rig:
    """A `timeline up` that may be hurt."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: int = 2
    process: subprocess.Popen[bytes] | None = None
    _store: Store | None = None

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *, is_ready: bool = True) -> None:
        """Starts everything; returns when its roles have a process, or at once."""
        command = [sys.executable, "-m", "timeline", "up", "--port", "0", "--workers", str(self.workers)]
        command += ["--inbox", str(self.inbox), "--data", str(self.data)]
        environment = {**os.environ, "TIMELINE_SCAN_INTERVAL": "5", **self.environment}
        with (self.folder / "up.out").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        if not is_ready:
            return
        pid = self.process.pid
        self.wait(lambda: (state := read_state(self.data)) is not None and state.pid == pid, "its state")
        self.wait(lambda: self.has_store() and "watch" in self.pids(), "its roles")

    def has_store(self) -> bool:
        """Whether there is one to look into."""
        try:
            self.counts()
        except StoreError:
            return False
        return True

    def pids(self) -> dict[str, int]:
        """The processes the supervisor says it runs."""
        state = read_state(self.data)
        return {role.role: role.pid for role in state.roles if role.alive} if state else {}

    def children(self) -> list[int]:
        """The worker's processes that read."""
        worker = self.pids().get("worker")
        try:
            return [child.pid for child in psutil.Process(worker).children()] if worker else []
        except psutil.NoSuchProcess:
            return []

    def kill(self, role: str, number: int = signal.SIGKILL) -> int:
        """A signal to a role; fails when there is nobody to get it. Returns its process."""
        self.wait(lambda: role == "up" or role in self.pids(), f"{role} runs")
        pid = self.process.pid if role == "up" and self.process else self.pids()[role]
        os.kill(pid, number)
        return pid

    def kill_all(self) -> None:
        """As a power cut does: nobody gets to say a word."""
        assert self.process is not None
        family = [self.process, *psutil.Process(self.process.pid).children(recursive=True)]
        for member in family:
            try:
                os.kill(member.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def redis_url(self) -> str:
        """The Redis in use."""
        state = read_state(self.data)
        url = self.environment.get("TIMELINE_REDIS_URL") or (state.redis_url if state else None)
        assert url is not None
        return url

    def redis(self) -> keys.Redis:
        """A connection to it."""
        return keys.connect(self.redis_url())

    @property
    def store(self) -> Store:
        """The store, to look into."""
        if self._store is None:
            self._store = Store.open(self.data, create=False, read_only=True)
        return self._store

    def counts(self) -> Counts:
        return self.store.counts()

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
        """Until it holds; returns the seconds it took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"{what}: not within {seconds:.0f} s; {self.last_words()}"
            time.sleep(0.05)
        return time.monotonic() - began

    def wait_done(self, at_least: int) -> Counts:
        """Until so many documents are done, and not all of them yet: the moment for a fault."""
        counts = self.counts()

        def is_amid() -> bool:
            nonlocal counts
            counts = self.counts()
            if counts.done >= at_least and not counts.queued + counts.working:
                self.bring()
            return counts.done >= at_least and bool(counts.queued + counts.working)

        self.wait(is_amid, f"{at_least} documents done and others not")
        return counts

    def bring_large(self) -> bool:
        """Brings one more of the large documents, for a fault that wants to meet one; False when all are there."""
        kept = sorted((self.folder / "large").glob("*"))
        if kept:
            kept[0].rename(self.inbox / "reports" / kept[0].name)
        return bool(kept)

    def bring(self, count: int = 25) -> None:
        """Brings the next of the kept documents: reading runs ahead of storing, and may be over before a fault."""
        for path in sorted((self.folder / "kept").glob("*"))[:count]:
            path.rename(self.inbox / "reports" / path.name)

    def settle(self, documents: int) -> float:
        """Until every document has its end; the sum must come out even. Returns the seconds it took."""
        self.bring(KEPT)
        while self.bring_large():
            pass

        def is_settled() -> bool:
            balance = self.store.balance()
            return balance.holds and balance.documents >= documents

        took = self.wait(is_settled, f"{documents} documents settled")
        print(self.store.balance(), f"after {took:.1f} s")
        assert self.store.balance().documents == documents
        return took

    def last_words(self) -> str:
        if not self.has_store():
            return (self.folder / "up.out").read_text()[-2000:]
        odd = [(row.id, row.name, row.state) for row in self.store.documents() if row.state in ("queued", "working")]
        out = self.store.handed_out()[:3]
        said = (self.folder / "up.out").read_text().splitlines()[-15:]
        return "\n".join([str(odd[:5]), str(out), *said])

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)


@contextmanager
def rig(folder: Path, workers: int = 2, **environment: str) -> Iterator[Rig]:
    """A running rig with an empty inbox."""
    built = Rig(folder, environment, workers)
    built.inbox.mkdir(parents=True)
    built.start()
    try:
        yield built
    finally:
        built.stop()


def drop(rig_: Rig, count: int = 500, seed: int = 1) -> int:
    """The fixed set, moved in as one tree but for what is kept; returns how many documents that makes in the end."""
    aside, kept, large = rig_.folder / "aside", rig_.folder / "kept", rig_.folder / "large"
    write_documents(aside, count, seed)
    number = len(list(aside.iterdir())) - 1  # the twins are one
    kept.mkdir()
    large.mkdir()
    for path in sorted(aside.glob("*-report-*"))[-KEPT:]:
        path.rename(kept / path.name)
    for path in aside.glob("*-large-*"):
        path.rename(large / path.name)
    aside.rename(rig_.inbox / "reports")
    return number


def drop_half(rig_: Rig, first: int, count: int = 500, seed: int = 1) -> tuple[int, Callable[[], int]]:
    """So many of the fixed set; returns how many documents that makes, and what brings the rest and says the sum."""
    aside, target = rig_.folder / "aside", rig_.inbox / "reports"
    write_documents(aside, count, seed)
    target.mkdir()
    names = sorted(path.name for path in aside.glob("*-report-*"))
    for name in names[:first]:
        (aside / name).rename(target / name)

    def rest() -> int:
        for path in sorted(aside.iterdir()):
            path.rename(target / path.name)
        return len(list(target.iterdir())) - 1  # the twins are one

    return first, rest


def canonical(data: Path) -> str:
    """What a run leaves behind, without times and attempts: the same for every run, whatever happened in it."""
    with Store.open(data, create=False, read_only=True) as store:
        documents = [
            [row.id, row.path, row.state.value, row.dct, row.language, row.events, row.reason]
            for row in store.documents()
        ]
        events = sorted(
            [row.document.id, row.event.id, row.sort, row.event.timex.type, row.event.timex.value, row.event.statement]
            for row in store.events()
        )
        ignored = [[row.path, row.reason] for row in store.ignored()]
        assert not [row for row in store.documents() if row.state in (State.QUEUED, State.WORKING)]
    return json.dumps([documents, events, ignored], indent=0, ensure_ascii=False)
