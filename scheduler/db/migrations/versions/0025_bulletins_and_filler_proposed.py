"""Create the tables of proposed bulletins and filler, apart from those that air."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slide_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slide_id", sa.String(length=32), nullable=True),
        sa.Column("removes", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("shown_from", UtcDateTime, nullable=False),
        sa.Column("shown_until", UtcDateTime, nullable=False),
        *_proposed(),
        *_references("slide_proposal", "slide", "channel"),
        sa.PrimaryKeyConstraint("id", name="pk_slide_proposal"),
    )
    op.create_table(
        "filler_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        *_proposed(),
        *_references("filler_proposal", "channel", "asset"),
        sa.PrimaryKeyConstraint("id", name="pk_filler_proposal"),
    )
    _index("slide_proposal", "slide_id", "channel_id", "by_id", "stage")
    _index("filler_proposal", "channel_id", "asset_id", "by_id", "stage")


def _proposed() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided", UtcDateTime, nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _references(table: str, *others: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint(
            [f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}"
        )
        for other in others
    )


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            batch_op.create_index(f"ix_{table}_{column}", [column])
