"""`timeline up`: everything on this machine, until Ctrl-C."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from timeline import logs
from timeline.errors import StoreError, TimelineError, UsageError
from workers.broker import find_server, is_local
from workers.state import only_one, read_state
from workers.supervise import Role, Supervisor, address_of, listen

START_LIMIT = 10.0  # seconds a second `up` waits for the first to say its address


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are and how many: what `up` hands down to its roles."""

    inbox: Path
    data: Path
    host: str
    port: int
    workers: int | None = None
    site: Path | None = None
    redis_url: str | None = None
    token: str | None = None
    log_level: str = "INFO"

    def environment(self) -> dict[str, str]:
        """As the roles read it."""
        return {
            "TIMELINE_INBOX": str(self.inbox),
            "TIMELINE_DATA": str(self.data),
            "TIMELINE_HOST": self.host,
            "TIMELINE_WORKERS": str(self.workers or processors()),
            "TIMELINE_LOG_LEVEL": self.log_level,
            "PYTHONUNBUFFERED": "1",
        }


def processors() -> int:
    """The processors this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def up(place: Place, say: Callable[[str], None]) -> None:
    """Run all roles until asked to stop; when they run already, say where and return."""
    check(place)
    with only_one(place.data) as alone:
        if not alone:
            say(_already_running(place.data))
            return
        logs.configure("up", place.data, place.log_level)
        listener, moved = listen(place.host, place.port)
        url = address_of(listener)
        if moved:
            say(moved)
        port = int(listener.getsockname()[1])
        supervisor = Supervisor(
            data=place.data,
            inbox=place.inbox,
            roles=[Role("assemble"), Role("worker"), Role("watch"), Role("serve")],
            environment={**place.environment(), "TIMELINE_PORT": str(port)},
            redis_url=place.redis_url,
            url=url,
            listener=listener,
        )
        say(f"Timeline   {url}")
        say(f"Inbox      {place.inbox}   (drop documents here)")
        say("Stop       Ctrl-C")
        supervisor.run()


def check(place: Place) -> None:
    """Refuse what cannot work before anything is started."""
    if not place.redis_url:
        find_server()
    if not is_local(place.host) and not place.token:
        raise UsageError(
            f"listening on {place.host} shows your documents to others: set TIMELINE_TOKEN to a secret, "
            "or stay on 127.0.0.1"
        )
    for folder, option in ((place.inbox, "--inbox"), (place.data, "--data")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot use {folder}: {error.strerror}; choose another folder by {option}") from error
    for folder, setting in ((place.data, "--data"), (place.site or place.data, "TIMELINE_SITE")):
        if folder.resolve().is_relative_to(place.inbox.resolve()):
            raise UsageError(f"{folder} lies in the inbox, it would be read itself: choose another {setting}")


def _already_running(data: Path) -> str:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        state = read_state(data)
        if state is not None and state.alive:
            if state.url is None:
                raise TimelineError(f"{data} is in use by `timeline build` (process {state.pid}); wait until it ends")
            return f"Already running: {state.url}"
        time.sleep(0.1)
    raise TimelineError(f"{data} is in use by another process that does not say its address; stop it first")
