"""Store who corrected which caption."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caption_correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("begin", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.String(length=2000), nullable=False),
        sa.Column("after", sa.String(length=2000), nullable=False),
        sa.Column("corrected", UtcDateTime(), nullable=False),
        sa.Column("corrected_by", sa.String(length=120), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name="fk_caption_correction_asset_id_asset"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_caption_correction"),
    )
    op.create_index("ix_caption_correction_asset_id", "caption_correction", ["asset_id"])
