"""Create the tables of pictures that lie over others, and of each channel's standing graphics."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Duration, UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploaded", UtcDateTime, nullable=False),
        sa.Column("uploaded_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
    )
    op.create_index("ix_picture_key", "picture", ["key"])
    op.create_table(
        "channel_graphics",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("bug_on", "clock_on")),
        sa.Column("bug_text", sa.String(length=24), nullable=False),
        sa.Column("logo_id", sa.String(length=32), nullable=True),
        *(sa.Column(f"{of}_corner", sa.String(length=16), nullable=False) for of in CORNERED),
        sa.Column("bug_opacity", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in SWITCHES),
        *(sa.Column(name, Duration, nullable=False) for name in LENGTHS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_channel_graphics_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(
            ["logo_id"], ["picture.id"], name="fk_channel_graphics_logo_id_picture"
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_graphics"),
    )


CORNERED = ("bug", "clock")
SWITCHES = (
    "says_live", "says_replay", "over_slides", "clock_over_programs", "next_on", "countdown_on",
)  # fmt: skip
LENGTHS = ("next_before", "next_for", "countdown_most")
