"""Opening the database: its connections, its transactions, its migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from timeline.errors import StoreError, StoreFullError

SCHEMA = "0003"  # the newest revision in timeline/migrations/versions
MIGRATIONS = Path(__file__).parent.parent / "migrations"
# Another writer holds the lock for 25 ms at most; half a minute is a disk that hangs.
BUSY_SECONDS = 30
# What gives another number after somebody wrote.
CHANGES = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
}
# A quota, or a limit on the size of files: SQLite calls only a full disk full.
_UNWRITTEN = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE"})
# PostgreSQL's advisory lock that lets one role migrate at a time; any number that is ours.
_MIGRATION_LOCK = 0x71_6D_65_31


def url_of(target: str | Path) -> URL:
    """The database URL of a path, a folder or a URL as it was set."""
    if isinstance(target, str) and "://" in target:
        try:
            url = make_url(target)
        except ArgumentError as error:
            raise StoreError(f"{target!r} is no database URL: use postgresql://user@host/name or a path") from error
        if url.drivername.partition("+")[0] not in {"postgresql", "postgres", "sqlite"}:
            raise StoreError(f"{target!r} is no database URL of ours: use postgresql://user@host/name or a path")
        return url if url.drivername == "sqlite" else url.set(drivername="postgresql+psycopg")
    path = Path(target)
    return URL.create("sqlite", database=str(path / "timeline.db" if path.is_dir() else path))


def connect(target: str | Path, *, create: bool, read_only: bool) -> Engine:
    """An engine on a database whose schema is the newest.

    Raises StoreError when there is none (and `create` is off), or it cannot be opened or migrated.
    """
    url = url_of(target)
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, create=create and not read_only, read_only=read_only)
    else:
        engine = create_engine(url, pool_pre_ping=True)
    try:
        _migrate(engine, read_only=read_only)
    except DBAPIError as error:
        engine.dispose()
        raise translated(error, url) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def _sqlite(url: URL, *, create: bool, read_only: bool) -> Engine:
    path = None if url.database in (None, "", ":memory:") else Path(str(url.database))
    if path is None:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        if not path.exists():
            if not create:
                raise StoreError(f"there is no timeline in {path.parent}: run `timeline up`, or name one with --data")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"cannot make {path.parent}: {error.strerror}; choose another with --data") from error
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: SqliteConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, else sqlite3 does it too late
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # NORMAL: a power cut may take the last commits, never the database; Redis is gone with it then, and
            # whatever was handed out goes out again.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -32000")  # 32 MB
            connection.execute("PRAGMA temp_store = MEMORY")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()  # no pool knows it yet
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that turns writer in the middle gets "database is locked" at once: writers say so from the start.
        options = connection.get_execution_options()
        if options.get("for_good"):
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
        immediate = options.get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def bare(engine: Engine) -> PoolProxiedConnection:
    """A connection without transactions, of its own."""
    connection = engine.raw_connection()
    if engine.dialect.name == "postgresql" and connection.driver_connection is not None:
        connection.driver_connection.autocommit = True
    connection.detach()
    return connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise translated(error, engine.url) from error


@contextmanager
def writing(engine: Engine, *, for_good: bool = False) -> Iterator[Connection]:
    """One short transaction, the only writer while it lasts; `for_good` waits until the disk has it.

    What documents say is read again after a power cut; what a person said is said once.
    """
    try:
        with engine.connect().execution_options(immediate=True, for_good=for_good) as connection:
            try:
                with connection.begin():
                    yield connection
            finally:
                if for_good and engine.dialect.name == "sqlite":
                    connection.connection.cursor().execute("PRAGMA synchronous = NORMAL")
    except DBAPIError as error:
        raise translated(error, engine.url) from error


def translated(error: DBAPIError, url: URL) -> StoreError:
    """The driver's error as one a person can mend."""
    said = str(error.orig)
    where = url.render_as_string(hide_password=True)
    if "full" in said or "No space left" in said:
        return StoreFullError(f"the disk under {where} is full: make room, work goes on by itself")
    if getattr(error.orig, "sqlite_errorname", "") in _UNWRITTEN:
        return StoreFullError(f"{where} cannot be written ({said}): make room or see to the disk, work goes on then")
    if "locked" in said:
        return StoreError(f"{where} is held by another program: close whatever has it open")
    if "malformed" in said or "not a database" in said:
        return StoreError(f"{where} is damaged ({said}): restore a backup, or `timeline reset` and read again")
    return StoreError(f"{where}: {said}")


def _migrate(engine: Engine, *, read_only: bool) -> None:
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if version == SCHEMA:
        return
    if read_only and version is None:
        raise StoreError(f"{engine.url.database} is only being made: try again in a moment, or run `timeline up`")
    if read_only:
        raise StoreError(f"{engine.url.database} was made by another version: start `timeline up` once to migrate it")
    if version is not None and version > SCHEMA:
        raise StoreError(f"{engine.url.database} was made by a newer version ({version}): install that one")
    # Alembic costs a tenth of a second to import, and is needed once in a store's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
