"""Store the names and crawls planned with an airing, and the graphic that a command shows."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

AIRED = ("airing", "series", "proposal")


def upgrade() -> None:
    for table in AIRED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("graphics", sa.JSON(), nullable=False, server_default="[]")
            )
    for table in AIRED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("graphics", server_default=None)
    with op.batch_alter_table("command") as batch_op:
        batch_op.add_column(sa.Column("graphic", sa.JSON(), nullable=True))
