"""Commands that run something: everything (up), once (build), one role (watch, worker, assemble, serve); and add."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from timeline.commands.options import Data, Inbox, Workers, data_folder, inbox_folder, store_url
from timeline.commands.temporary import private_temporary
from timeline.errors import TimelineError, UsageError

Host = Annotated[
    str | None,
    typer.Option("--host", help="Address to listen on; another than 127.0.0.1 needs TIMELINE_TOKEN. [TIMELINE_HOST]"),
]
Port = Annotated[
    int | None,
    typer.Option("--port", help="Port to listen on; 0 takes a free one. [TIMELINE_PORT, 8400]", min=0, max=65535),
]


def up(
    inbox: Inbox = None,
    data: Data = None,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
) -> None:
    """Run everything on this machine until Ctrl-C: watch the inbox, read what is dropped, serve the timeline.

    A second `up` on the same data folder says where the first one serves and ends.
    """
    from timeline.settings import settings
    from workers.up import Place
    from workers.up import up as run

    place = Place(
        inbox=inbox_folder(inbox),
        data=data_folder(data),
        host=host or settings().host,
        port=settings().port if port is None else port,
        workers=workers or settings().workers,
        site=settings().site,
        redis_url=_shared_redis(),
        token=settings().token,
        log_level=settings().log_level,
    )
    run(place, _say)


def build(
    paths: Annotated[list[Path], typer.Argument(help="Documents and folders of documents.", metavar="PATH...")],
    site: Annotated[Path, typer.Option("--site", help="Where the pages are written.", metavar="DIR")],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Keep the store here, to go on later; else it is temporary.", metavar="DIR"),
    ] = None,
    workers: Workers = None,
) -> None:
    """Make the timeline of some documents once, through the same queue, and end.

    Exit code 0: every document is done; 3: finished, but some failed.
    """
    from timeline.settings import settings
    from workers.build import Order
    from workers.build import build as run

    order = Order(
        paths=tuple(path.absolute() for path in paths),
        site=site.absolute(),
        data=data.absolute() if data else None,
        workers=workers or settings().workers,
        redis_url=_shared_redis(),
    )
    if not run(order, _say):
        raise typer.Exit(3)


def add(
    files: Annotated[list[Path], typer.Argument(help="Documents to copy.", metavar="FILE...")],
    inbox: Inbox = None,
) -> None:
    """Copy documents into the inbox, each complete before it gets its name; nothing there is overwritten."""
    from timeline.commands.copying import copy_in

    for file in files:
        typer.echo(copy_in(file, inbox_folder(inbox)))


def watch(
    inbox: Inbox = None,
    data: Data = None,
    once: Annotated[
        list[Path] | None,
        typer.Option("--once", help="Take in this file or folder, and end when it is read; may be repeated."),
    ] = None,
) -> None:
    """Run the producer: see what arrives in the inbox, register it, put it on the queue."""
    from timeline.settings import settings
    from workers.queueing import Bounds
    from workers.watch import Options, run

    chosen = settings()
    options = Options(
        scan_interval=chosen.scan_interval,
        polling=chosen.polling,
        language=chosen.language,
        hard_limit=chosen.hard_time_limit,
        once=bool(once),
        bounds=Bounds(
            documents=chosen.queue_window,
            bytes=chosen.bytes_in_flight,
            document_bytes=chosen.max_document_bytes,
            date_order=chosen.date_order,
            time_zone=chosen.time_zone,
        ),
    )
    redis_url = _redis_url()
    with _role("watch", data) as folder:
        run(once or [inbox_folder(inbox)], store_url(folder), redis_url, options)


def worker(workers: Workers = None, data: Data = None) -> None:
    """Run workers: read documents. They need Redis and nothing else; any machine that reaches it may run some."""
    from timeline.settings import settings
    from workers.state import run_folder
    from workers.up import processors

    redis_url = _redis_url()
    # Its parsers read what may be hostile: what they unpack lies where only they can write.
    with _role("worker", data) as folder, private_temporary(run_folder(folder)):
        from workers.app import run_worker

        run_worker(redis_url, workers or settings().workers or processors())


def assemble(data: Data = None) -> None:
    """Run the assembler: write what the workers found to the store and the pages."""
    from timeline.settings import settings

    redis_url = _redis_url()
    with _role("assemble", data) as folder:
        from workers.assemble import run

        run(store_url(folder), settings().site or folder / "site", redis_url)


def serve(inbox: Inbox = None, data: Data = None, host: Host = None, port: Port = None) -> None:
    """Serve the pages, with live updates, search, uploads and corrections."""
    from timeline.settings import settings

    chosen = settings()
    listening = os.environ.get("TIMELINE_LISTEN_FD")  # the socket that `up` opened for us
    with _role("serve", data) as folder:
        from timeline.web import serve as run
        from workers.state import run_folder

        # uvicorn stops on SIGTERM and then raises it again for us: this makes it an orderly end.
        signal.signal(signal.SIGTERM, _leave)
        run(
            host or chosen.host,
            chosen.port if port is None else port,
            store_url=store_url(folder),
            site=chosen.site or folder / "site",
            inbox=inbox_folder(inbox),
            token=chosen.token,
            max_bytes=chosen.max_document_bytes,
            state_file=run_folder(folder) / "state.json",
            listen_fd=int(listening) if listening else None,
        )


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@contextmanager
def _role(role: str, data: Path | None) -> Iterator[Path]:
    """A role's surroundings: its logs, and a sign that it runs when no supervisor keeps account of it."""
    import structlog

    from timeline import logs
    from timeline.settings import settings
    from workers.state import announce

    folder = data_folder(data)
    supervised = os.environ.get("TIMELINE_SUPERVISED")
    logs.configure(role, folder, settings().log_level, is_heard=supervised != "unheard")
    with ExitStack() as stack:
        if not supervised:
            stack.enter_context(announce(folder, role, datetime.now(UTC).isoformat(timespec="milliseconds")))
        try:
            yield folder
        except TimelineError as error:
            structlog.get_logger("timeline.commands").error("role.stopped", reason=str(error))
            raise
        except Exception:
            structlog.get_logger("timeline.commands").exception("role.crashed")
            raise


def _shared_redis() -> str | None:
    """The Redis that is set, once it is one that not everybody can write to."""
    from timeline.settings import settings
    from workers.broker import demand_secret

    url = settings().redis_url
    if url and not settings().open_redis:
        demand_secret(url)
    return url


def _redis_url() -> str:
    url = _shared_redis()
    if not url:
        raise UsageError(
            "TIMELINE_REDIS_URL is not set: a role that runs by itself needs a Redis to share, as in "
            "redis://:password@host:6379/0; `timeline up` starts everything with a Redis of its own"
        )
    return url


def _say(message: str) -> None:
    print(message, flush=True)
