"""Widen the ids of as-run entries: they hold the id of a cue, which needs 82 characters for a file
where there was room for 80.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("entry", "id"), ("as_run", "entry_id")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(
                column,
                existing_type=sa.String(length=80),
                type_=sa.String(length=160),
                existing_nullable=False,
            )
