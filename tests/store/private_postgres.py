"""A PostgreSQL of our own on a UNIX socket, gone when the tests are: nobody's server is touched."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from workers.processes import end, spawn

START_LIMIT = 30.0  # seconds; it takes a tenth of one


def programs() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps them off PATH, a folder a version."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda home: int(home.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    found = [*homes, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((home for home in found if (home / "initdb").exists() and (home / "postgres").exists()), None)


@contextmanager
def private_postgres(home: Path) -> Iterator[str]:
    """Starts a fresh cluster; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="timeline-pg-"))  # short: it holds the socket
    mine = _as_somebody_else(folder) if os.geteuid() == 0 else []
    data = folder / "data"
    # No --sync and no fsync: it lives for a minute, and nobody misses it.
    made = [home / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    try:
        subprocess.run([*mine, *map(str, made)], check=True, capture_output=True, cwd=folder)
        settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "autovacuum=off"]
        with (folder / "log").open("wb") as output:
            server = spawn([*mine, home / "postgres", "-D", data, "-k", folder, *settings], output=output)
        try:
            url = f"postgresql://postgres@/postgres?host={folder}"
            _wait_for(url, folder / "log")
            yield url
        finally:
            end(server, grace=5.0, first=2)  # SIGINT: at once, whoever is connected
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody_else(folder: Path) -> list[str]:
    """PostgreSQL refuses root."""
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    # A change of user makes the kernel forget whose death ends it; said again.
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=INT"]


def _wait_for(url: str, log: Path) -> None:
    began = time.monotonic()
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() - began < START_LIMIT, log.read_text(errors="replace")
            time.sleep(0.05)
        else:
            return
