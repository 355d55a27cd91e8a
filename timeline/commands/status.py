"""`timeline status`: what runs, what waits, what is being read, what failed."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeline.commands.options import AsJson, Data, data_folder, store_url
from timeline.errors import StoreError

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

    from timeline.store import Counts, DocumentRow, FailureRow, Notice, Progress
    from workers.gauges import QueueGauge
    from workers.state import RoleState

REFRESH = 1.0  # seconds between looks with --watch
WAY = ("redis", "watch", "worker", "assemble", "serve")
# What each role does, for who has never seen a queue.
DOES = {
    "redis": "carries work and results",
    "watch": "sees what arrives",
    "worker": "reads documents",
    "assemble": "stores results, makes pages",
    "serve": "shows the pages",
}
STARTING = 20.0  # seconds a worker may take until it says that it reads
LONG = 10.0  # seconds of reading after which it is said how long a document may take
SHOWN = 8  # documents being read, and failures, that are shown


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as the screen shows it."""

    role: str
    pid: int
    alive: bool
    since: str
    restarts: int
    memory: int  # bytes, with its children

    def as_json(self) -> dict[str, object]:
        """The contract's four keys, and two more."""
        return {
            "role": self.role,
            "pid": self.pid,
            "alive": self.alive,
            "since": self.since,
            "restarts": self.restarts,
            "memory": self.memory,
        }


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything at one moment."""

    url: str | None
    roles: tuple[RoleLine, ...]
    counts: "Counts"
    progress: "Progress"
    working: "tuple[DocumentRow, ...]"
    failures: "tuple[FailureRow, ...]"
    notices: "tuple[Notice, ...]"
    disk_free: int
    queue: "QueueGauge | None"
    trouble: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        """Nothing is down and nothing is stuck."""
        return not self.trouble

    def as_json(self) -> dict[str, object]:
        """As the command line's contract says; keys may be added, never taken away."""
        counts = self.counts
        return {
            "healthy": self.healthy,
            "trouble": list(self.trouble),
            "url": self.url,
            "roles": [role.as_json() for role in self.roles],
            "documents": {
                "queued": counts.queued,
                "working": counts.working,
                "done": counts.done,
                "failed": counts.failed,
                "withdrawn": counts.withdrawn,
                "ignored": counts.ignored,
            },
            "events": counts.events,
            "undated": counts.undated,
            "rate": self.progress.rate,
            "seconds_left": self.progress.seconds_left,
            "oldest_waiting": self.progress.oldest_waiting,
            "again": self.progress.again,
            "reading": [{"document": row.id, "path": row.path, "worker": row.worker} for row in self.working],
            "disk_free": self.disk_free,
            "queue": None if self.queue is None else _queue_as_json(self.queue),
        }


def status(
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Stay and keep it up to date, until Ctrl-C.")] = False,
    role: Annotated[
        str | None, typer.Option("--role", help="Only whether this role lives here; the exit code says it.")
    ] = None,
    data: Data = None,
) -> None:
    """Say what runs, what waits, what failed. Exit code 0: healthy, 1: something is down or stuck."""
    folder = data_folder(data)
    if role is not None:
        _only(role, folder)
    if watch and not as_json:
        _live(folder)
        return
    while True:
        picture = look(folder)
        if as_json:
            typer.echo(json.dumps(picture.as_json(), ensure_ascii=False, indent=None if watch else 1))
        else:
            _console().print(render(picture))
        if not watch:
            raise typer.Exit(0 if picture.healthy else 1)
        time.sleep(REFRESH)


def _only(role: str, data: Path) -> None:
    from workers.state import role_states

    alive = any(known.alive for known in role_states(data) if known.role == role)
    typer.echo(f"{role} is {'up' if alive else 'down'}")
    raise typer.Exit(0 if alive else 1)


