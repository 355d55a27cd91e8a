"""Commands that look and change nothing: events, failures, logs, explain, open."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from timeline.commands.options import AsJson, Data, Inbox, data_folder, inbox_folder, the_store
from timeline.errors import TimelineError, UsageError

if TYPE_CHECKING:
    from timeline.journal import Entry
    from timeline.store import EventRow
    from timeline.temporal.bounds import Bounds


def events(
    as_json: AsJson = False,
    since: Annotated[str | None, typer.Option("--from", help="From this date on: 2025, 2025-11, 2025-11-06.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Up to and with this date.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Only of documents whose path holds this.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only statements with these words.")] = None,
    data: Data = None,
) -> None:
    """List the events of the timeline, in time order."""
    begin, end = _begin(since), _end(until)
    with the_store(data) as store:
        rows = store.events(begin=begin, end=end, source=source, text=text)
    if as_json:
        from timeline.exports import event_item

        typer.echo(json.dumps([event_item(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        _print_events(rows)


def _begin(typed: str | None) -> int | None:
    return None if typed is None else _bounds(typed).begin


def _end(typed: str | None) -> int | None:
    return None if typed is None else _bounds(typed).end


def _bounds(typed: str) -> "Bounds":
    from timeline.temporal.bounds import bounds

    found = bounds(typed.strip())
    if found is None:
        raise UsageError(f"{typed!r} is not a date; write it as 2025-11-06, 2025-11 or 2025")
    return found


def _print_events(rows: "list[EventRow]") -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for row in rows:
        event = row.event
        line = Text(f"{event.placement.edtf:<24} ", style="bold")
        head, tail = event.statement[: event.expression_start], event.statement[event.expression_end :]
        line.append_text(Text(head, style="none"))
        line.append(event.statement[event.expression_start : event.expression_end], style="bold yellow")
        line.append_text(Text(f"{tail}  ", style="none"))
        line.append(f"[{row.document.path}]", style="dim")
        console.print(line)
    if not rows:
        console.print("No events.")


def failures(as_json: AsJson = False, data: Data = None) -> None:
    """List the documents that failed, each with its reason, and those nobody knows the date of.

    `timeline retry ID` tries one again, `timeline redate ID DATE` gives one its date.
    """
    with the_store(data) as store:
        rows, undated = store.failures(), store.undated()
    if as_json:
        items = [{"document": row.id, "path": row.path, "reason": row.reason, "attempts": row.attempts} for row in rows]
        typer.echo(json.dumps(items, ensure_ascii=False, indent=1))
        return
    for row in rows:
        tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
        typer.echo(f"{row.id}  {row.path}: {row.reason} ({tries})")
    for one in undated:
        typer.echo(
            f"{one.id}  {one.path}: no date, so {one.unanchored} of its expressions are unanchored; "
            f"set it: timeline redate {one.id} YYYY-MM-DD"
        )
    if not rows and not undated:
        typer.echo("No failures.")


def logs(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")] = False,
    document: Annotated[
        str | None, typer.Option("--document", help="One document's history: its id, or a part of its name.")
    ] = None,
    level: Annotated[str, typer.Option("--level", help="This one and worse: debug, info, warning, error.")] = "debug",
    role: Annotated[str | None, typer.Option("--role", help="Only up, watch, worker, assemble or serve.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", help="Only from this time on: 2025-11-06T14:30.")] = None,
    lines: Annotated[int | None, typer.Option("--lines", "-n", help="Only the last so many of them.", min=0)] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show the logs of all roles, merged in order."""
    import sys

    from timeline import journal

    if level.upper() not in journal.LEVELS:
        raise UsageError(f"no such level: {level!r}; take debug, info, warning or error")
    folder = data_folder(data) / "logs"
    if not folder.is_dir():
        raise TimelineError(f"no logs in {folder}: nothing ran here yet, `timeline up` starts it")
    wanted = journal.Filter(document, level.upper(), role, since.astimezone() if since else None)
    written = journal.Journal(folder)
    colour = sys.stdout.isatty()
    for entry in _last(written.past(wanted), lines):
        _print_entry(entry, as_json=as_json, colour=colour)
    if follow:
        for entry in written.coming(wanted):
            _print_entry(entry, as_json=as_json, colour=colour)


def _last(entries: "Iterator[Entry]", lines: int | None) -> "Iterator[Entry]":
    from collections import deque

    return entries if lines is None else iter(deque(entries, maxlen=lines))


def _print_entry(entry: "Entry", *, as_json: bool, colour: bool) -> None:
    from timeline.journal import readable

    line = json.dumps(entry, ensure_ascii=False) if as_json else readable(entry, colour=colour)
    print(line, flush=True)


def explain(
    file: Annotated[str, typer.Argument(help="A document: its path, a part of its name, or its id.", metavar="FILE")],
    data: Data = None,
    inbox: Inbox = None,
) -> None:
    """Say what became of a file: seen, ignored and why, read, dated how, its events and its page."""
    from timeline.commands.history import tell, tell_unseen

    found = False
    with the_store(data) as store:
        for line in tell(store, file, data_folder(data)):
            found = True
            typer.echo(line)
    if not found and (unseen := tell_unseen(file, inbox_folder(inbox))):
        found = True
        typer.echo(unseen)
    if not found:
        raise TimelineError(
            f"nothing here is called {file}: it is not in the inbox, or the watch role has not seen it yet "
            "(`timeline status` says whether it runs)"
        )


def open_page(data: Data = None) -> None:
    """Open the timeline in the browser."""
    import webbrowser

    from timeline.settings import settings
    from workers.state import read_state

    folder = data_folder(data)
    state = read_state(folder)
    site = settings().site or folder / "site"
    if state is not None and state.alive and state.url:
        address = state.url
    elif (site / "index.html").is_file():
        address = (site / "index.html").as_uri()
    else:
        raise TimelineError(f"no timeline in {folder} yet; run `timeline up` and drop a document into the inbox")
    typer.echo(address)
    webbrowser.open(address)
