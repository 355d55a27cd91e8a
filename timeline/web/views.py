"""What a browser asks for beside the site's files: search, status, originals, metrics, the description of the API."""

import time
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from prometheus_client import CollectorRegistry, generate_latest

from timeline.metrics import Figures
from timeline.rendering.addresses import document_href, event_href
from timeline.rendering.cards import printable
from timeline.rendering.pages import render, search_page
from timeline.rendering.phrases import say
from timeline.store import DocumentRow, State
from timeline.web.api import After, Filters, Here

_SEARCHED = 50
_LISTED = 200

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document on the status page."""

    path: str
    href: str
    state: str
    reason: str
    events: int
    took: str


@router.get("/search")
def search(here: Here, request: Request, filters: Filters, after: After = None) -> HTMLResponse:
    """Events that match, as a page; the script takes its list."""
    rows = here.store.events(**filters.wanted, by=filters.by, after=after, limit=_SEARCHED)
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    more = f"search?{urlencode([*query, ('after', rows[-1].cursor)])}" if len(rows) == _SEARCHED else None
    page = search_page(rows, is_reported=filters.by == "reported", more=more, query=dict(query))
    return HTMLResponse(page)


@router.get("/status")
def status(here: Here) -> HTMLResponse:
    """Where every document is."""
    store = here.store
    counts, progress = store.counts(), store.progress(time.time())
    left = say("left_line", n=round(progress.seconds_left)) if progress.seconds_left is not None else ""
    rate = f"{progress.rate:.1f}"
    if progress.waiting:
        line = say("waiting_line", n=progress.waiting, rate=rate, left=left)
    elif progress.again:
        line = say("again_line", n=progress.again, rate=rate, left=left)
    else:
        line = say("calm_line")
    names = ["events", *(state.value for state in State)]
    tallies = [(name, say(f"state_{name}"), getattr(counts, name), say(f"state_{name}_means")) for name in names]
    states = (State.WORKING, State.QUEUED, State.FAILED, State.DONE)
    found = [row for state in states for row in store.documents(state=state, limit=_LISTED)][:_LISTED]
    return HTMLResponse(
        render("status.html", "status", line=line, tallies=tallies, documents=[_listed(row) for row in found])
    )


def _listed(row: DocumentRow) -> Listed:
    return Listed(
        path=printable(row.path),
        href=document_href(row.id),
        state=say(f"state_{row.state.value}"),
        reason=printable(row.reason or ""),
        events=row.events,
        took=f"{row.ms:,.0f} ms" if row.ms is not None else "",
    )


@router.get("/event/{event_id}")
def event(here: Here, event_id: str) -> RedirectResponse:
    """An event's place in its document, wherever that is today."""
    row = here.store.event(event_id)
    if row is None:
        raise HTTPException(404, "there is no such event; its document may have been corrected or withdrawn")
    return RedirectResponse(f"/{event_href(row.document.id, row.event.id, row.event.span[0])}")


@router.get("/original/{document_id}")
def original(here: Here, document_id: str) -> FileResponse:
    """The file a document was read from, to be saved: a hostile one must not run on our page's behalf."""
    row = here.store.document(document_id, with_text=False)
    if row is None:
        raise HTTPException(404, "there is no such document")
    inbox = here.inbox.resolve()
    for shown in row.paths:
        path = (inbox / shown).resolve()
        if path.is_relative_to(inbox) and path.is_file():
            return FileResponse(path, media_type="application/octet-stream", filename=path.name)
    raise HTTPException(404, "its file is not in the watched folder any more, or lies inside another file")


@router.get("/metrics")
def metrics(here: Here) -> Response:
    """For Prometheus."""
    registry = CollectorRegistry()
    registry.register(Figures(here.store, time.time(), here.news.listeners, here.state_file))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """A sign of life."""
    return PlainTextResponse("ok\n")


@router.get("/docs")
def docs(request: Request, q: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """The API described, out of its own OpenAPI document and without anybody's script."""
    del q
    described = request.app.openapi()
    operations = [
        (method.upper(), path, operation.get("description", ""), _parameters(operation))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return HTMLResponse(render("api.html", "docs", operations=operations))


def _parameters(operation: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(one["name"], one.get("description", "")) for one in operation.get("parameters", [])]
