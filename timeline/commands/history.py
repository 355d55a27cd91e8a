"""`timeline explain`: what became of one file, from its arrival to its page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from timeline.rendering.addresses import document_href
from timeline.settings import settings
from timeline.store import DocumentRow, State, Store

STATES = {
    State.QUEUED: "It waits for a worker.",
    State.WORKING: "A worker is reading it now.",
    State.DONE: "It was read",
    State.FAILED: "It failed",
    State.WITHDRAWN: "Its file is gone or was replaced: its events are withdrawn, and come back with the file.",
    State.IGNORED: "It is ignored",
}


def tell(store: Store, wanted: str, data: Path) -> Iterator[str]:
    """The history of every document or ignored file that is meant; nothing when there is none."""
    name = Path(wanted).name
    for row in _documents(store, wanted):
        yield from _tell_document(store, row, data)
    for path in store.ignored():
        if name in path.path:
            yield f"{path.path}"
            yield f"  Ignored: {path.reason}"


def _documents(store: Store, wanted: str) -> Iterator[DocumentRow]:
    """By id, else by path: the whole path, its end, or a part of the name."""
    exact = store.document(wanted, with_text=False)
    if exact is not None:
        yield exact
        return
    given = Path(wanted)
    after: str | None = None
    while rows := store.documents(after=after, limit=1000):
        for row in rows:
            if any(given.name in Path(path).name for path in (row.path, *row.paths)) or row.id.startswith(wanted):
                yield row
        after = rows[-1].id


def _tell_document(store: Store, row: DocumentRow, data: Path) -> Iterator[str]:
    yield f"{row.path}  (document {row.id})"
    yield f"  Seen {_at(row.registered_at)}, {row.size:,} bytes" + (
        f"; the same bytes also as {', '.join(path for path in row.paths if path != row.path)}"
        if len(row.paths) > 1
        else ""
    )
    yield f"  {_state(row)}"
    if row.superseded_by:
        yield f"  Its file has changed; what it says now is document {row.superseded_by}."
    if row.dct:
        corrected = " (a person said so)" if row.correction else ""
        yield f"  Dated {row.dct}, from: {row.dct_source}{corrected}. Language: {row.language}. Kind: {row.media_type}."
    full = store.document(row.id) if row.state is State.DONE else None
    if full is not None and full.document is not None:
        yield from _tell_content(full)
        yield f"  Page: {(settings().site or data / 'site') / document_href(row.id)}"
    yield f"  Its log: timeline logs --document {row.id}"


def _tell_content(row: DocumentRow) -> Iterator[str]:
    document = row.document
    if document is None:
        return
    for evidence in document.evidence[1:]:
        yield f"    also says {evidence.value}: {evidence.source} {evidence.note}".rstrip()
    for note in document.notes:
        yield f"  Note: {note}"
    yield (
        f"  {len(document.text):,} characters, {_count(len(row.mentions), 'dated expression')}, "
        f"{_count(row.events, 'event')}."
    )
    if not row.events:
        yield "  Nothing in it has a place on the timeline, so it is not there."


def _state(row: DocumentRow) -> str:
    said = STATES[row.state]
    if row.state is State.DONE and row.finished_at is not None:
        took = f" in {row.ms:.0f} ms" if row.ms is not None else ""
        return f"{said} {_at(row.finished_at)}{took}."
    if row.state is State.FAILED:
        tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
        return f"{said} after {tries}: {row.reason}. Try again: timeline retry {row.id}"
    if row.state is State.WORKING and row.started_at is not None:
        return f"{said} ({row.worker}, since {_at(row.started_at)})"
    return f"{said}{f': {row.reason}' if row.reason else ''}"


def _at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
