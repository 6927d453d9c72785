"""Add patterns of series beyond the week, calendars of holidays, protected times and blocks."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _series()
    op.create_table(
        "calendar",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
    )
    op.create_table(
        "anchor",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_anchor_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_anchor"),
    )
    with op.batch_alter_table("anchor") as batch_op:
        batch_op.create_index("ix_anchor_channel_id", ["channel_id"])
    _block()


def _series() -> None:
    with op.batch_alter_table("series") as batch_op:
        batch_op.add_column(sa.Column("pattern", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("holidays", sa.JSON(), nullable=True))
    connection = op.get_bind()
    series = sa.table(
        "series",
        sa.column("id", sa.String),
        sa.column("weekdays", sa.String),
        sa.column("every", sa.Integer),
        sa.column("pattern", sa.JSON),
        sa.column("holidays", sa.JSON),
    )
    for id, weekdays, every in connection.execute(
        sa.select(series.c.id, series.c.weekdays, series.c.every)
    ).all():
        days = [int(day) for day in weekdays]
        said = {"kind": "weekly", "weekdays": days, "every": every}
        connection.execute(
            series.update().where(series.c.id == id).values(pattern=said, holidays=[])
        )
    with op.batch_alter_table("series") as batch_op:
        batch_op.alter_column("pattern", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("holidays", existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column("weekdays")
        batch_op.drop_column("every")


def _block() -> None:
    op.create_table(
        "block",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("fill", sa.String(length=16), nullable=False),
        sa.Column("assets", sa.JSON(), nullable=False),
        sa.Column("no_repeat", Span, nullable=False),
        sa.Column("opener_id", sa.String(length=32), nullable=True),
        sa.Column("closer_id", sa.String(length=32), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_block_channel_id_channel"),
        sa.ForeignKeyConstraint(["opener_id"], ["asset.id"], name="fk_block_opener_id_asset"),
        sa.ForeignKeyConstraint(["closer_id"], ["asset.id"], name="fk_block_closer_id_asset"),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
    )
    with op.batch_alter_table("block") as batch_op:
        batch_op.create_index("ix_block_channel_id", ["channel_id"])
