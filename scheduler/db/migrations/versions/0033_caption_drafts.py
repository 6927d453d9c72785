"""Store captions that a machine wrote, and the names it should know."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("asset") as batch_op:
        batch_op.add_column(sa.Column("caption_draft", sa.JSON(), nullable=True))
    with op.batch_alter_table("station") as batch_op:
        batch_op.add_column(
            sa.Column("caption_names", sa.Text(), nullable=False, server_default="")
        )
    with op.batch_alter_table("station") as batch_op:
        batch_op.alter_column("caption_names", server_default=None)
