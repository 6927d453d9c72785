"""Store which machines report on a channel, and from which of them each entry is."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("entry", "as_run"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("tag", sa.String(8), nullable=False, server_default=""))
            batch_op.add_column(
                sa.Column("counts", sa.Boolean(), nullable=False, server_default="1")
            )
    _machine()
    _pair()


def _machine() -> None:
    op.create_table(
        "machine",
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("tag", sa.String(8), nullable=False),
        sa.Column("host_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("machine", sa.String(32), nullable=False),
        sa.Column("run", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("held_from", UtcDateTime(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("before_since", UtcDateTime(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("plan_tag", sa.String(64), nullable=False),
        sa.Column("sends", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_machine_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_machine_host_id_host")),
        sa.PrimaryKeyConstraint("channel_id", "tag", name=op.f("pk_machine")),
    )


def _pair() -> None:
    op.create_table(
        "pair",
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("primary_id", sa.String(32), nullable=True),
        sa.Column("standby_id", sa.String(32), nullable=True),
        sa.Column("quiet_minutes", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_pair_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(["primary_id"], ["host.id"], name=op.f("fk_pair_primary_id_host")),
        sa.ForeignKeyConstraint(["standby_id"], ["host.id"], name=op.f("fk_pair_standby_id_host")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_pair")),
    )
