"""Store recordings as files of the library, and where each file is."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Duration, UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("airing_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("program_id", sa.String(length=32), nullable=True),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("began", UtcDateTime(), nullable=False),
        sa.Column("first", Duration(), nullable=False),
        sa.Column("last", Duration(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("reported", UtcDateTime(), nullable=False),
        sa.Column("here", UtcDateTime(), nullable=True),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_recording_asset_id_asset"),
        sa.ForeignKeyConstraint(["airing_id"], ["airing.id"], name="fk_recording_airing_id_airing"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_recording_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_recording_meeting_id_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_recording_program_id_program"
        ),
        sa.PrimaryKeyConstraint("asset_id", name="pk_recording"),
        sa.UniqueConstraint("airing_id", name="uq_recording_airing_id"),
    )
    op.create_index("ix_recording_meeting_id", "recording", ["meeting_id"])
    op.create_table(
        "media_copy",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("verified", UtcDateTime(), nullable=True),
        sa.Column("leaving", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", "place", name="pk_media_copy"),
    )
    op.create_index("ix_media_copy_place", "media_copy", ["place"])
