"""Rows for what web servers of one station tell one another: pictures, presence, failed tries."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_picture",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=True),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("came", UtcDateTime(), nullable=True),
        sa.Column("asked", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_live_picture"),
    )
    op.create_table(
        "presence",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_presence"),
    )
    op.create_table(
        "failed_try",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Double(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_failed_try"),
    )
    op.create_index("ix_failed_try_at", "failed_try", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        # Pictures come twice a second; nobody needs them in the log of the database.
        for name in ("live_picture", "presence", "failed_try"):
            op.execute(f"ALTER TABLE {name} SET UNLOGGED")
