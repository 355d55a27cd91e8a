"""The first schema: documents, paths, contents, events with full text, and what the pages need."""

from alembic import op

from timeline.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    if bind.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE events_text USING fts5("
            "statement, content='events', content_rowid='seq', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        op.execute(
            "ALTER TABLE events ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', statement)) STORED"
        )
        op.execute("CREATE INDEX events_words ON events USING gin (words)")
