"""What a file beside a document says of it, and how many of its expressions hang on a date nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_UNANCHORED = sa.text("unanchored > 0")


def upgrade() -> None:
    op.add_column("documents", sa.Column("hint_title", sa.Text()))
    op.add_column("documents", sa.Column("hint_origin", sa.Text()))
    op.add_column("documents", sa.Column("unanchored", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("documents_unanchored", "documents", ["id"], sqlite_where=_UNANCHORED, postgresql_where=_UNANCHORED)
