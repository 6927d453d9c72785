"""Let a file of the library be a cut of another, with chapters."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("asset") as batch_op:
        batch_op.add_column(sa.Column("cut_of", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("chapters", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("asset") as batch_op:
        batch_op.alter_column("chapters", server_default=None)
        batch_op.create_foreign_key("fk_asset_cut_of_asset", "asset", ["cut_of"], ["id"])
        batch_op.create_index("ix_asset_cut_of", ["cut_of"])
