"""Store the times that viewers were told of an airing in place of the planned ones."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retold",
        sa.Column("airing_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("planned", UtcDateTime, nullable=False),
        sa.Column("start", UtcDateTime, nullable=False),
        sa.Column("end", UtcDateTime, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["airing_id"], ["airing.id"], name="fk_retold_airing_id_airing"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_retold_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("airing_id", name="pk_retold"),
    )
    with op.batch_alter_table("retold") as batch_op:
        batch_op.create_index("ix_retold_channel_id", ["channel_id"])
