"""Who may assemble: one process at a time, whatever was started twice; the next takes over when it is gone."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from timeline.errors import StoreError

# PostgreSQL's advisory lock; any number that is ours. The second one is the schema's: two may share a database.
_KEY = 0x71_6D_65_32
_TAKE = text("SELECT pg_try_advisory_lock(:key, hashtext(current_schema()))")
LOOK_EVERY = 5.0  # seconds between two looks whether PostgreSQL still knows us


class Sole:
    """A right at most one process has: a locked file beside SQLite, an advisory lock in PostgreSQL.

    Both are freed by the system when their holder dies, however it dies.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        database = engine.url.database
        is_file = engine.dialect.name == "sqlite" and database not in (None, "", ":memory:")
        self._path = Path(f"{database}-assembler") if is_file else None
        self._descriptor: int | None = None
        self._connection: Connection | None = None
        self._looked = 0.0  # monotonic time

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.release()

    def take(self) -> bool:
        """Takes it if it is free; does not wait."""
        if self._path is not None:
            return self._lock(self._path)
        return self._engine.dialect.name == "sqlite" or self._ask()

    def holds(self) -> bool:
        """Whether it is still ours: a lost connection loses it."""
        if self._connection is None or time.monotonic() - self._looked < LOOK_EVERY:
            return True
        self._looked = time.monotonic()
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Gives it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._connection is not None:
            self._connection.invalidate()  # closed, not kept for others: the lock is the session's
            self._connection.close()
            self._connection = None

    def _lock(self, path: Path) -> bool:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"cannot write {path}: {error.strerror}; choose a data folder of yours by --data"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"cannot lock {path}: {error.strerror}; choose a --data on a local disk") from error
        self._descriptor = descriptor
        return True

    def _ask(self) -> bool:
        """Autocommit: a transaction left open would hold back PostgreSQL's cleaning up for as long as we live."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = bool(self._connection.execute(_TAKE, {"key": _KEY}).scalar())
        except DBAPIError:  # PostgreSQL is away: asked again in a moment
            taken = False
        if not taken:
            self.release()
        return taken
