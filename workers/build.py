"""`timeline build`: the timeline of some documents, once, through the same queue and the same roles."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from timeline import logs
from timeline.errors import StoreError, TimelineError, UsageError
from timeline.store import Counts, Store
from workers.broker import find_server
from workers.state import only_one
from workers.supervise import Role, Supervisor
from workers.up import processors

LOOK_EVERY = 0.25  # seconds between looks whether it is done
SHOW_EVERY = 1.0  # seconds between looks at how far it is
LINE_EVERY = 10.0  # seconds between lines where there is no terminal for a bar
TEMPORARY = "timeline-build-"
ABANDONED = 3600.0  # seconds: a younger folder may be one that has not taken its lock yet
HOPELESS = 8  # deaths of one role in a row after which building gives up


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be built."""

    paths: tuple[Path, ...]
    site: Path
    data: Path | None
    workers: int | None
    redis_url: str | None


def build(order: Order, say: Callable[[str], None]) -> bool:
    """Build; True when no document failed. Documents in = done + failed + withdrawn + ignored is said at the end."""
    for path in order.paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist; name documents or folders of documents")
    for folder, option in ((order.site, "--site"), (order.data, "--data")):
        for path in order.paths:
            if folder is not None and folder.resolve().is_relative_to(path.resolve()):
                raise UsageError(f"{folder} lies in {path}, it would be read itself: choose another {option}")
    if not order.redis_url:
        find_server()
    with _data_folder(order) as data, only_one(data) as alone:
        if not alone:
            raise StoreError(f"{data} is in use by a running timeline; stop it, or build with another --data")
        logs.configure("build", data, "WARNING")
        try:
            order.site.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot write to {order.site}: {error.strerror}; choose another --site") from error
        with Store.open(data / "timeline.db") as store:
            began = time.monotonic()
            _run(order, data, store)
            return _report(store, order.site, time.monotonic() - began, say)


def _report(store: Store, site: Path, seconds: float, say: Callable[[str], None]) -> bool:
    balance, counts = store.balance(), store.counts()
    for failure in store.failures():
        print(f"failed: {failure.path}: {failure.reason}", file=sys.stderr)
    for ignored in store.ignored():
        print(f"ignored: {ignored.path}: {ignored.reason}", file=sys.stderr)
    if not balance.holds:
        raise TimelineError(f"the balance does not hold: {balance}. This is a bug; --data DIR keeps the store")
    say(
        f"{balance.documents} in = {balance.done} done + {balance.failed} failed + "
        f"{balance.withdrawn} withdrawn + {balance.ignored} ignored"
    )
    say(f"{counts.events} events in {seconds:.1f} s: {site / 'index.html'}")
    return balance.failed == 0


def _run(order: Order, data: Path, store: Store) -> None:
    """The roles, until all that was found has been read and every page stands."""
    watch = Role("watch", tuple(f"--once={path}" for path in order.paths), finishes=True)
    roles = [Role("assemble"), Role("worker"), watch]
    environment = {
        "TIMELINE_DATA": str(data),
        "TIMELINE_SITE": str(order.site),
        "TIMELINE_DATABASE_URL": "",  # a build has a store of its own
        "TIMELINE_WORKERS": str(order.workers or processors()),
        "PYTHONUNBUFFERED": "1",
    }
    with (data / "run" / "roles.log").open("wb") as output, _progress() as show:
        supervisor = Supervisor(
            data=data,
            inbox=order.paths[0],
            roles=roles,
            environment=environment,
            redis_url=order.redis_url,
            output=output,
        )

        shown = 0.0

        def is_done() -> bool:
            nonlocal shown
            for role in roles:
                if role.failures >= HOPELESS:
                    raise TimelineError(f"{role.name} dies again and again: {_last_words(data / 'run' / 'roles.log')}")
            # Counting a hundred thousand documents takes as long as reading two: not at every look.
            if time.monotonic() - shown < SHOW_EVERY and not watch.finished:
                return False
            shown = time.monotonic()
            counts = store.counts()
            show(counts)
            supervisor.is_worker_done = watch.finished and not counts.queued + counts.working
            return supervisor.is_worker_done and not store.dirty_pages(1)

        supervisor.run(is_done, every=LOOK_EVERY)
        if not is_done():
            raise KeyboardInterrupt


@contextmanager
def _data_folder(order: Order) -> Iterator[Path]:
    """The folder named, or one that is gone afterwards."""
    if order.data is not None:
        yield order.data
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed builds left: it holds the text of documents."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        try:
            seen = folder.stat()
            if seen.st_uid != os.getuid() or time.time() - seen.st_mtime < ABANDONED:
                continue
            with only_one(folder) as alone:
                if alone:
                    shutil.rmtree(folder, ignore_errors=True)
        except (OSError, StoreError):
            continue


@contextmanager
def _progress() -> Iterator[Callable[[Counts], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("looking for documents", total=None)

        def show(counts: Counts) -> None:
            finished = counts.done + counts.failed
            total = finished + counts.queued + counts.working
            what = f"reading, {counts.events} events" if finished < total or not total else "writing the pages"
            bar.update(task, completed=finished, total=total or None, description=what)

        yield show


def _lines() -> Callable[[Counts], None]:
    said = time.monotonic()

    def show(counts: Counts) -> None:
        nonlocal said
        if time.monotonic() - said < LINE_EVERY:
            return
        said = time.monotonic()
        left = counts.queued + counts.working
        print(f"{counts.done} done, {counts.failed} failed, {left} to go, {counts.events} events", file=sys.stderr)

    return show


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
