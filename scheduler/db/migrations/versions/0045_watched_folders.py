"""Store how the watch folders of the server stand."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched_folder",
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("checking", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_watched_folder"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE watched_folder SET UNLOGGED")
