"""The nouns as JSON, the way the store keeps them."""

from pydantic import TypeAdapter

from timeline.model import Document, Event, Mention

EVENT = TypeAdapter(Event)
MENTIONS = TypeAdapter(tuple[Mention, ...])
DOCUMENT = TypeAdapter(Document)
MEMBER = TypeAdapter(tuple[str, ...])
