"""An index that counts the documents without a date: SQLite read every document that was done for it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNANCHORED = sa.text("unanchored > 0")


def upgrade() -> None:
    op.drop_index("documents_unanchored", "documents")
    op.create_index(
        "documents_unanchored",
        "documents",
        ["state", "unanchored"],
        sqlite_where=_UNANCHORED,
        postgresql_where=_UNANCHORED,
    )
