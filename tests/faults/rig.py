"""The real roles on a folder of their own, for tests that hurt them; and what must be the same afterwards."""

import hashlib
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

PATIENCE = 60.0  # seconds for everything to end, whatever happened to it
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
    twin = sorted(folder.iterdir())[0]
    (folder / twin.name.replace("report", "twin")).write_bytes(twin.read_bytes())
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (folder / "noise.txt").write_bytes(bytes(chance.randrange(256) for _ in range(3000)))
    (folder / "unfinished.part").write_text("half a")


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

    def start(self) -> None:
        """Starts everything; returns when its roles have a process."""
        command = [sys.executable, "-m", "timeline", "up", "--port", "0", "--workers", str(self.workers)]
        command += ["--inbox", str(self.inbox), "--data", str(self.data)]
        environment = {**os.environ, "TIMELINE_SCAN_INTERVAL": "5", **self.environment}
        with (self.folder / "up.out").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        pid = self.process.pid
        self.wait(lambda: (state := read_state(self.data)) is not None and state.pid == pid, "its state")
        self.wait(lambda: self._has_store() and "watch" in self.pids(), "its roles")

    def _has_store(self) -> bool:
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

    def redis(self) -> keys.Redis:
        """The Redis in use."""
        state = read_state(self.data)
        url = self.environment.get("TIMELINE_REDIS_URL") or (state.redis_url if state else None)
        assert url is not None
        return keys.connect(url)

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
        self.wait(lambda: self.counts().done >= at_least, f"{at_least} documents done")
        return self.counts()

    def settle(self, documents: int) -> float:
        """Until every document has its end; the sum must come out even. Returns the seconds it took."""

        def is_settled() -> bool:
            balance = self.store.balance()
            return balance.holds and balance.documents >= documents

        took = self.wait(is_settled, f"{documents} documents settled")
        print(self.store.balance(), f"after {took:.1f} s")
        assert self.store.balance().documents == documents
        return took

    def last_words(self) -> str:
        if not self._has_store():
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
    """The fixed set, moved in as one tree; returns how many documents that makes."""
    aside = rig_.folder / "aside"
    write_documents(aside, count, seed)
    number = len(list(aside.iterdir())) - 1  # the twins are one
    aside.rename(rig_.inbox / "reports")
    return number


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


def digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:16]
