"""Store where the disk of a watch folder was mounted, so that a missing drive is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("watched_folder") as batch:
        batch.add_column(sa.Column("mount", sa.String(400), nullable=False, server_default=""))
    with op.batch_alter_table("watched_folder") as batch:
        batch.alter_column("mount", server_default=None)
