"""Serving the site: its files, live news, search, uploads and corrections. Listens on this machine unless told."""

import contextlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from timeline.errors import StoreError, TimelineError, UsageError
from timeline.rendering.pages import render
from timeline.store import Store
from timeline.web import api, views
from timeline.web.guard import Guard, is_local
from timeline.web.news import News
from timeline.web.uploads import DiskFullError, TooLargeError

__all__ = ["create_app", "serve"]

_MAX_BYTES = 100 * 1024 * 1024
# Seconds an open event stream may hold up a stop.
_GRACE = 2


class SiteFiles(StaticFiles):
    """The files of the site and nothing beside them: no listing, no temporary file, no way out."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file lies; hidden ones are not there."""
        if any(part.startswith(".") for part in path.split("/") if part not in ("", ".")):
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or a page that says it is not there."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            if path in (".", "index.html"):
                page = render(
                    "missing.html",
                    "index.html",
                    title="The pages are being made",
                    text="In a moment they are here; this page tries again by itself.",
                )
                return HTMLResponse(page, 503, {"refresh": "1", "retry-after": "1"})
            # Told from the top of the site, wherever the address pretends to be.
            here = "/".join(["x"] * scope["path"].count("/"))
            page = render(
                "missing.html",
                here,
                title="No such page",
                text="It may have moved: the timeline was cut into other periods, or a document was replaced.",
            )
            return HTMLResponse(page, 404)


def create_app(
    store_url: str | Path,
    site: Path,
    inbox: Path,
    *,
    token: str | None = None,
    host: str = "127.0.0.1",
    max_bytes: int = _MAX_BYTES,
    state_file: Path | None = None,
) -> FastAPI:
    """The application. Raises UsageError when others could reach it and no token is set."""
    if not token and not is_local(host):
        raise UsageError(
            f"listening on {host} shows your documents to others: set TIMELINE_TOKEN to a secret, or stay on 127.0.0.1"
        )
    site.mkdir(parents=True, exist_ok=True)  # the assembler fills it
    store = Store.open(store_url)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(
        title="Timeline",
        description="Dated statements out of documents, each with its quote, its source and its reasoning.",
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere; /docs is ours
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        middleware=[Middleware(Guard, host=host, token=token)],
    )
    app.state.place = api.Place(store, site, inbox, News(site), max_bytes, state_file)
    app.include_router(api.router)
    app.include_router(views.router)
    app.mount("/", SiteFiles(directory=site, html=True))
    app.add_exception_handler(TimelineError, _say)
    return app


async def _say(_request: Request, error: Exception) -> Response:
    """Our errors in a browser's words."""
    status = 400
    for kind, code in ((TooLargeError, 413), (DiskFullError, 507), (StoreError, 503)):
        if isinstance(error, kind):
            status = code
    return JSONResponse({"detail": str(error)}, status)


def serve(
    host: str,
    port: int,
    *,
    store_url: str | Path,
    site: Path,
    inbox: Path,
    token: str | None = None,
    max_bytes: int = _MAX_BYTES,
    state_file: Path | None = None,
    listen_fd: int | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT; `listen_fd` is a listening socket that somebody else opened."""
    app = create_app(store_url, site, inbox, token=token, host=host, max_bytes=max_bytes, state_file=state_file)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,  # the roles' logs are set up by who starts us
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
        server_header=False,
        h11_max_incomplete_event_size=64 * 1024,
        limit_concurrency=1000,
    )
    sockets = [socket.socket(fileno=listen_fd)] if listen_fd is not None else None
    _Server(config, app.state.place.news).run(sockets=sockets)


class _Server(uvicorn.Server):
    """Lets go of its listeners when it is told to stop."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """On SIGTERM and SIGINT."""
        self._news.close()
        super().handle_exit(sig, frame)
