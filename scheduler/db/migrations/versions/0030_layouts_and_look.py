"""Store layouts of bulletins, the station's look, and the start that an airing was moved from."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("slide", "slide_proposal"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("layout", sa.String(length=16), nullable=False, server_default="text")
            )
            batch_op.add_column(sa.Column("second", sa.Text(), nullable=False, server_default=""))
            batch_op.add_column(
                sa.Column("link", sa.String(length=400), nullable=False, server_default="")
            )
            batch_op.add_column(sa.Column("picture_id", sa.String(length=32), nullable=True))
            batch_op.create_foreign_key(
                f"fk_{table}_picture_id_asset", "asset", ["picture_id"], ["id"]
            )
    with op.batch_alter_table("station") as batch_op:
        batch_op.add_column(sa.Column("look", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("airing") as batch_op:
        batch_op.add_column(sa.Column("moved_from", UtcDateTime, nullable=True))
