"""The options that many commands share, and how they and the settings become folders and a store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeline.errors import UsageError

if TYPE_CHECKING:
    from timeline.store import Store

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the store, the pages and the logs. [TIMELINE_DATA, ./data]", metavar="DIR"),
]
Inbox = Annotated[
    Path | None,
    typer.Option("--inbox", help="Folder that is watched. [TIMELINE_INBOX, ./inbox]", metavar="DIR"),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", help="Worker processes. [TIMELINE_WORKERS, one a processor]", min=1, max=512, metavar="N"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, stable, for scripts.")]


def data_folder(data: Path | None) -> Path:
    """The data folder: as given, else as set."""
    from timeline.settings import settings

    return (data or settings().data).absolute()


def inbox_folder(inbox: Path | None) -> Path:
    """The inbox: as given, else as set."""
    from timeline.settings import settings

    return (inbox or settings().inbox).absolute()


def store_url(data: Path) -> str:
    """Where the store is: the database that is set, else the file in the data folder."""
    from timeline.settings import settings

    return settings().database_url or str(data / "timeline.db")


@contextmanager
def the_store(data: Path | None, *, writing: bool = False) -> "Iterator[Store]":
    """The store that exists; StoreError says what to do when there is none yet."""
    from timeline import logs
    from timeline.store import Store

    logs.configure("cli", None, "WARNING")
    with Store.open(store_url(data_folder(data)), create=False, read_only=not writing) as store:
        yield store


def parse_date(text: str) -> date:
    """A day as a person types it; UsageError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date; write it as 2025-11-06") from error
