"""The interface for programs; the page uses the same."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, StringConstraints
from starlette.background import BackgroundTask
from typing_extensions import TypedDict

from timeline.exports import KINDS, EventItem, Form, event_item, write
from timeline.rendering.chunks import table
from timeline.store import Bin, DocumentRow, EventRow, State, Store
from timeline.web.asking import Asked, asked
from timeline.web.news import MOST_LISTENERS, News
from timeline.web.uploads import receive

MOST_ROWS = 500
_MOST_LANES = 420
_MOST_FOLDERS = 2000
_EXPORT_PAGE = 2000

Filters = Annotated[Asked, Depends(asked)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
After = Annotated[str | None, Query(max_length=80, description="`next` of the answer before")]


@dataclass(frozen=True, slots=True)
class Place:
    """What the web role serves from."""

    store: Store
    site: Path
    inbox: Path
    news: News
    max_bytes: int
    state_file: Path | None = None  # of the supervisor, for /metrics


class EventList(TypedDict):
    """Events in time order; `next` goes on behind them, None at the end."""

    events: list[EventItem]
    next: str | None


class DocumentItem(TypedDict):
    """A document, its text left out."""

    id: str
    title: str
    path: str
    paths: list[str]
    state: str
    reason: str | None
    dct: str | None
    dct_source: str
    correction: str | None
    language: str
    media_type: str
    collection: str
    size: int
    sha256: str | None
    attempts: int
    events: int
    text: str | None


class DocumentList(TypedDict):
    """Documents by id; `next` goes on behind them."""

    documents: list[DocumentItem]
    next: str | None


class BinItem(TypedDict):
    """Events in a year, month or day; `shapes` counts them by kind."""

    key: str
    count: int
    shapes: dict[str, int]


class FacetItem(TypedDict):
    """A source, folder or language, and how many events it has."""

    value: str
    name: str
    count: int


class Facets(TypedDict):
    """What the whole timeline can be narrowed to, the fullest first."""

    source: list[FacetItem]
    collection: list[FacetItem]
    language: list[FacetItem]


class Status(TypedDict):
    """What is done and what waits; `version` grows with everything, `pages` with every page made."""

    version: int
    pages: int
    documents: dict[str, int]
    events: int
    rate: float
    seconds_left: float | None
    oldest_waiting: float | None
    again: int
    notices: list[str]


class Redate(BaseModel):
    """A document's date as a person knows it; null gives it its own again."""

    date: date | None


class Retry(BaseModel):
    """Documents to try again; null is all that failed."""

    ids: list[Annotated[str, StringConstraints(pattern=r"^\w{1,64}$")]] | None = None


class Answer(TypedDict):
    """What a write did."""

    done: int


class Upload(TypedDict):
    """The name an upload got in the inbox."""

    name: str


def place_of(request: Request) -> Place:
    """What this application serves from."""
    found = request.app.state.place
    if not isinstance(found, Place):
        raise TypeError("the application was not made by create_app")
    return found


class Problem(TypedDict):
    """What is wrong with a request, and how to mend it."""

    detail: str


Here = Annotated[Place, Depends(place_of)]
# What any of them may answer instead: the rest of what guards the door stands in guard.py.
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "it makes no sense as asked"},
    401: {"model": Problem, "description": "a token is needed"},
    403: {"model": Problem, "description": "a page of another site may not write here"},
    411: {"model": Problem, "description": "the body does not say how long it is"},
    413: {"model": Problem, "description": "the body is too large"},
    421: {"model": Problem, "description": "this name is not ours"},
    429: {"model": Problem, "description": "too many requests"},
    503: {"model": Problem, "description": "the store cannot be used just now"},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "it is not there"}}
_FULL: dict[int | str, dict[str, Any]] = {507: {"model": Problem, "description": "the disk is full"}}
router = APIRouter(prefix="/api", responses=_REFUSALS)


@router.get("/events", tags=["reading"])
def events(here: Here, filters: Filters, after: After = None, limit: Limit = 100) -> EventList:
    """Events in time order, filtered."""
    rows = here.store.events(**filters.wanted, by=filters.by, after=after, limit=limit)
    return EventList(events=[event_item(row) for row in rows], next=_next(rows, limit))


@router.get("/search", tags=["reading"])
def search(
    here: Here,
    filters: Filters,
    q: Annotated[str, Query(min_length=1, max_length=400)],
    after: After = None,
    limit: Limit = 50,
) -> EventList:
    """Events whose statement holds the words, in time order."""
    del q  # `filters` holds it; here it is required
    return events(here, filters, after, limit)


@router.get("/histogram", tags=["reading"])
def histogram(
    here: Here, filters: Filters, unit: Annotated[str, Query(pattern="^(year|month|day)$")] = "month"
) -> list[BinItem]:
    """Events counted by unit of time; units without any are left out."""
    bins = _histogram(here.store, filters, unit)
    return [BinItem(key=b.key, count=b.count, shapes={s.value: n for s, n in b.shapes}) for b in bins]


def _histogram(store: Store, filters: Asked, unit: str) -> list[Bin]:
    match unit:
        case "year":
            return store.histogram(by=filters.by, unit="year", **filters.wanted)
        case "day":
            return store.histogram(by=filters.by, unit="day", **filters.wanted)
        case _:
            return store.histogram(by=filters.by, unit="month", **filters.wanted)


