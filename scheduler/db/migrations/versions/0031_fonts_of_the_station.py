"""Create the table of fonts that were stored for bulletins."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "font",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("stored", UtcDateTime, nullable=False),
        sa.Column("stored_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_font"),
    )
