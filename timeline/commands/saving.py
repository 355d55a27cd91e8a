"""Backup, restore, reset: the store and the corrections in it are all that is worth keeping."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from timeline.errors import StoreError, UsageError

STORE = "timeline.db"


def back_up(data: Path, target: Path) -> str:
    """Copy the store as it is at one moment, also while it is written to (SQLite's own backup)."""
    _needs_sqlite("backup", "pg_dump")
    if not (data / STORE).is_file():
        raise StoreError(f"there is no store in {data}; name its folder by --data")
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise UsageError(f"{target} is not empty; name a new folder")
        with (
            closing(sqlite3.connect(f"{(data / STORE).as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target / STORE)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot back up to {target}: {error}") from error
    size = (target / STORE).stat().st_size / 1e6
    return f"{target / STORE} ({size:.1f} MB). Your documents stay where they are; back up the inbox as you please."


def bring_back(source: Path, data: Path) -> str:
    """Put a backup in the place of the store; the pages are made anew at the next start."""
    from workers.state import only_one

    _needs_sqlite("restore", "pg_restore")
    _check_backup(source)
    with only_one(data) as alone:
        if not alone:
            raise StoreError(f"the timeline in {data} is running; stop it first (Ctrl-C in its terminal)")
        kept = _set_aside(data)
        try:
            shutil.copy2(source / STORE, data / STORE)
        except OSError as error:
            raise StoreError(f"cannot copy {source / STORE} to {data}: {error.strerror}") from error
    return f"Restored{f'; what was there is in {kept}' if kept else ''}. Start it with: timeline up --data {data}"


def forget(data: Path) -> str:
    """Remove store, pages and logs."""
    from workers.state import only_one, run_folder

    _needs_sqlite("reset", "dropdb")
    if not data.is_dir():
        return f"There is nothing in {data}."
    with only_one(data) as alone:
        if not alone:
            raise StoreError(f"the timeline in {data} is running; stop it first (Ctrl-C in its terminal)")
        for path in data.glob(f"{STORE}*"):
            path.unlink()
        for folder in (data / "site", data / "logs"):
            shutil.rmtree(folder, ignore_errors=True)
        for path in run_folder(data).glob("*.json"):
            path.unlink()
    return f"{data} is as new. The inbox was not touched: the next `timeline up` reads it from the beginning."


def _needs_sqlite(command: str, instead: str) -> None:
    from timeline.settings import settings

    if settings().database_url:
        raise UsageError(f"{command} is for the SQLite store; TIMELINE_DATABASE_URL is set: use {instead}")


def _check_backup(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{(source / STORE).absolute().as_uri()}?mode=ro", uri=True)) as store:
            sound = store.execute("PRAGMA quick_check").fetchone() == ("ok",)
            store.execute("SELECT count(*) FROM documents")
    except sqlite3.Error as error:
        raise StoreError(f"{source / STORE} is no backup of a timeline: {error}") from error
    if not sound:
        raise StoreError(f"{source / STORE} is damaged; take another backup")


def _set_aside(data: Path) -> Path | None:
    """Move the present store away, never overwriting: a restore may be the mistake."""
    if not (data / STORE).exists():
        return None
    kept = data / f"before-restore-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    kept.mkdir()
    for path in data.glob(f"{STORE}*"):
        path.replace(kept / path.name)
    shutil.rmtree(data / "site", ignore_errors=True)
    return kept
