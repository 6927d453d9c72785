"""Let jobs be of any kind, with or without a file, counted and tried again."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

FILLED = ("tries", "kills", "note", "what", "cancelled_by")


def upgrade() -> None:
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("kills", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("note", sa.String(400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("what", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("cancelled_by", sa.String(120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("not_before", UtcDateTime(), nullable=True))
        batch_op.alter_column("kind", existing_type=sa.String(16), type_=sa.String(32))
        batch_op.alter_column("asset_id", existing_type=sa.String(32), nullable=True)
    with op.batch_alter_table("job") as batch_op:
        for name in FILLED:
            batch_op.alter_column(name, server_default=None)
