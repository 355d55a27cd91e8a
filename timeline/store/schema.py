"""The tables. Their changes are written down in timeline/migrations; full text is made there, a dialect each."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from timeline.store.rows import State

metadata = MetaData()

# SQLite's rowid must be declared INTEGER to be the key itself.
Big = BigInteger().with_variant(Integer, "sqlite")
_STATES = ", ".join(f"'{state}'" for state in State)

documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64)),  # None: never read (no permission, too large)
    Column("named_date", String(10)),
    Column("named_source", String(16)),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),  # for display: the first, or the parent's with the member behind it
    Column("collection", Text, nullable=False),
    Column("suffix", String(16), nullable=False),
    Column("size", Big, nullable=False),
    Column("file_time", String(40)),
    Column("state", String(10), nullable=False),
    Column("was", String(10)),  # state before it was withdrawn
    Column("pending", String(5)),  # what a worker is wanted for
    Column("urgency", Integer, nullable=False),
    Column("alone", Boolean, nullable=False),  # killed its process in a batch: tried by itself
    Column("revision", Integer, nullable=False),
    Column("correction", String(10)),
    Column("hint_language", String(16)),
    Column("hint_order", String(3)),
    Column("hint_title", Text),
    Column("hint_origin", Text),
    Column("engine", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("worker_deaths", Integer, nullable=False),
    Column("task", String(64)),
    Column("registered_at", Double, nullable=False),
    Column("handed_at", Double),
    Column("started_at", Double),
    Column("started_by", Text),
    Column("finished_at", Double),
    Column("not_before", Double),
    Column("reason", Text),
    Column("ms", Double),
    Column("title", Text, nullable=False),
    Column("dct", String(12)),
    Column("dct_source", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("parent", String(16)),
    Column("member", Text),  # JSON list
    Column("blob", String(16), nullable=False),  # the outermost parent's id
    Column("superseded_by", String(16)),
    Column("events", Integer, nullable=False),
    Column("unanchored", Integer, nullable=False, server_default="0"),  # expressions that hang on a date nobody knows
    CheckConstraint(f"state IN ({_STATES})", name="one_state"),
)
Index("documents_state", documents.c.state, documents.c.registered_at)
Index("documents_sha256", documents.c.sha256)
Index("documents_parent", documents.c.parent)
Index("documents_finished", documents.c.finished_at)
Index(
    "documents_waiting",
    documents.c.urgency.desc(),
    documents.c.registered_at.desc(),
    documents.c.id,
    sqlite_where=text("pending IS NOT NULL AND task IS NULL"),
    postgresql_where=text("pending IS NOT NULL AND task IS NULL"),
)
Index(
    "documents_handed",
    documents.c.task,
    sqlite_where=text("task IS NOT NULL"),
    postgresql_where=text("task IS NOT NULL"),
)

Index(
    "documents_unanchored",
    documents.c.state,
    documents.c.unanchored,
    sqlite_where=text("unanchored > 0"),
    postgresql_where=text("unanchored > 0"),
)

paths = Table(
    "paths",
    metadata,
    Column("path", Text, primary_key=True),
    Column("document_id", String(16)),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    Column("size", Big, nullable=False),
    Column("mtime_ns", Big, nullable=False),
    Column("inode", Big, nullable=False),
    Column("at", Double, nullable=False),
    CheckConstraint("document_id IS NOT NULL OR state = 'ignored'", name="accounted_for"),
    CheckConstraint("state IN ('present', 'gone', 'ignored')", name="path_state"),
)
Index("paths_document", paths.c.document_id, paths.c.state, paths.c.path)
# Nearly every path is present: an index on the state itself would lure SQLite into reading all of them.
Index(
    "paths_ignored",
    paths.c.path,
    sqlite_where=text("state = 'ignored'"),
    postgresql_where=text("state = 'ignored'"),
)

contents = Table(
    "contents",
    metadata,
    Column("document_id", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON of the Document, its text left out
    Column("mentions", Text, nullable=False),  # JSON
)

events = Table(
    "events",
    metadata,
    # Time order is the key: (sort << 20 | slot), so that "the first 50 that match" is a walk, for full text too.
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False),
    Column("document_id", String(16), nullable=False),
    Column("sort", Big, nullable=False),
    Column("begin", Big),
    Column("end", Big),
    Column("reported", Big, nullable=False),  # the document's date, same unit
    Column("shape", String(8), nullable=False),
    Column("granularity", String(16), nullable=False),
    Column("statement", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of the Event
    Column("live", Boolean, nullable=False),  # False: withdrawn or hidden
)
Index("events_id", events.c.id)
Index("events_document", events.c.document_id)
Index("events_reported", events.c.reported, events.c.seq)

bins = Table(
    "bins",
    metadata,
    Column("clock", String(8), primary_key=True),  # "event" or "reported"
    Column("month", String(12), primary_key=True),
    Column("shape", String(8), primary_key=True),
    Column("begin", Big, nullable=False),
    Column("count", Integer, nullable=False),
)

hidden = Table(
    "hidden",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("document_id", String(16), primary_key=True),
)

dirty = Table(
    "dirty",
    metadata,
    Column("page", Text, primary_key=True),
    Column("rank", Integer, nullable=False),  # 0 at once, 1 a fresh document's, 2 a backlog's
    Column("stamp", Big, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
