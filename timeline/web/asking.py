"""What is asked for: the filters of an address, checked and turned into the store's words."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from timeline.model import Shape
from timeline.store import Clock, Wanted
from timeline.temporal.bounds import parse_instant

# What the page's "known to" means in granularities.
PRECISIONS: dict[str, tuple[str, ...]] = {
    "day": ("second", "minute", "hour", "part of day", "day"),
    "week": ("week", "weekend"),
    "month": ("month", "season", "quarter", "half"),
    "year": ("year",),
    "longer": ("decade", "century", "millennium"),
}
Precision = Literal["day", "week", "month", "year", "longer"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters, and which clock they go by."""

    wanted: Wanted
    by: Clock


def asked(
    q: Annotated[str, Query(max_length=400, description="words, “phrases”, begin*")] = "",
    kind: Annotated[list[Shape] | None, Query(description="how an event lies on the line")] = None,
    precision: Annotated[Precision | None, Query(description="how exactly it is known")] = None,
    language: Annotated[str | None, Query(max_length=16, description="of the document, ISO 639-1")] = None,
    collection: Annotated[str | None, Query(max_length=400, description="folder within the inbox")] = None,
    source: Annotated[str | None, Query(max_length=400, description="id, or part of a path or title")] = None,
    begin: Annotated[str | None, Query(alias="from", max_length=40, description="2025, 2025-11 or 2025-11-06")] = None,
    end: Annotated[str | None, Query(alias="to", max_length=40, description="exclusive")] = None,
    by: Annotated[Clock, Query(description="order and bound by event or by the documents' dates")] = "event",
) -> Asked:
    """The filters of an address."""
    return Asked(
        Wanted(
            begin=_instant("from", begin),
            end=_instant("to", end),
            shapes=tuple(kind or ()),
            granularities=PRECISIONS[precision] if precision else (),
            source=source or None,
            text=q or None,
            language=language or None,
            document=None,
            collection=collection or None,
        ),
        by,
    )


def _instant(name: str, text: str | None) -> int | None:
    if not text:
        return None
    try:
        return parse_instant(text)
    except (ValueError, OverflowError) as error:
        said = f"{text!r} is no date; write it as 2025-11-06, 2025-11 or 2025"
        raise RequestValidationError([{"type": "date", "loc": ("query", name), "msg": said, "input": text}]) from error
