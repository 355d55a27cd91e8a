"""What travels between the roles, as data: work on the queue, facts on the stream. Nothing unvalidated gets past."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, MaxLen, MinLen
from pydantic import Field, TypeAdapter, ValidationError

from timeline.errors import BrokerError
from timeline.facts import Done, Fact, Id, Revision, TaskId
from timeline.model import Document, Extraction, Hints

Name = Annotated[str, MinLen(1), MaxLen(1024)]
# An archive within an archive within … is refused by the reader long before.
Member = Annotated[tuple[Annotated[str, MaxLen(4096)], ...], MaxLen(32)]
MAX_BATCH = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a task: what to read, and where its bytes (or its text) are."""

    id: Id
    revision: Revision
    need: Literal["bytes", "text"]
    name: Name
    blob: Id
    member: Member
    hints: Hints
    fresh: bool = False  # somebody waits: its facts overtake others


@dataclass(frozen=True, slots=True)
class Alive:
    """What a worker says of itself every two seconds."""

    host: Annotated[str, MaxLen(256)]
    pid: Annotated[int, Ge(1)]
    since: float  # seconds since the epoch
    tasks: Annotated[tuple[TaskId, ...], MaxLen(1000)]  # taken, whether begun or not


_ITEMS: TypeAdapter[tuple[Item, ...]] = TypeAdapter(Annotated[tuple[Item, ...], MinLen(1), MaxLen(MAX_BATCH)])
_FACT: TypeAdapter[Fact] = TypeAdapter(Annotated[Fact, Field(discriminator="kind")])
_ALIVE = TypeAdapter(Alive)
_DOCUMENT = TypeAdapter(Document)


class MessageError(BrokerError):
    """Something on the queue or the stream that none of our roles wrote: dropped, never obeyed."""


def pack_items(items: tuple[Item, ...]) -> object:
    """Work as JSON-able data, the argument of a task."""
    return _ITEMS.dump_python(items, mode="json")


def unpack_items(data: object) -> tuple[Item, ...]:
    """Work out of a task's argument. Raises MessageError."""
    try:
        return _ITEMS.validate_python(data)
    except ValidationError as error:
        raise MessageError(f"a task that is none of ours: {_first(error)}") from error


def pack_fact(fact: Fact) -> bytes:
    """A fact for the stream."""
    return _FACT.dump_json(fact)


def unpack_fact(data: bytes) -> Fact:
    """A fact off the stream. Raises MessageError."""
    try:
        fact = _FACT.validate_json(data)
    except ValidationError as error:
        raise MessageError(f"a result that is none of ours: {_first(error)}") from error
    if isinstance(fact, Done):
        _check_spans(fact.extraction)
    return fact


def pack_alive(alive: Alive) -> bytes:
    """A worker's sign of life."""
    return _ALIVE.dump_json(alive)


def unpack_alive(data: bytes) -> Alive | None:
    """A worker's sign of life, or None when it is not one."""
    try:
        return _ALIVE.validate_json(data)
    except ValidationError:
        return None


def pack_document(document: Document) -> bytes:
    """A document's text and all that is known of it, for reading it again."""
    return _DOCUMENT.dump_json(document)


def unpack_document(data: bytes) -> Document:
    """The document to read again. Raises MessageError."""
    try:
        return _DOCUMENT.validate_json(data)
    except ValidationError as error:
        raise MessageError(f"a text that is none of ours: {_first(error)}") from error


def _check_spans(extraction: Extraction) -> None:
    """Spans that leave the text would break every page that marks them."""
    length = len(extraction.document.text)
    for mention in extraction.mentions:
        if not 0 <= mention.start <= mention.end <= length:
            raise MessageError("a result that is none of ours: a mention outside the text")
    for event in extraction.events:
        first, last = event.span
        if not 0 <= first <= last <= length:
            raise MessageError("a result that is none of ours: an event outside the text")


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in found['loc'])[:200]}: {found['msg'][:200]}"
