"""Store who made a one-time link, and the password that it renews."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("link") as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("made_by_name", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("password_was", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.create_foreign_key("fk_link_made_by_person", "person", ["made_by"], ["id"])
