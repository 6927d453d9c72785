"""Create the tables of sources and meetings, and the columns of both on an airing."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("gain_db", sa.Double(), nullable=False),
        sa.Column("sound", sa.String(length=16), nullable=False),
        sa.Column("limiter", sa.Boolean(), nullable=False),
        sa.Column("expects", sa.String(length=40), nullable=False),
        sa.Column("starts_on_signal", sa.Boolean(), nullable=False),
        sa.Column("ends_on_silence", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("start", UtcDateTime, nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("televised", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.Column("hard_limit", UtcDateTime, nullable=True),
        sa.Column("agenda", sa.String(length=400), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.String(length=32), nullable=True),
        sa.Column("replays", sa.JSON(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("recorded_length", Span, nullable=True),
        sa.Column("recorded_ok", sa.Boolean(), nullable=True),
        sa.Column("recorded_note", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_meeting_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_meeting_source_id_source"),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["asset.id"], name="fk_meeting_substitute_id_asset"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.create_index("ix_meeting_channel_id_start", ["channel_id", "start"])
    _airing()


def _airing() -> None:
    with op.batch_alter_table("airing") as batch_op:
        batch_op.add_column(
            sa.Column("record", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("replay_of", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("substitute_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("meeting_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("slot", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.create_foreign_key("fk_airing_replay_of_airing", "airing", ["replay_of"], ["id"])
        batch_op.create_foreign_key(
            "fk_airing_substitute_id_asset", "asset", ["substitute_id"], ["id"]
        )
        batch_op.create_foreign_key(
            "fk_airing_meeting_id_meeting", "meeting", ["meeting_id"], ["id"]
        )
        batch_op.create_index("ix_airing_replay_of", ["replay_of"])
        batch_op.create_index("ix_airing_meeting_id", ["meeting_id"])
    for column in ("record", "slot"):
        with op.batch_alter_table("airing") as batch_op:
            batch_op.alter_column(column, server_default=None)
