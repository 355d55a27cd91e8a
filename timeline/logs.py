"""What the roles say: one structured line a document a role, readable on a terminal, JSON in DATA/logs, rotated."""

import fcntl
import logging
import logging.handlers
import os
import sys
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from timeline.errors import StoreError
from timeline.journal import readable

FILE_BYTES = 10 * 1024 * 1024  # of one log file, about 50,000 lines
FILES_KEPT = 4  # rotated ones beside the current: a role's logs stay under 50 MB
OURS = ("timeline", "workers")


class SharedRotatingFile(logging.handlers.WatchedFileHandler):
    """A log file that several processes append to (a worker and its children) and any of them may rotate.

    Each line is one O_APPEND write; before it the handler notices that another process moved the file away
    (WatchedFileHandler), and rotation itself is done under a lock, by the one who still finds it necessary.
    """

    def __init__(self, path: Path, *, limit: int = FILE_BYTES, kept: int = FILES_KEPT) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.path, self.limit, self.kept = path, limit, kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, rotating first when the file is full."""
        try:
            seen = os.stat(self.baseFilename)  # noqa: PTH116 - of each line: a Path would double its price
            if seen.st_size > self.limit:
                self._rotate()
            elif self.stream and (seen.st_dev, seen.st_ino) == (self.dev, self.ino):
                logging.FileHandler.emit(self, record)  # still the file we have open
                return
        except FileNotFoundError:
            pass
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _rotate(self) -> None:
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.path.stat().st_size <= self.limit:
                return  # somebody else just did
            for number in range(self.kept, 1, -1):
                older = self.path.with_name(f"{self.path.name}.{number - 1}")
                if older.exists():
                    older.replace(f"{self.path}.{number}")
            self.path.replace(f"{self.path}.1")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """A full disk must not fill the terminal with tracebacks nor stop the work: the line is dropped."""


class Terminal(logging.StreamHandler[TextIO]):
    """Standard error (or output), silent when the other end is gone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """A closed pipe or terminal is no reason to stop a role."""


class _Readable:
    def __init__(self, *, colour: bool) -> None:
        self.colour = colour

    def __call__(self, _logger: WrappedLogger, _method: str, entry: EventDict) -> str:
        return readable(entry, colour=self.colour)


def configure(
    role: str, data: Path | None, level: str = "INFO", *, json_stdout: bool = False, is_heard: bool = True
) -> None:
    """Set up logging for this process: the terminal, and DATA/logs/<role>.log when there is a data folder.

    Where nobody listens at the terminal (`is_heard`), only what went wrong is said there.
    """

    def name_role(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
        entry["role"] = role
        entry["level"] = str(entry.get("level", "info")).upper()
        return entry

    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        name_role,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    as_json: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    terminal = Terminal(sys.stdout if json_stdout else sys.stderr)
    colour = terminal.stream.isatty()
    terminal.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=as_json if json_stdout else [as_json[0], _Readable(colour=colour)],
        )
    )
    terminal.setLevel(logging.NOTSET if is_heard else logging.WARNING)
    handlers: list[logging.Handler] = [terminal]
    if data is not None:
        handlers.append(
            _log_file(role, data, structlog.stdlib.ProcessorFormatter(processors=as_json, foreign_pre_chain=before))
        )
    _install(handlers, level)


def _log_file(role: str, data: Path, form: logging.Formatter) -> SharedRotatingFile:
    folder = data / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot create {folder}: {error.strerror}; give a folder that is yours by --data") from error
    handler = SharedRotatingFile(folder / f"{role}.log")
    handler.setFormatter(form)
    return handler


def _install(handlers: list[logging.Handler], level: str) -> None:
    root = logging.getLogger()
    root.handlers = handlers
    # Libraries speak when something is wrong; their everyday chatter is for --debug.
    root.setLevel(logging.DEBUG if level == "DEBUG" else logging.WARNING)
    for name in ("celery", "kombu", "watchfiles", "uvicorn", "asyncio", "alembic", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.INFO if level == "DEBUG" else logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
