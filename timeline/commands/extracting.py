"""`timeline extract`: the dated expressions of a text, with no queue and no store."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeline.commands.options import parse_date
from timeline.commands.temporary import private_temporary
from timeline.errors import TimelineError, UnreadableError

if TYPE_CHECKING:
    from timeline.model import Document, Extraction, Mention

WIDTH_WITHOUT_TERMINAL = 200  # columns: a table in a file or pipe is not folded at 80


class Format(StrEnum):
    """How the mentions are printed."""

    TABLE = "table"
    JSON = "json"
    TIMEML = "timeml"


def extract(
    files: Annotated[list[Path] | None, typer.Argument(help="Documents; none reads text from standard input.")] = None,
    date: Annotated[str | None, typer.Option("--date", help="When the text was written.", metavar="YYYY-MM-DD")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Its language: en, de, es…", metavar="XX")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Stream: {"id","lang","dct","text"} a line in, {"id","timexes"} a line out.')
    ] = False,
) -> None:
    """Find the dated expressions of documents and say what each means.

    Without --date a document's own date is used, as it is found in the document; failing that, its file's.
    Text from standard input is taken to be written today. TIMELINE_LANGUAGE, TIMELINE_DATE_ORDER and
    TIMELINE_TIME_ZONE hold here as they do for an inbox.
    """
    del jsonl  # cli.main streams before Typer is loaded
    from timeline.model import Hints
    from timeline.pipeline import ingest
    from timeline.reading import named_date
    from timeline.settings import settings

    chosen = settings()
    correction = parse_date(date) if date else None
    extractions: list[Extraction] = []
    failed = 0
    with private_temporary():
        for data, name, modified in _inputs(files or []):
            hints = Hints(
                named_date=named_date(name) if files else None,
                correction=correction,
                language=language or chosen.language,
                date_order=chosen.date_order,
                time_zone=chosen.time_zone,
                file_time=modified,
            )
            members: list[tuple[str, ...]] = [()]  # the document itself, then what is found in it: attachments, files
            while members:
                member = members.pop()
                try:
                    extraction = ingest(data, name, hints if not member else replace(hints, named_date=None), member)
                except UnreadableError as error:
                    failed += 1
                    typer.echo(f"timeline: {error}", err=True)
                    continue
                extractions.append(extraction)
                members.extend((*member, part.path) for part in reversed(extraction.document.parts))
    _print(extractions, form)
    if failed:
        raise typer.Exit(3 if extractions else 1)


def _inputs(files: Sequence[Path]) -> Iterator[tuple[bytes, str, datetime]]:
    """Bytes, name and time of each document; standard input is a text of today."""
    if not files:
        yield sys.stdin.buffer.read(), "stdin.txt", datetime.now(UTC)
    for path in files:
        try:
            yield path.read_bytes(), path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            raise TimelineError(f"cannot read {path}: {error.strerror}; name a document that can be read") from error


def _print(extractions: "Sequence[Extraction]", form: Format) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps([_as_json(extraction) for extraction in extractions], ensure_ascii=False, indent=1))
    elif form is Format.TIMEML:
        from timeline.exports import timeml

        for extraction in extractions:
            typer.echo(timeml(extraction.document, extraction.mentions))
    else:
        for extraction in extractions:
            _print_table(extraction)


def _as_json(extraction: "Extraction") -> dict[str, object]:
    document = extraction.document
    return {
        "name": document.name,
        "title": document.title,
        "dct": document.dct.isoformat(),
        "dct_source": str(document.dct_source),
        "language": document.language,
        "timexes": [_timex_as_json(document, mention) for mention in extraction.mentions],
    }


def _timex_as_json(document: "Document", mention: "Mention") -> dict[str, object]:
    """The same keys as a timex of `extract --jsonl`; an impossible date has no type and no value."""
    from timeline.events import explain

    timex = asdict(mention.timex) if mention.timex else {"type": None, "value": None}
    attributes = {key: value for key, value in timex.items() if value is not None or key in {"type", "value"}}
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        **attributes,
        "explanation": explain(document, mention),
    }


def _print_table(extraction: "Extraction") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from timeline.events import explain

    document = extraction.document
    console = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    console.print(
        Text(f"{document.name} · {document.dct} ({document.dct_source}) · {document.language}", style="bold"),
    )
    table = Table("at", "expression", "type", "value", "mod", "why", box=None, pad_edge=False)
    for mention in extraction.mentions:
        timex = mention.timex
        table.add_row(
            str(mention.start),
            Text(mention.text),
            str(timex.type) if timex else "",
            timex.value if timex else "impossible",
            (timex.mod or "") if timex else "",
            Text(explain(document, mention)),
        )
    if extraction.mentions:
        console.print(table)
    else:
        console.print("no dated expression found")
