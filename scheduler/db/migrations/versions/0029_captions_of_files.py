"""Store the captions of a file, and jobs that read them."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("asset") as batch_op:
        batch_op.add_column(sa.Column("captions_key", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("caption_entry", sa.JSON(), nullable=True))
        batch_op.create_index("ix_asset_captions_key", ["captions_key"])
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="file"))
        batch_op.add_column(sa.Column("name", sa.String(400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("by_name", sa.String(120), nullable=False, server_default=""))
    with op.batch_alter_table("job") as batch_op:
        for column in ("kind", "name", "by_name"):
            batch_op.alter_column(column, server_default=None)
