"""The first schema: documents, paths, contents, events with full text, and what the pages need."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite's rowid must be declared INTEGER to be the key itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _bins()
    _contents()
    _dirty()
    _documents()
    _events()
    _hidden()
    _meta()
    _notices()
    _paths()
    _full_text(op.get_bind().dialect.name)


def _bins() -> None:
    op.create_table(
        "bins",
        sa.Column("clock", sa.String(8), primary_key=True),
        sa.Column("month", sa.String(12), primary_key=True),
        sa.Column("shape", sa.String(8), primary_key=True),
        sa.Column("begin", BIG, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("document_id", sa.String(16), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
    )


def _dirty() -> None:
    op.create_table(
        "dirty",
        sa.Column("page", sa.Text(), primary_key=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("stamp", BIG, nullable=False),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64)),
        sa.Column("named_date", sa.String(10)),
        sa.Column("named_source", sa.String(16)),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("collection", sa.Text(), nullable=False),
        sa.Column("suffix", sa.String(16), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("file_time", sa.String(40)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("was", sa.String(10)),
        sa.Column("pending", sa.String(5)),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correction", sa.String(10)),
        sa.Column("hint_language", sa.String(16)),
        sa.Column("hint_order", sa.String(3)),
        sa.Column("engine", sa.String(64)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("worker_deaths", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(64)),
        sa.Column("registered_at", sa.Double(), nullable=False),
        sa.Column("handed_at", sa.Double()),
        sa.Column("started_at", sa.Double()),
        sa.Column("started_by", sa.Text()),
        sa.Column("finished_at", sa.Double()),
        sa.Column("not_before", sa.Double()),
        sa.Column("reason", sa.Text()),
        sa.Column("ms", sa.Double()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dct", sa.String(12)),
        sa.Column("dct_source", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(16)),
        sa.Column("member", sa.Text()),
        sa.Column("blob", sa.String(16), nullable=False),
        sa.Column("superseded_by", sa.String(16)),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'working', 'done', 'failed', 'withdrawn', 'ignored')", name="one_state"
        ),
    )
    op.create_index("documents_finished", "documents", ["finished_at"])
    op.create_index(
        "documents_handed",
        "documents",
        ["task"],
        sqlite_where=sa.text("task IS NOT NULL"),
        postgresql_where=sa.text("task IS NOT NULL"),
    )
    op.create_index("documents_parent", "documents", ["parent"])
    op.create_index("documents_sha256", "documents", ["sha256"])
    op.create_index("documents_state", "documents", ["state", "registered_at"])
    op.create_index(
        "documents_waiting",
        "documents",
        [sa.text("urgency DESC"), sa.text("registered_at DESC"), "id"],
        sqlite_where=sa.text("pending IS NOT NULL AND task IS NULL"),
        postgresql_where=sa.text("pending IS NOT NULL AND task IS NULL"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", BIG, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("sort", BIG, nullable=False),
        sa.Column("begin", BIG),
        sa.Column("end", BIG),
        sa.Column("reported", BIG, nullable=False),
        sa.Column("shape", sa.String(8), nullable=False),
        sa.Column("granularity", sa.String(16), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
    )
    op.create_index("events_document", "events", ["document_id"])
    op.create_index("events_id", "events", ["id"])
    op.create_index("events_reported", "events", ["reported", "seq"])


def _hidden() -> None:
    op.create_table(
        "hidden",
        sa.Column("event_id", sa.String(64), primary_key=True),
        sa.Column("document_id", sa.String(16), primary_key=True),
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )


def _paths() -> None:
    op.create_table(
        "paths",
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("document_id", sa.String(16)),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("size", BIG, nullable=False),
        sa.Column("mtime_ns", BIG, nullable=False),
        sa.Column("inode", BIG, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.CheckConstraint("document_id IS NOT NULL OR state = 'ignored'", name="accounted_for"),
        sa.CheckConstraint("state IN ('present', 'gone', 'ignored')", name="path_state"),
    )
    op.create_index("paths_document", "paths", ["document_id", "state", "path"])
    op.create_index(
        "paths_ignored",
        "paths",
        ["path"],
        sqlite_where=sa.text("state = 'ignored'"),
        postgresql_where=sa.text("state = 'ignored'"),
    )


def _full_text(dialect: str) -> None:
    if dialect == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE events_text USING fts5("
            "statement, content='events', content_rowid='seq', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        op.execute(
            "ALTER TABLE events ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', statement)) STORED"
        )
        op.execute("CREATE INDEX events_words ON events USING gin (words)")
