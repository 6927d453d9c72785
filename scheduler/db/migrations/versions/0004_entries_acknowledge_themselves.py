"""Drop the last number of each host: a report acknowledges its own entries."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("heard") as batch_op:
        batch_op.drop_column("last_entry")
