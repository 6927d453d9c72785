"""Store where viewers may watch a channel on the web."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel") as batch_op:
        batch_op.add_column(
            sa.Column("watch", sa.String(length=400), nullable=False, server_default="")
        )
