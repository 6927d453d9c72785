"""Store saved searches, what draws from them, and what an airing took."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("search", sa.JSON(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_saved_search_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
    )
    op.create_index("ix_saved_search_channel_id", "saved_search", ["channel_id"])
    op.create_table(
        "filler_search",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("search_id", sa.String(length=32), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_filler_search_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_search.id"], name="fk_filler_search_search_id_saved_search"
        ),
        sa.PrimaryKeyConstraint("channel_id", "search_id", name="pk_filler_search"),
    )
    for table in ("airing", "series", "proposal"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("search_id", sa.String(length=32), nullable=True))
            batch_op.create_foreign_key(
                f"fk_{table}_search_id_saved_search", "saved_search", ["search_id"], ["id"]
            )
            batch_op.create_index(f"ix_{table}_search_id", ["search_id"])
    with op.batch_alter_table("airing") as batch_op:
        batch_op.add_column(
            sa.Column("chosen", sa.String(length=200), nullable=False, server_default="")
        )
    with op.batch_alter_table("block") as batch_op:
        batch_op.add_column(sa.Column("searches", sa.JSON(), nullable=False, server_default="[]"))
