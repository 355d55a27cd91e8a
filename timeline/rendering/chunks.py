"""The data beside the pages: events in a row each, as the script draws, filters and finds them."""

import json
from collections.abc import Sequence

from timeline.model import Shape
from timeline.rendering.addresses import document_href
from timeline.rendering.cards import printable
from timeline.rendering.periods import numbers
from timeline.rendering.saying import say_place
from timeline.store import DocumentSummary, EventRow
from timeline.temporal.bounds import DAY, day_number

_SHAPES = {Shape.MOMENT: 0, Shape.STRETCH: 1, Shape.OPEN: 2, Shape.VAGUE: 3}
# Enough of a statement to search and to recognise; the whole stands on its page.
_MOST_STATEMENT = 400

Cell = str | int | None


def event_cells(row: EventRow, document: int) -> list[Cell]:
    """An event as the script reads it; the order is that of `takeTables` in the script."""
    event, placement = row.event, row.event.placement
    return [
        event.id,
        placement.begin,
        placement.end,
        row.sort,
        _SHAPES[placement.shape],
        (1 if placement.soft_begin else 0) + (2 if placement.soft_end else 0),
        placement.granularity,
        document,
        printable(event.expression),
        say_place(placement, event.timex),
        printable(event.statement[:_MOST_STATEMENT]),
        event.span[0],
        event.clause_start if event.clause_start < _MOST_STATEMENT else 0,
    ]


def document_cells(document: DocumentSummary) -> list[Cell]:
    """A document as the script reads it."""
    day = day_number(*numbers(document.dct)) * DAY if document.dct else None
    return [
        document.id,
        printable(document.title or document.path),
        printable(document.path),
        day,
        document.language,
        printable(document.collection),
        document_href(document.id),
    ]


def table(rows: Sequence[EventRow]) -> dict[str, list[list[Cell]]]:
    """Events and the documents they point to by index."""
    places: dict[str, int] = {}
    documents: list[list[Cell]] = []
    events = []
    for row in rows:
        if row.document.id not in places:
            places[row.document.id] = len(documents)
            documents.append(document_cells(row.document))
        events.append(event_cells(row, places[row.document.id]))
    return {"documents": documents, "events": events}


def script(rows: Sequence[EventRow]) -> str:
    """A classic script that hands its table over: `fetch` does not work from file://. ASCII only."""
    data = json.dumps(table(rows), separators=(",", ":")).replace("<", "\\u003c")
    return f"(self.timelineData=self.timelineData||[]).push({data});\n"
