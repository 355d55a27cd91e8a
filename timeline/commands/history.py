"""`timeline explain`: what became of one file, from its arrival to its page."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from timeline.rendering.addresses import document_href
from timeline.settings import settings
from timeline.store import DocumentRow, State, Store

MENTIONS = 20  # shown of a document
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
    if row.state is State.QUEUED:
        yield from _tell_waiting(store, row)
    if row.superseded_by:
        yield f"  Its file has changed; what it says now is document {row.superseded_by}."
    if row.state is State.DONE and row.dct is None:
        yield f"  Not dated: set its date with timeline redate {row.id} YYYY-MM-DD. Language: {row.language}."
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
    yield from (f"    {line}" for line in _mentions(row))
    if not row.events:
        yield "  Nothing in it has a place on the timeline, so it is not there."


def _mentions(row: DocumentRow) -> Iterator[str]:
    """What was found, and what it was taken for."""
    for mention in row.mentions[:MENTIONS]:
        value = mention.timex.value if mention.timex is not None else "no date there can be"
        yield f"“{' '.join(mention.text.split())}” is {value}"
    if len(row.mentions) > MENTIONS:
        yield f"… and {len(row.mentions) - MENTIONS} more, all on its page"


def _tell_waiting(store: Store, row: DocumentRow) -> Iterator[str]:
    """Why it is not read yet."""
    if row.attempts:
        yield f"  It was tried {_count(row.attempts, 'time')} before."
    out = next((out for out in store.handed_out() if out.id == row.id), None)
    if out is not None:
        yield f"  It went on the queue {_at(out.handed_at)}; no worker has begun it. `timeline status` says who reads."
    else:
        queued = store.counts().queued
        wait = "waits" if queued == 1 else "wait"
        yield f"  {_count(queued, 'document')} {wait} in all; what was dropped last is read first."


def tell_unseen(wanted: str, inbox: Path) -> str | None:
    """Of a file that is in the inbox and not registered: why that may be; None when there is none."""
    name = Path(wanted).name
    found = next((Path(at) / name for at, _, names in os.walk(inbox) if name in names), None)
    if found is None:
        return None
    size = found.stat().st_size
    reason = (
        "it is empty: it is given a minute, for many programs make a file first and fill it later"
        if not size
        else "it is read as soon as nobody writes to it any more, while `timeline watch` or `timeline up` runs"
    )
    return f"{found}  ({size:,} bytes)\n  In the inbox, not registered yet: {reason}."


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
