"""Store commands that put a source on air, and emergency messages."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("command") as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("until", UtcDateTime, nullable=True))
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("placement", sa.String(length=20), nullable=False, server_default="strip")
        )
    for column in ("text", "placement"):
        with op.batch_alter_table("command") as batch_op:
            batch_op.alter_column(column, server_default=None)
