"""The producer: what arrives in the inbox is registered in the store and put on the queue. It alone enqueues."""

import queue
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
from timeline.reading import sidecar_fields
from timeline.store import Store
from timeline.temporal import engine_version
from workers import keys
from workers.app import make_app
from workers.arrivals import Waitlist, sidecars_of
from workers.inbox import SIDECARS, File, Oddity, Root, roots_of, unspelled, walk
from workers.queueing import Bounds, Dispatcher
from workers.reconcile import Reconciler
from workers.stillness import be_quiet_about_leases

log = structlog.get_logger("workers.watch")

# watchfiles: how long a burst is gathered (its default of 1600 ms delays every file of a burst), and how often it
# looks for the end of one.
DEBOUNCE_MS, STEP_MS = 200, 50
GRACE = 1.0  # seconds a file may be away before it is gone: editors and renames take it away for a moment
# Seconds between looks at the store: while little is out, while much is, while nothing is.
BUSY, FULL_QUEUE, IDLE = 0.1, 0.4, 1.0
MUCH = 100  # documents
SWEEP = 1.0  # seconds between looks for lost work, while work is out
AWAY = 1.0  # seconds between tries while Redis is away
FULL = 5.0  # seconds between tries while the disk is full
# A scan may take this share of the time; a hundred thousand files take half a second.
SCAN_SHARE = 0.01
POLLING_INTERVAL = 2.0
_GLOB = str.maketrans({letter: f"[{letter}]" for letter in "*?["})
# Fewer files than this may all vanish at once and it means what it says.
FEW = 4


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
        Watch(roots_of([path.absolute() for path in paths]), store, redis_url, options).run()


