"""Store the episodes of a film series in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("series") as batch_op:
        batch_op.add_column(sa.Column("episodes", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("begins_again", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("continues_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            "fk_series_continues_id_series", "series", ["continues_id"], ["id"]
        )
    for column in ("episodes", "begins_again"):
        with op.batch_alter_table("series") as batch_op:
            batch_op.alter_column(column, server_default=None)
