"""Store in the as-run which block chose what filled a gap."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("as_run") as batch_op:
        batch_op.add_column(
            sa.Column("policy", sa.String(length=32), nullable=False, server_default="")
        )
