"""Store how long a name stays on the picture that an operator of a channel shows."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Duration

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.add_column(
            sa.Column("names_for", Duration, nullable=False, server_default=EIGHT_SECONDS)
        )
    with op.batch_alter_table("channel_graphics") as batch_op:
        batch_op.alter_column("names_for", server_default=None)


EIGHT_SECONDS = "8000000"
"""In microseconds, as the column holds a length."""
