"""Store whether the meetings of a channel get automatic captions."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.add_column(
            sa.Column("caption_lives", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.alter_column("caption_lives", server_default=None)
