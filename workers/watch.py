"""The producer: what arrives in the inbox is registered in the store and put on the queue. It alone enqueues."""

import math
import queue
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import structlog
from kombu.exceptions import OperationalError
from redis import RedisError
from watchfiles import Change
from watchfiles import watch as file_events

from timeline.errors import StoreFullError
from timeline.store import Store
from timeline.temporal import engine_version
from workers import heap, keys
from workers.app import make_app
from workers.arrivals import FRESH_AT_ONCE, Waitlist, beside, described_by
from workers.departures import GRACE, Departures
from workers.inbox import File, Oddity, Root, Roots, changed, roots_of, walk
from workers.queueing import Bounds, Dispatcher
from workers.reconcile import Reconciler
from workers.stillness import be_quiet_about_leases

log = structlog.get_logger("workers.watch")

# watchfiles: how long a burst is gathered (its default of 1600 ms delays every file of a burst), and how often it
# looks for the end of one.
DEBOUNCE_MS, STEP_MS = 200, 50
# Seconds between looks at the store: while little is out, while much is, while nothing is.
BUSY, FULL_QUEUE, IDLE = 0.1, 0.4, 1.0
MUCH = 100  # documents
SWEEP, FULL_SWEEP = 1.0, 2.0  # seconds between looks for lost work, while little is out, while much is
AWAY = 1.0  # seconds between tries while Redis is away
FULL = 5.0  # seconds between tries while the disk is full
LOW_DISK = 16 * 1024 * 1024  # bytes left at which reading pauses
# A scan may take this share of the time; a hundred thousand files take half a second.
SCAN_SHARE = 0.01
# Ignored files written down in one transaction: somebody else wants to write too.
ODD_AT_ONCE = 200
POLLING_INTERVAL = 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the inbox is watched."""

    scan_interval: float = 60.0
    polling: bool = False
    empty_wait: float = 60.0
    language: str | None = None
    hard_limit: float = 180.0
    once: bool = False  # read what is there, then end
    bounds: Bounds = Bounds()  # noqa: RUF009 - frozen


def run(paths: Sequence[Path], store_url: str | Path, redis_url: str, options: Options = Options()) -> None:
    """Watches until SIGTERM or SIGINT; with `once`, until everything found is done or failed."""
    with Store.open(store_url) as store:
        heap.settle()
        Watch(roots_of([path.absolute() for path in paths]), store, redis_url, options).run()


class Watch:
    """One inbox (or the paths of one build) and its way to the queue."""

    def __init__(self, roots: Sequence[Root], store: Store, redis_url: str, options: Options) -> None:
        self._roots, self._store, self._options = Roots(roots), store, options
        self._events: queue.SimpleQueue[set[tuple[Change, str]] | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._listener_stop: threading.Event | None = None
        redis = keys.connect(redis_url)
        self._dispatcher = Dispatcher(
            store, redis, make_app(redis_url), options.bounds, self._roots.real, self._look_again
        )
        self._reconciler = Reconciler(store, redis, options.hard_limit)
        self._waitlist = Waitlist(
            store=store,
            max_bytes=options.bounds.document_bytes,
            empty_wait=0.0 if options.once else options.empty_wait,
            language=options.language,
            keep=self._dispatcher.keep,
        )
        self._departures = Departures(store, self._waitlist, self._roots)
        self._subtrees: dict[Path, float] = {}  # folders to walk once more: files came before we watched them
        self._folders = self._roots.folders()
        self._polling = options.polling
        self._next_scan = 0.0
        self._next_look = 0.0
        self._next_sweep = 0.0
        self._changes = -1
        self._is_busy = True
        self._is_low = any(notice.key == "disk" for notice in store.notices())
        self._has_queue = True

    def run(self) -> None:
        """Until told to stop."""
        if threading.current_thread() is threading.main_thread():
            be_quiet_about_leases()
            signal.signal(signal.SIGTERM, self._on_signal)
            signal.signal(signal.SIGINT, self._on_signal)
        self._remember_paths()
        if outdated := self._store.want_engine(engine_version()):
            log.info("engine.new", engine=engine_version(), documents=outdated)
        self._store.notice("polling", None, time.time())
        if not self._options.once:
            self._listen()
        while not self._stop.is_set() and not self._is_finished():
            try:
                self._turn()
            except StoreFullError as error:
                log.warning("disk.full", reason=str(error))
                self._next_scan = 0.0  # what could not be written down is found again
                self._stop.wait(FULL)
        if self._listener_stop is not None:
            self._listener_stop.set()
        log.info("watch.stopped")

    def stop(self) -> None:
        """Ends `run` soon; from a signal or another thread."""
        self._stop.set()
        self._events.put(None)

    def _turn(self) -> None:
        at, now = time.monotonic(), time.time()
        for changes in self._gathered(max(0.0, self._next_due() - at)):
            self._note(changes)
        at, now = time.monotonic(), time.time()
        if at >= self._next_scan:
            self._scan(now)
        for folder in [folder for folder, due in self._subtrees.items() if due <= at]:
            del self._subtrees[folder]
            self._add_tree(folder)
        known = len(self._waitlist.known)
        self._departures.add(self._waitlist.settle(time.monotonic(), now), time.monotonic() + GRACE)
        self._departures.let_go(time.monotonic(), now)
        if at >= self._next_look or known != len(self._waitlist.known) or self._dispatcher.has_kept:
            self._move(now)

    def _gathered(self, patience: float) -> Iterator[set[tuple[Change, str]]]:
        """Events of the file system, waiting for the first at most so long."""
        try:
            changes = self._events.get(timeout=patience) if patience else self._events.get_nowait()
            while True:
                if changes is None:
                    return
                yield changes
                changes = self._events.get_nowait()
        except queue.Empty:
            return

    def _next_due(self) -> float:
        due = [self._waitlist.next_due(), self._departures.next_due(), self._next_scan, self._next_look]
        return min([*(one for one in due if one is not None), *self._subtrees.values()])

    # From the file system to the store.

    def _note(self, changes: set[tuple[Change, str]]) -> None:
        at = time.monotonic()
        for change, name in sorted(changes):
            path = Path(name)
            root = self._roots.holding(path)
            if root is None:
                continue
            if change is Change.deleted:
                self._departures.add_deleted(root.shown(path), at + GRACE)
                for described in beside(path):  # what it said of another document holds no longer
                    self._waitlist.add(root, described, at=at)
            elif path.is_dir() and not path.is_symlink():
                self._add_tree(path)
                self._subtrees[path] = at + GRACE
            else:
                self._consider(root, path, at, is_wave=len(changes) > FRESH_AT_ONCE)

    def _consider(self, root: Root, path: Path, at: float, *, is_wave: bool) -> None:
        """A file that came or changed. One that describes another makes that one new."""
        described = described_by(path)
        if described is None:
            self._waitlist.add(root, path, at=at, is_wave=is_wave)
            return
        reason = f"describes {described.name}"
        self._waitlist.note_odd(Oddity(path, root.shown(path), reason), time.time())
        self._waitlist.add(root, described, at=at)

    def _add_tree(self, folder: Path) -> None:
        root = self._roots.holding(folder)
        if root is None:
            return
        at = time.monotonic()
        odd: list[Oddity] = []
        new: list[tuple[Root, Path]] = []
        for found in walk(root, folder):
            if isinstance(found, Oddity):
                odd.append(found)
                self._note_odds(odd, full=ODD_AT_ONCE)
            elif self._waitlist.known.get(found.shown) != found.mark:
                new.append((root, found.path))
        self._note_odds(odd)
        self._consider_all(new, at)

    def _consider_all(self, new: list[tuple[Root, Path]], at: float) -> None:
        for root, path in new:
            self._consider(root, path, at, is_wave=len(new) > FRESH_AT_ONCE)

    def _note_odds(self, odd: list[Oddity], *, full: int = 1) -> None:
        """Writes down what is not to be read, once the list is full; empties it."""
        if len(odd) >= full:
            self._waitlist.note_odds(odd, time.time())
            odd.clear()

    def _scan(self, now: float) -> None:
        """The truth: everything that is there, everything that is not."""
        began = time.monotonic()
        self._listen_anew()
        seen: set[str] = set()
        odd: list[Oddity] = []
        new: list[tuple[Root, Path]] = []
        for root in self._roots.present():
            # One that could not be opened is tried at each scan: permissions change and no time tells of it.
            for found in changed(root, self._waitlist.known, seen, again=self._waitlist.unread):
                if isinstance(found, Oddity):
                    odd.append(found)
                    self._note_odds(odd, full=ODD_AT_ONCE)
                elif self._is_new(found):
                    new.append((root, found.path))
        self._note_odds(odd)
        self._consider_all(new, began)
        if not self._options.once:  # a second build adds to the first
            self._departures.note_missing(seen, time.monotonic(), now)
        took = time.monotonic() - began
        interval = POLLING_INTERVAL if self._polling else self._options.scan_interval
        self._next_scan = time.monotonic() + max(interval, took / SCAN_SHARE)
        log.debug("inbox.scanned", files=len(seen), ms=round(took * 1000))

    def _is_new(self, found: File) -> bool:
        if self._waitlist.known.get(found.shown) != found.mark:
            return not self._is_described(found.path)
        return found.shown in self._waitlist.unread and found.size > 0

    def _is_described(self, path: Path) -> bool:
        root = self._roots.holding(path)
        return root is not None and self._waitlist.odd.get(root.shown(path), "").startswith("describes ")

    # From the store to the queue.

    def _move(self, now: float) -> None:
        """Hands out what waits and takes back what was lost."""
        at = time.monotonic()
        self._next_look = at + IDLE
        changes = self._store.changes()
        if changes == self._changes and not self._is_busy:
            return
        self._changes = changes
        try:
            out = self._store.in_flight()
            flight = out.documents
            waiting = bool(self._store.next_work(1, now))
            if (flight or waiting) and at >= self._next_sweep:
                self._next_sweep = at + (FULL_SWEEP if flight > MUCH else SWEEP)
                self._reconciler.epoch_holds()
                self._reconciler.sweep(now)
            if waiting and self._has_room(now):
                flight += self._dispatcher.top_up(now, out)
            self._is_busy = bool(flight or waiting)
            self._next_look = at + (FULL_QUEUE if flight > MUCH else BUSY if self._is_busy else IDLE)
            if not self._has_queue:
                self._has_queue = True
                log.info("queue.back")
        except (RedisError, OperationalError) as error:
            if self._has_queue:
                self._has_queue = False
                log.warning("queue.away", reason=str(error))
            self._is_busy = True
            self._next_look = time.monotonic() + AWAY

    def _has_room(self, now: float) -> bool:
        """Whether the disk takes more. It pauses before it is full, while there is room to say so on the page."""
        folder = self._store.folder
        free = shutil.disk_usage(folder).free if folder is not None else math.inf
        is_low = free < LOW_DISK
        if is_low != self._is_low:
            said = (
                f"the disk of {folder} is full ({LOW_DISK >> 20} MB are kept free): reading goes on when there is room"
            )
            self._store.notice("disk", said if is_low else None, now)
            self._is_low = is_low
            (log.warning if is_low else log.info)("disk.full" if is_low else "disk.has_room", folder=str(folder))
        return not is_low

    def _is_finished(self) -> bool:
        return (
            self._options.once
            and not len(self._waitlist)
            and self._next_scan > 0
            and not self._is_busy
            and not self._store.undone()
        )

    # Small things.

    def _remember_paths(self) -> None:
        for shown, row in self._store.known_paths().items():
            if row.state == "present":
                self._waitlist.known[shown] = (row.size, row.mtime_ns, row.inode)
            elif row.state == "ignored" and row.reason:
                self._waitlist.odd[shown] = row.reason
        self._waitlist.unread.update(self._store.unread_paths())

    def _listen(self) -> None:
        """Follows the file system's events in a thread; without them, scans more often."""
        if self._polling:
            log.info("watch.started", mode="polling", interval=POLLING_INTERVAL)
            return
        self._listener_stop = threading.Event()
        threading.Thread(target=self._follow, args=(self._listener_stop,), name="events", daemon=True).start()
        log.info("watch.started", mode="events", inbox=self._roots.name)

    def _listen_anew(self) -> None:
        """A root that is another folder now (mounted, made again) sends no events to those who watch the old one."""
        folders = self._roots.folders()
        if folders != self._folders and self._listener_stop is not None and not self._polling:
            self._listener_stop.set()
            self._listen()
        self._folders = folders

    def _follow(self, stop: threading.Event) -> None:
        while not stop.is_set():
            present = [root.path for root in self._roots.present()]
            try:
                if not present:
                    raise FileNotFoundError
                for changes in file_events(
                    *present,
                    watch_filter=None,
                    debounce=DEBOUNCE_MS,
                    step=STEP_MS,
                    stop_event=stop,
                    rust_timeout=60_000,
                    raise_interrupt=False,
                    force_polling=False,
                    ignore_permission_denied=True,
                ):
                    self._events.put(changes)
            except FileNotFoundError:
                stop.wait(IDLE)
            except (OSError, RuntimeError) as error:
                self._poll_instead(str(error))
                return

    def _poll_instead(self, reason: str) -> None:
        """The system gives no (more) events: scans do, only later."""
        said = f"the inbox is looked through every {POLLING_INTERVAL:.0f} s, for the system refuses to tell of changes"
        self._store.notice("polling", f"{said} ({reason}): raise fs.inotify.max_user_watches", time.time())
        log.warning("watch.polling", reason=reason, mend="raise fs.inotify.max_user_watches")
        self._polling = True
        self._next_scan = 0.0
        self._events.put(None)

    def _look_again(self, shown: str) -> None:
        """A file that is not what it was when it was registered."""
        path = self._roots.real(shown)
        root = self._roots.holding(path) if path is not None else None
        if path is not None and root is not None:
            self._waitlist.add(root, path, at=time.monotonic())

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()
