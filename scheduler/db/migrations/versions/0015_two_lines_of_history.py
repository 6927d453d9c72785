"""Store the host's names for its plan and rundown, since numbers mean nothing after a restore."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("heard") as batch_op:
        for name in ("plan_tag", "expected_tag"):
            batch_op.add_column(
                sa.Column(name, sa.String(length=64), nullable=False, server_default="")
            )