def look(data: Path) -> Picture:
    """Gather the picture; every role may be down, the store alone is needed."""
    from timeline import logs
    from timeline.settings import settings
    from timeline.store import State, Store
    from workers.gauges import gauge
    from workers.state import read_state, role_states

    logs.configure("cli", None, "WARNING")
    state = read_state(data)
    up = state is not None and state.alive
    redis_url = state.redis_url if state is not None and up and state.redis_url else settings().redis_url
    roles = tuple(
        RoleLine(role.role, role.pid, role.alive, role.since, role.restarts, 0 if role.locked else _memory(role.pid))
        for role in sorted(role_states(data), key=_place)
    )
    queue = gauge(redis_url) if redis_url else None
    with Store.open(store_url(data), create=False, read_only=True) as store:
        notices = tuple(store.notices())
        progress = store.progress(time.time())
        return Picture(
            url=state.url if state is not None and up else None,
            roles=roles,
            counts=store.counts(),
            progress=progress,
            working=tuple(store.documents(state=State.WORKING, limit=SHOWN)),
            failures=tuple(store.failures(limit=SHOWN)),
            notices=notices,
            disk_free=shutil.disk_usage(data).free if data.is_dir() else 0,
            queue=queue,
            trouble=(*_down(roles), *_stuck(redis_url, queue, roles), *(notice.text for notice in notices)),
        )


def _queue_as_json(queue: "QueueGauge") -> dict[str, object]:
    workers = [{"host": one.host, "pid": one.pid, "tasks": len(one.tasks)} for one in queue.workers]
    return {
        "messages": queue.messages,
        "taken": queue.taken,
        "facts": queue.facts,
        "memory": queue.memory,
        "workers": workers,
    }


def _place(role: "RoleState") -> int:
    """Roles in the order of a document's way."""
    return WAY.index(role.role) if role.role in WAY else len(WAY)


def _down(roles: tuple[RoleLine, ...]) -> list[str]:
    if not any(role.alive for role in roles):
        return ["nothing runs here: `timeline up` starts it"]
    return [f"{role.role} is down" for role in roles if not role.alive]


def _stuck(redis_url: str | None, queue: "QueueGauge | None", roles: tuple[RoleLine, ...]) -> list[str]:
    if redis_url is None:
        return []
    if queue is None:
        return ["Redis does not answer: what arrives is noted, and read when it is back"]
    if queue.workers:
        return []
    worker = next((role for role in roles if role.role == "worker"), None)
    if worker is None or not worker.alive:
        return ["no worker reads: documents wait until one runs"]
    if _age(worker) < STARTING:
        return ["the worker is only starting: it reads in a moment"]
    return ["the worker runs but gives no sign of life: documents wait; it is started anew if that goes on"]


def _age(role: RoleLine) -> float:
    from datetime import datetime

    return time.time() - datetime.fromisoformat(role.since).timestamp() if role.since else 0.0


def _memory(pid: int) -> int:
    """Bytes of a process and its children; what they share is counted once (where the system tells)."""
    import psutil

    try:
        process = psutil.Process(pid) if pid > 0 else None
        family = [] if process is None else [process, *process.children(recursive=True)]
        return sum(getattr(member.memory_full_info(), "pss", 0) or member.memory_info().rss for member in family)
    except psutil.Error:
        return 0


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False)


def _live(data: Path) -> None:
    from rich.live import Live

    with Live(render(look(data)), console=_console(), refresh_per_second=4, screen=False) as live:
        while True:
            time.sleep(REFRESH)
            try:
                live.update(render(look(data)))
            except StoreError:  # `reset` or `restore` is at work
                continue


