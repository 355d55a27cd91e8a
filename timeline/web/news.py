"""What is new, told to everybody who listens: watches changes.json, and only while somebody does."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

# Looks a second: a fifth of a second is not felt, and a stat costs microseconds.
_EVERY = 0.2
# A comment now and then, so that a dead connection is noticed and a proxy does not close a quiet one.
_HEARTBEAT = 15.0
MOST_LISTENERS = 200


@dataclass(frozen=True, slots=True)
class Told:
    """How far the pages are: both numbers only grow."""

    version: int = 0
    pages: int = 0


class News:
    """One watcher for all listeners of this process."""

    def __init__(self, site: Path) -> None:
        self._path = site / "changes.json"
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._seen: tuple[int, int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    async def stream(self) -> AsyncIterator[str]:
        """Server-sent events: the state at once, then every change."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=4)
        self._loop = asyncio.get_running_loop()
        self._listeners.add(queue)
        if self._task is None:
            self._seen = self._mark()
            self._task = asyncio.create_task(self._watch())
        try:
            yield _event(self.read())
            while not self._is_closed:
                try:
                    said = await asyncio.wait_for(queue.get(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if said is not None:
                    yield _event(said)
        finally:
            self._listeners.discard(queue)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    def close(self) -> None:
        """Ends every stream: an open one would hold up the server's stop. From any thread."""
        self._is_closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    def read(self) -> str:
        """changes.json on one line; an empty state before the first pages are made."""
        try:
            return json.dumps(json.loads(self._path.read_text("utf-8")), separators=(",", ":"))
        except (OSError, ValueError):
            return '{"version":0,"pages":0,"events":0,"documents":{"queued":0,"working":0,"done":0,"failed":0}}'

    def told(self) -> Told:
        """The numbers of changes.json."""
        said = json.loads(self.read())
        version, pages = said.get("version"), said.get("pages")
        return Told(version if isinstance(version, int) else 0, pages if isinstance(pages, int) else 0)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            mark = self._mark()
            if mark == self._seen:
                continue
            self._seen = mark
            said = self.read()
            for queue in self._listeners:
                if queue.full():
                    queue.get_nowait()  # a slow reader needs the newest only
                queue.put_nowait(said)

    def _mark(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


def _event(said: str) -> str:
    return f"data: {said}\n\n"
