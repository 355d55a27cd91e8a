"""A real `timeline up` on folders of its own, for the tests that need one."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from timeline.store import Counts, Store
from workers.processes import is_alive

PATIENCE = 30.0  # seconds; generous, for a machine that is busy with other tests


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait until it holds; seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class Up:
    """A running `timeline up`."""

    process: subprocess.Popen[bytes]
    inbox: Path
    data: Path
    said: Path

    @property
    def state(self) -> dict[str, object]:
        """What it says of itself."""
        return dict(json.loads((self.data / "run" / "state.json").read_text()))

    @property
    def url(self) -> str:
        """Where it serves."""
        return str(self.state["url"])

    def pids(self) -> dict[str, int]:
        """The process of each role."""
        roles = self.state["roles"]
        assert isinstance(roles, list)
        return {str(role["role"]): int(role["pid"]) for role in roles}

    def family(self) -> set[int]:
        """All processes below it, whatever session they are in."""
        return descendants(self.process.pid)

    def drop(self, name: str, text: str) -> None:
        """A file that appears complete."""
        aside = self.inbox.parent / f"{name}.aside"
        aside.write_text(text)
        aside.rename(self.inbox / name)

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same data folder."""
        return timeline(*arguments, "--data", str(self.data))

    def paths_with_events(self) -> list[str]:
        """The documents that have events on the timeline, one entry an event."""
        with Store.open(self.data / "timeline.db", create=False, read_only=True) as store:
            return [row.document.path for row in store.events()]

    def counts(self) -> Counts:
        """Documents by state."""
        with Store.open(self.data / "timeline.db", create=False, read_only=True) as store:
            return store.counts()

    def page(self) -> str:
        """The served overview, "" when it does not answer."""
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:  # noqa: S310  (our own address)
                return str(answer.read().decode())
        except (URLError, OSError):
            return ""

    def stop(self, number: int = signal.SIGINT, seconds: float = PATIENCE) -> int:
        """End it, as Ctrl-C does; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)


def timeline(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "timeline", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Up]:
    """`timeline up`, ready: its page answers and its worker reads."""
    inbox, data, said = folder / "inbox", folder / "data", folder / "up.out"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "timeline", "up", "--inbox", str(inbox), "--data", str(data), "--port", "0"]
    with said.open("ab") as output:
        process = subprocess.Popen([*command, *options], stdout=output, stderr=output)
    up = Up(process, inbox, data, said)
    try:
        wait_until((data / "run" / "state.json").exists, "state.json")
        wait_until(lambda: up.state["pid"] == process.pid, "the state of this run")
        wait_until(lambda: "<html" in up.page(), "the page")
        wait_until(lambda: "worker.ready" in said.read_text(), "the worker")
        yield up
    finally:
        family = up.family()
        if process.poll() is None:
            up.stop()
        wait_until(lambda: not any(map(is_alive, family)), "every process gone", 5)


def descendants(pid: int) -> set[int]:
    """Every process below one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found: set[int] = set()
    todo = [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.add(child)
            todo.append(child)
    return found