def render(picture: Picture) -> "Group":
    """The picture for a terminal."""
    from rich.console import Group, RenderableType
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    counts, progress = picture.counts, picture.progress
    finished = counts.done + counts.failed
    parts: list[RenderableType] = [_headline(picture), _roles_table(picture), Text()]
    parts.append(
        Text(
            f"{counts.done} done · {counts.failed} failed · {counts.queued} queued · {counts.working} being read · "
            f"{counts.withdrawn} withdrawn · {counts.ignored} ignored"
        )
    )
    parts.append(Text(f"{counts.events} events on the timeline"))
    if counts.undated:
        said = "1 document has" if counts.undated == 1 else f"{counts.undated} documents have"
        parts.append(Text(f"{said} no date, so what hangs on it is unanchored: see timeline failures", style="yellow"))
    if progress.waiting:
        parts.append(ProgressBar(total=finished + progress.waiting, completed=finished, width=60))
        left = "" if progress.seconds_left is None else f", about {duration(progress.seconds_left)} left"
        oldest = "" if progress.oldest_waiting is None else f", the oldest waits {duration(progress.oldest_waiting)}"
        parts.append(Text(f"{progress.waiting} to go at {progress.rate:.1f} a second{left}{oldest}"))
    if progress.again and not progress.waiting:
        left = "" if progress.seconds_left is None else f", about {duration(progress.seconds_left)} left"
        parts.append(Text(f"{progress.again} to read again by newer rules at {progress.rate:.1f} a second{left}"))
    elif progress.again:
        parts.append(Text(f"then {progress.again} to read again by newer rules"))
    if picture.queue is not None:
        parts.append(_queue_line(picture.queue))
    parts.extend(Text(_reading_line(row), style="cyan") for row in picture.working)
    parts.extend(Text(_failure_line(failure), style="red") for failure in picture.failures)
    if counts.failed > len(picture.failures):
        parts.append(Text("  more: timeline failures", style="dim"))
    return Group(*parts)


def _reading_line(row: "DocumentRow") -> str:
    from timeline.settings import settings

    if row.started_at is None:
        return f"  reading {row.path}"
    lasts = time.time() - row.started_at
    limit = f", stopped after {duration(settings().hard_time_limit)}" if lasts > LONG else ""
    return f"  reading {row.path} for {duration(lasts)}{limit} ({row.worker})"


def _failure_line(failure: "FailureRow") -> str:
    name = failure.path.rsplit("/", 1)[-1]
    return f"  failed  {failure.path}: {failure.reason.removeprefix(f'{name}: ')}"


def _queue_line(queue: "QueueGauge") -> "Text":
    """What is between the roles: batches of documents on their way to workers, results on their way to the store."""
    from rich.text import Text

    workers = ", ".join(f"{one.host} (process {one.pid}, holds {len(one.tasks)})" for one in queue.workers) or "none"
    return Text(
        f"{queue.messages} batches wait, {queue.taken} taken by workers, {queue.facts} results wait to be stored; "
        f"Redis uses {queue.memory / 1e6:.0f} MB; workers: {workers}",
        style="dim",
    )


def _headline(picture: Picture) -> "Text":
    from rich.text import Text

    if picture.healthy:
        return Text(f"● Healthy  {picture.url or ''}", style="bold green")
    return Text("● " + "; ".join(picture.trouble), style="bold red")


def _roles_table(picture: Picture) -> "Table":
    from datetime import datetime

    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("role", "", "does", "process", "since", "restarts", "memory"):
        table.add_column(heading, justify="right" if heading in {"process", "restarts", "memory"} else "left")
    for role in picture.roles:
        since = datetime.fromisoformat(role.since).astimezone().strftime("%Y-%m-%d %H:%M:%S") if role.since else ""
        mark = "[green]up[/]" if role.alive else "[bold red]down[/]"
        memory = f"{role.memory / 1e6:.0f} MB" if role.memory else ""
        table.add_row(
            role.role, mark, DOES.get(role.role, ""), str(role.pid or ""), since, str(role.restarts or ""), memory
        )
    table.caption = f"{picture.disk_free / 1e9:.1f} GB of disk free"
    return table


def duration(seconds: float) -> str:
    """Roughly how long: 4 s, 3 min, 2 h 10 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{rest} s"
