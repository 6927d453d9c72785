"""Store that staff dismissed a displaced airing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("airing") as batch_op:
        batch_op.add_column(sa.Column("let_go", sa.Boolean(), nullable=False, server_default="0"))
