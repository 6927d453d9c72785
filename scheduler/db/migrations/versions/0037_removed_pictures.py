"""Mark uploaded pictures that staff removed; they stay stored, so that undo brings them back."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("picture") as batch_op:
        batch_op.add_column(
            sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("picture") as batch_op:
        batch_op.alter_column("archived", server_default=None)
