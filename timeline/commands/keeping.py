"""Commands that correct and keep: retry, redate, export, backup, restore, reset, doctor."""

import os
import sys
from datetime import date as day
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from timeline.commands.options import Data, Inbox, data_folder, inbox_folder, parse_date, the_store
from timeline.errors import TimelineError, UsageError


class Format(StrEnum):
    """What can be exported."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    TIMELINEJS = "timelinejs"
    TIMEML = "timeml"
    HTML = "html"


def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Documents by id, or by name.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that failed.")] = False,
    data: Data = None,
) -> None:
    """Try failed documents again."""
    if bool(ids) == every:
        raise UsageError("name the documents to try again, or --all")
    with the_store(data, writing=True) as store:
        count = store.retry([store.document_called(called) for called in ids] if ids else None)
    typer.echo(f"{count} to be tried again" if count else "Nothing to try again.")


def redate(
    document: Annotated[str, typer.Argument(help="Its id, the head of it, or its name.")],
    date: Annotated[str, typer.Argument(help="When it was written: YYYY-MM-DD.")],
    data: Data = None,
) -> None:
    """Correct a document's date; everything relative to it moves."""
    with the_store(data, writing=True) as store:
        store.redate(store.document_called(document), parse_date(date))
    typer.echo(f"{document} is now dated {day.fromisoformat(date).isoformat()}; its events move as soon as it is read.")


def withdraw(data: Data = None) -> None:
    """Say that most of the inbox was removed on purpose: withdraw the events of what is gone.

    When more than half of the files vanish at once, nothing is withdrawn until they are back or this is said: an
    unmounted share must not empty a timeline.
    """
    with the_store(data, writing=True) as store:
        if not any(notice.key == "withdrawal" for notice in store.notices()):
            typer.echo("Nothing is held back.")
            return
        store.mean_withdrawal()
    typer.echo("At its next look through the inbox, `timeline watch` withdraws what is gone.")


def export(
    form: Annotated[Format, typer.Option("--format", help="Which format.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write; - is standard output.")],
    data: Data = None,
) -> None:
    """Write the whole timeline to a file, each event with its quote and its source.

    json, csv, ics (calendars), timelinejs, timeml (a zip, one file a document), html (one file, to be read offline).
    """
    from timeline.exports import Form, write

    with the_store(data) as store:
        if str(output) == "-":
            write(store, Form(form), sys.stdout.buffer)
            return
        partial = output.with_name(f".{output.name}.{os.getpid()}.part")
        try:
            with partial.open("wb") as out:
                write(store, Form(form), out)
            partial.replace(output)
        except OSError as error:
            raise TimelineError(f"cannot write {output}: {error.strerror}; name another file by -o") from error
        finally:
            partial.unlink(missing_ok=True)
    typer.echo(output)


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.", metavar="DIR")],
    data: Data = None,
) -> None:
    """Copy the store to a folder; works while everything runs."""
    from timeline.commands.saving import back_up

    typer.echo(back_up(data_folder(data), target))


def restore(
    source: Annotated[Path, typer.Argument(help="What `timeline backup` wrote.", metavar="DIR")],
    data: Data = None,
) -> None:
    """Bring a backup back; the present store is kept beside it."""
    from timeline.commands.saving import bring_back

    typer.echo(bring_back(source, data_folder(data)))


def reset(
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget everything: store, pages and logs. The inbox is not touched; the next start reads it anew."""
    from timeline.commands.saving import forget

    folder = data_folder(data)
    if not yes:
        typer.confirm(f"Remove the store, the pages, the logs and all corrections in {folder}?", abort=True)
    typer.echo(forget(folder))


def doctor(inbox: Inbox = None, data: Data = None) -> None:
    """Check everything the timeline needs; each line is ok or says how to mend it."""
    from timeline.commands.checkup import check_all

    wrong = 0
    for check in check_all(inbox_folder(inbox), data_folder(data)):
        wrong += check.mend is not None and check.is_needed
        typer.echo(str(check))
    if wrong:
        raise typer.Exit(1)
