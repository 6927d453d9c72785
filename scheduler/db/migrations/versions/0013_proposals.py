"""Create the table of proposed airings, apart from those that air."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        *_rules(),
        sa.Column("start", UtcDateTime, nullable=False),
        sa.Column("end", UtcDateTime, nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided", UtcDateTime, nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("airing_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_proposal_{other}_id_{other}"
            )
            for other in ("channel", "program", "asset", "airing")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    with op.batch_alter_table("proposal") as batch_op:
        for column in ("channel_id", "program_id", "asset_id", "by_id"):
            batch_op.create_index(f"ix_proposal_{column}", [column])
        batch_op.create_index("ix_proposal_stage_end", ["stage", "end"])


def _rules() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.String(length=32), nullable=True),
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("start_rule", sa.String(length=16), nullable=False),
        sa.Column("wait_limit", Span, nullable=False),
        sa.Column("end_rule", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.String(length=16), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("in_point", Span, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("slate_text", sa.String(length=200), nullable=False),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
    )
