"""Store that viewers were told an airing is not on at all."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("retold") as batch_op:
        batch_op.add_column(sa.Column("off", sa.Boolean(), nullable=False, server_default="0"))
