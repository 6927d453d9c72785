"""Store crawls of channels, and the hours in which a channel's clock is shown."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Duration

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crawl",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("every", Duration(), nullable=True),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_crawl_channel_id_channel")
        ),
    )
    op.create_index(op.f("ix_crawl_channel_id"), "crawl", ["channel_id"])
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.add_column(
            sa.Column("clock_hours", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.alter_column("clock_hours", server_default=None)