class Watch:
    """One inbox (or the paths of one build) and its way to the queue."""

    def __init__(self, roots: Sequence[Root], store: Store, redis_url: str, options: Options) -> None:
        self._roots, self._store, self._options = tuple(roots), store, options
        self._events: queue.SimpleQueue[set[tuple[Change, str]] | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._listener_stop: threading.Event | None = None
        redis = keys.connect(redis_url)
        self._dispatcher = Dispatcher(
            store, redis, make_app(redis_url), options.bounds, self._real_path, self._look_again
        )
        self._reconciler = Reconciler(store, redis, options.hard_limit)
        self._waitlist = Waitlist(
            store=store,
            max_bytes=options.bounds.document_bytes,
            empty_wait=0.0 if options.once else options.empty_wait,
            language=options.language,
            keep=self._dispatcher.keep,
        )
        self._departing: dict[str, float] = {}  # paths that may be gone, and when to believe it
        self._subtrees: dict[Path, float] = {}  # folders to walk once more: files came before we watched them
        self._devices = {root: _device(root) for root in self._roots}
        self._folders = [_folder(root) for root in self._roots]
        self._polling = options.polling
        self._next_scan = 0.0
        self._next_look = 0.0
        self._next_sweep = 0.0
        self._changes = -1
        self._is_busy = True
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
        for path in self._waitlist.settle(time.monotonic(), now):
            self._departing.setdefault(path, time.monotonic() + GRACE)
        self._let_go(now)
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
        due = [self._next_scan, self._next_look, *self._departing.values(), *self._subtrees.values()]
        if (waiting := self._waitlist.next_due()) is not None:
            due.append(waiting)
        return min(due)

    # From the file system to the store.

    def _note(self, changes: set[tuple[Change, str]]) -> None:
        at = time.monotonic()
        for change, name in sorted(changes):
            path = Path(name)
            root = self._root_of(path)
            if root is None:
                continue
            if change is Change.deleted:
                self._note_deleted(root.shown(path), at)
            elif path.is_dir() and not path.is_symlink():
                self._add_tree(path)
                self._subtrees[path] = at + GRACE
            else:
                self._consider(root, path, at)

    def _note_deleted(self, shown: str, at: float) -> None:
        below = [known for known in self._waitlist.known if known == shown or known.startswith(shown + "/")]
        odd = [known for known in self._waitlist.odd if known == shown or known.startswith(shown + "/")]
        self._departing.update(dict.fromkeys((*below, *odd), at + GRACE))

    def _consider(self, root: Root, path: Path, at: float) -> None:
        """A file that came or changed. One that describes another makes that one new."""
        described = self._described_by(path)
        if described is None:
            self._waitlist.add(root, path, at=at)
            return
        reason = f"describes {described.name}"
        self._waitlist.note_odd(Oddity(path, root.shown(path), reason), time.time())
        self._waitlist.add(root, described, at=at)

    def _described_by(self, path: Path) -> Path | None:
        """The document a file lies beside to describe, if it is such a file."""
        suffix = next((suffix for suffix in SIDECARS if path.name.endswith(suffix)), None)
        if suffix is None:
            return None
        bare = path.name.removesuffix(suffix)
        try:
            beside = [path.with_name(bare)] if bare else []
            # report.meta.toml describes report.pdf
            beside += sorted(path.parent.glob(bare.translate(_GLOB) + ".*")) if suffix == ".meta.toml" else []
            for other in beside:
                if other.is_file() and path in set(sidecars_of(other)) and sidecar_fields(path.read_bytes(), path.name):
                    return other
        except OSError:
            return None
        return None

    def _add_tree(self, folder: Path) -> None:
        root = self._root_of(folder)
        if root is None:
            return
        at = time.monotonic()
        for found in walk(root, folder):
            if isinstance(found, Oddity):
                self._waitlist.note_odd(found, time.time())
            elif self._waitlist.known.get(found.shown) != found.mark:
                self._consider(root, found.path, at)

    def _scan(self, now: float) -> None:
        """The truth: everything that is there, everything that is not."""
        began = time.monotonic()
        self._listen_anew()
        seen: set[str] = set()
        whole = True
        for root in self._roots:
            if not root.path.exists() or _device(root) != self._devices[root]:
                whole = False
                continue
            for found in walk(root):
                seen.add(found.shown)
                if isinstance(found, Oddity):
                    self._waitlist.note_odd(found, now)
                elif self._is_new(found):
                    self._consider(root, found.path, began)
        self._note_missing(seen, whole=whole, now=now)
        took = time.monotonic() - began
        interval = POLLING_INTERVAL if self._polling else self._options.scan_interval
        self._next_scan = time.monotonic() + max(interval, took / SCAN_SHARE)
        log.debug("inbox.scanned", files=len(seen), ms=round(took * 1000))

    def _is_new(self, found: File) -> bool:
        if self._waitlist.known.get(found.shown) != found.mark:
            return not self._is_described(found.path)
        # One that could not be opened is tried at each scan: permissions change and no time tells of it.
        return found.shown in self._waitlist.unread and found.size > 0

    def _is_described(self, path: Path) -> bool:
        root = self._root_of(path)
        return root is not None and self._waitlist.odd.get(root.shown(path), "").startswith("describes ")

    def _note_missing(self, seen: set[str], *, whole: bool, now: float) -> None:
        if self._options.once:
            return  # a second build adds to the first
        lost = [path for path in self._waitlist.known if path not in seen]
        forgotten = [path for path in self._waitlist.odd if path not in seen]
        if not whole:
            self._pause(f"the inbox {self._roots[0].path} is not there (unmounted?)", now)
            return
        self._departing.update(dict.fromkeys(lost + forgotten, time.monotonic()))
        if not lost:
            self._resume(now)

    def _let_go(self, now: float) -> None:
        """Files that stayed away are withdrawn, unless so many went at once that it cannot be meant."""
        at = time.monotonic()
        due = [path for path, when in self._departing.items() if when <= at]
        if not due:
            return
        for path in due:
            del self._departing[path]
        away = [path for path in due if not self._is_there(path)]
        odd = [path for path in away if path in self._waitlist.odd]
        gone = [path for path in away if path in self._waitlist.known]
        never = [path for path in away if path not in self._waitlist.known and path not in self._waitlist.odd]
        if never:
            self._store.ignore([(path, "vanished before it was read") for path in never], now)
        if odd:
            self._store.forget_ignored(odd)
            self._store.gone(odd, now)  # those that had failed
            for path in odd:
                del self._waitlist.odd[path]
        if not gone or not self._may_withdraw(gone, now):
            return
        for path in gone:
            del self._waitlist.known[path]
            self._waitlist.unread.discard(path)
        for document in self._store.gone(gone, now):
            log.info("document.withdrawn", id=document)
        self._resume(now)

    def _may_withdraw(self, gone: Sequence[str], now: float) -> bool:
        if any(not root.path.exists() or _device(root) != self._devices[root] for root in self._roots):
            self._pause(f"the inbox {self._roots[0].path} is not there (unmounted?)", now)
            return False
        if len(gone) > FEW and len(gone) * 2 > len(self._waitlist.known) and not self._store.is_withdrawal_meant():
            self._pause(f"{len(gone)} of {len(self._waitlist.known)} files vanished from the inbox at once", now)
            return False
        self._store.mean_withdrawal(meant=False)
        return True

    def _pause(self, reason: str, now: float) -> None:
        said = f"{reason}: nothing is withdrawn until they are back, or you say that it is meant"
        if self._store.notice("withdrawal", said, now):
            log.warning("withdrawal.paused", reason=reason)

    def _resume(self, now: float) -> None:
        if self._store.notice("withdrawal", None, now):
            log.info("withdrawal.resumed")

    def _is_there(self, shown: str) -> bool:
        path = self._real_path(shown)
        try:
            return path is not None and path.lstat() is not None
        except OSError:
            return False

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
            flight = self._store.in_flight().documents
            waiting = bool(self._store.next_work(1, now))
            if (flight or waiting) and at >= self._next_sweep:
                self._next_sweep = at + SWEEP
                self._reconciler.epoch_holds()
                self._reconciler.sweep(now)
            if waiting:
                flight += self._dispatcher.top_up(now)
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
        log.info("watch.started", mode="events", inbox=str(self._roots[0].path))

    def _listen_anew(self) -> None:
        """A root that is another folder now (mounted, made again) sends no events to those who watch the old one."""
        folders = [_folder(root) for root in self._roots]
        if folders != self._folders and self._listener_stop is not None and not self._polling:
            self._listener_stop.set()
            self._listen()
        self._folders = folders

    def _follow(self, stop: threading.Event) -> None:
        while not stop.is_set():
            present = [root.path for root in self._roots if root.path.exists()]
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

    def _root_of(self, path: Path) -> Root | None:
        return next((root for root in self._roots if path == root.path or root.path in path.parents), None)

    def _real_path(self, shown: str) -> Path | None:
        """The file behind a path as people see it."""
        for root in self._roots:
            if not root.label:
                return unspelled(root.path, shown)
            if shown == root.label:
                return root.path
            if shown.startswith(root.label + "/"):
                return unspelled(root.path, shown.removeprefix(root.label + "/"))
        return None

    def _look_again(self, shown: str) -> None:
        """A file that is not what it was when it was registered."""
        path = self._real_path(shown)
        root = self._root_of(path) if path is not None else None
        if path is not None and root is not None:
            self._waitlist.add(root, path, at=time.monotonic())

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()


def _device(root: Root) -> int | None:
    """The file system a root lies on: another one means that something was mounted or unmounted."""
    try:
        return root.path.stat().st_dev
    except OSError:
        return None


def _folder(root: Root) -> tuple[int, int] | None:
    """Which folder a root is."""
    try:
        found = root.path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
