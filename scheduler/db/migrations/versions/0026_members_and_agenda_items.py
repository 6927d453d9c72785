"""Store the members of a public body and the agenda items of a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ADDED = (("body", "members"), ("meeting", "agenda_items"))


def upgrade() -> None:
    for table, column in ADDED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
    for table, column in ADDED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, server_default=None)
