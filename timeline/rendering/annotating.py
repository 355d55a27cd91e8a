"""A document's text with every mention marked, and the notes that explain them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from timeline.events import explain
from timeline.model import Document, Event, Mention, Signal
from timeline.rendering.addresses import PART_CHARS
from timeline.rendering.cards import printable
from timeline.rendering.phrases import plain, say
from timeline.rendering.saying import say_place
from timeline.wording import say_value

_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of one mention, beside the text."""

    number: int
    anchor: str  # of the mention in the text
    phrase: str
    kind: str  # date, time, duration, set, impossible
    says: str
    explanation: str
    event_id: str | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Annotated:
    """One part of a document's text, ready to be put on a page."""

    html: Markup
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    note: Note


def parts_of(document: Document) -> int:
    """How many pages a document's text takes."""
    return max(1, -(-len(document.text) // PART_CHARS))


def annotate(document: Document, mentions: Sequence[Mention], events: Sequence[Event], part: int = 1) -> Annotated:
    """The text of one part, with mentions and page numbers marked."""
    first, last = (part - 1) * PART_CHARS, part * PART_CHARS
    marks = list(_marks(document, mentions, {event.span: event for event in events}, first, last))
    if marks:
        last = max(last, marks[-1].end)
        first = max(first, min(first, marks[0].start))
    first = max([first, *[_phrase(m)[1] for m in mentions if _phrase(m)[0] < first < _phrase(m)[1]]])
    breaks = [(at, number) for number, at in enumerate(document.pages, 1) if first <= at < last]
    pieces: list[str] = []
    at = first
    for mark in marks:
        pieces.append(_plain(document.text, at, mark.start, breaks))
        pieces.append(_marked(document.text[mark.start : mark.end], mark.note))
        at = mark.end
    pieces.append(_plain(document.text, at, min(last, len(document.text)), breaks))
    return Annotated(Markup("<p>" + "".join(pieces) + "</p>"), tuple(mark.note for mark in marks))  # noqa: S704 - escaped piece by piece


def _marks(
    document: Document, mentions: Sequence[Mention], by_span: dict[tuple[int, int], Event], first: int, last: int
) -> Iterator[_Mark]:
    at = 0
    number = 0
    skip = -1
    for index, mention in enumerate(mentions):
        start, end = _phrase(mention)
        if index == skip or start < max(at, first) or start >= last:
            continue
        event = by_span.get((start, end))
        if event is None and mention.signal is Signal.FROM and index + 1 < len(mentions):
            event = by_span.get((start, _phrase(mentions[index + 1])[1]))  # a from–to is one event over both
            if event is not None:
                end, skip = event.span[1], index + 1
        number += 1
        at = end
        yield _Mark(start, end, _note(document, mention, event, number, start, end))


def _note(document: Document, mention: Mention, event: Event | None, number: int, start: int, end: int) -> Note:
    if event is not None:
        says = say_place(event.placement, event.timex)
    elif mention.is_adrift and not document.is_dated:
        says = "unanchored"
    elif mention.timex is not None:
        says = say_value(mention.timex)
    else:
        says = plain()["no_such_date"]
    return Note(
        number=number,
        anchor=f"e-{event.id}" if event else f"m-{start}",
        phrase=printable(document.text[start:end]),
        kind=mention.timex.type.value.lower() if mention.timex else "impossible",
        says=says,
        explanation=printable(event.explanation if event else explain(document, mention)),
        event_id=event.id if event else None,
        page=event.page if event else None,
    )


def _phrase(mention: Mention) -> tuple[int, int]:
    start = mention.phrase_start if mention.phrase_start >= 0 else mention.start
    return min(start, mention.start), max(mention.phrase_end, mention.end)


def _marked(phrase: str, note: Note) -> str:
    placed = "" if note.event_id else " unplaced"
    return (
        f'<a class="m m-{note.kind}{placed}" id="{note.anchor}" href="#n-{note.number}">'
        f"<mark>{escape(printable(phrase))}</mark></a>"
    )


def _plain(text: str, start: int, end: int, breaks: list[tuple[int, int]]) -> str:
    pieces = []
    while breaks and breaks[0][0] <= end:
        at, number = breaks.pop(0)
        at = max(at, start)
        pieces.append(_escaped(text[start:at]))
        pieces.append(f'<span class="page" id="page-{number}">{say("page", n=number)}</span>')
        start = at
    pieces.append(_escaped(text[start:end]))
    return "".join(pieces)


def _escaped(text: str) -> str:
    return _BLANK_LINES.sub("</p>\n<p>", escape(printable(text), quote=False))
