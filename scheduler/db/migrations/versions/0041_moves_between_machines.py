"""Store the machine that a move names, and since when a machine of a pair could send."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("command") as batch_op:
        batch_op.add_column(sa.Column("machine", sa.String(80), nullable=True))
    with op.batch_alter_table("machine") as batch_op:
        batch_op.add_column(sa.Column("ready_since", UtcDateTime(), nullable=True))
