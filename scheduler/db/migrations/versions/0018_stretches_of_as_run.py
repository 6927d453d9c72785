"""Store each stretch that was seen of an as-run entry."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("as_run") as batch_op:
        batch_op.add_column(sa.Column("seen", sa.JSON(), nullable=False, server_default="[]"))