@router.get("/facets", tags=["reading"])
def facets(here: Here) -> Facets:
    """Sources, folders and languages with their events, over the whole timeline; a folder counts what lies below it."""
    folders: dict[str, int] = {}
    for facet in here.store.facets("collection", _MOST_FOLDERS):
        parts = facet.value.split("/")
        for end in range(1, len(parts) + 1):
            name = "/".join(parts[:end])
            folders[name] = folders.get(name, 0) + facet.count
    return Facets(
        source=[FacetItem(value=f.value, name=f.name, count=f.count) for f in here.store.facets("source")],
        collection=[FacetItem(value=name, name=name, count=n) for name, n in sorted(folders.items()) if name],
        language=[FacetItem(value=f.value, name=f.name, count=f.count) for f in here.store.facets("language")],
    )


@router.get("/lanes", include_in_schema=False)
def lanes(here: Here, filters: Filters) -> dict[str, list[list[str | int | None]]]:
    """The rows that the page draws; none when there are too many to draw."""
    rows = here.store.events(**filters.wanted, by=filters.by, limit=_MOST_LANES + 1)
    return table(rows if len(rows) <= _MOST_LANES else [])


@router.get("/documents", tags=["reading"])
def documents(here: Here, state: State | None = None, after: After = None, limit: Limit = 100) -> DocumentList:
    """Documents by id, without their text."""
    rows = here.store.documents(state=state, after=after, limit=limit)
    return DocumentList(
        documents=[_document_item(row) for row in rows], next=rows[-1].id if len(rows) == limit else None
    )


@router.get("/documents/{document_id}", tags=["reading"], responses=_UNKNOWN)
def document(here: Here, document_id: str) -> DocumentItem:
    """A document with its text."""
    row = here.store.document(document_id)
    if row is None:
        raise HTTPException(404, "there is no such document")
    return _document_item(row)


@router.get("/status", tags=["reading"])
def status(here: Here) -> Status:
    """Documents by state, how fast it goes, and how long it takes."""
    counts = here.store.counts()
    progress = here.store.progress(time.time())
    told = here.news.told()
    return Status(
        version=told.version,
        pages=told.pages,
        documents={state.value: getattr(counts, state.value) for state in State},
        events=counts.events,
        rate=round(progress.rate, 3),
        seconds_left=progress.seconds_left,
        oldest_waiting=progress.oldest_waiting,
        again=progress.again,
        notices=[notice.text for notice in here.store.notices()],
    )


@router.get("/stream", tags=["reading"], response_class=StreamingResponse)
async def stream(here: Here) -> StreamingResponse:
    """Server-sent events: site/changes.json at once and at every change."""
    if here.news.listeners >= MOST_LISTENERS:
        raise HTTPException(503, "too many listen already")
    return StreamingResponse(
        here.news.stream(),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@router.get("/export", tags=["reading"], response_class=FileResponse)
def export(here: Here, filters: Filters, form: Annotated[Form, Query(alias="format")]) -> FileResponse:
    """The events as a file, in one of the export forms."""
    kind = KINDS[form]
    with tempfile.NamedTemporaryFile(suffix=kind.suffix, delete=False) as out:
        path = Path(out.name)
        try:
            write(here.store, form, out, _every(here.store, filters))
        except BaseException:
            path.unlink()
            raise
    return FileResponse(
        path, media_type=kind.media_type, filename=f"timeline{kind.suffix}", background=BackgroundTask(path.unlink)
    )


def _every(store: Store, filters: Asked) -> Iterator[EventRow]:
    after: str | None = None
    while rows := store.events(**filters.wanted, by=filters.by, after=after, limit=_EXPORT_PAGE):
        yield from rows
        after = rows[-1].cursor


_LAST_MOMENT = 4_102_444_800_000  # the year 2100, in milliseconds: file systems know few later ones


@router.post("/upload", tags=["writing"], status_code=201, responses=_FULL)
async def upload(
    here: Here,
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    modified: Annotated[
        int | None, Query(ge=0, le=_LAST_MOMENT, description="time of the original, in milliseconds since 1970")
    ] = None,
) -> Upload:
    """Puts the body of the request into the inbox as a file, as old as the original if that is told."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > here.max_bytes:
        raise HTTPException(413, f"larger than {here.max_bytes:,} bytes; copy it into the folder instead")
    seconds = None if modified is None else modified / 1000
    return Upload(name=await receive(request.stream(), name, here.inbox, here.max_bytes, modified=seconds))


@router.post("/retry", tags=["writing"])
def retry(here: Here, which: Retry) -> Answer:
    """Tries failed documents again."""
    return Answer(done=here.store.retry(which.ids))


@router.post("/documents/{document_id}/redate", tags=["writing"])
def redate(here: Here, document_id: str, wanted: Redate) -> Answer:
    """Corrects a document's date; everything relative to it moves."""
    here.store.redate(document_id, wanted.date)
    return Answer(done=1)


@router.post("/events/{event_id}/hide", tags=["writing"])
def hide(here: Here, event_id: str) -> Answer:
    """Takes an event off the timeline."""
    return Answer(done=here.store.hide(event_id))


@router.post("/events/{event_id}/show", tags=["writing"])
def show(here: Here, event_id: str) -> Answer:
    """Puts a hidden event back."""
    return Answer(done=here.store.hide(event_id, hide=False))


def _next(rows: list[EventRow], limit: int) -> str | None:
    return rows[-1].cursor if len(rows) == limit else None


def _document_item(row: DocumentRow) -> DocumentItem:
    return DocumentItem(
        id=row.id,
        title=row.title,
        path=row.path,
        paths=list(row.paths),
        state=row.state.value,
        reason=row.reason,
        dct=row.dct,
        dct_source=row.dct_source.value,
        correction=row.correction,
        language=row.language,
        media_type=row.media_type,
        collection=row.collection,
        size=row.size,
        sha256=row.sha256,
        attempts=row.attempts,
        events=row.events,
        text=row.document.text if row.document else None,
    )
