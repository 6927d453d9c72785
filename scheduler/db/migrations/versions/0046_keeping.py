"""Store retention classes, legal holds, deletions, signed disposals and how full disks are."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("asset") as batch_op:
        batch_op.add_column(sa.Column("retention", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("deleted", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("deleted_by", sa.String(120), server_default="", nullable=False)
        )
    _retention_class()
    _hold()
    _disposal()
    _disposal_item()
    _let_go()
    _disk_day()


def _retention_class() -> None:
    op.create_table(
        "retention_class",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("given_to", sa.String(12), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_class")),
    )


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("placed", UtcDateTime(), nullable=False),
        sa.Column("placed_by", sa.String(120), nullable=False),
        sa.Column("lifted", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(120), nullable=False),
        sa.Column("lifted_reason", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_hold_asset_id_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold") as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_asset_id"), ["asset_id"], unique=False)


def _disposal() -> None:
    op.create_table(
        "disposal",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("signed", UtcDateTime(), nullable=False),
        sa.Column("signed_by_id", sa.String(32), nullable=False),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("authority", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
    )
    with op.batch_alter_table("disposal") as batch_op:
        batch_op.create_index(batch_op.f("ix_disposal_signed"), ["signed"], unique=False)


def _disposal_item() -> None:
    op.create_table(
        "disposal_item",
        sa.Column("disposal_id", sa.String(32), nullable=False),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("original_name", sa.String(400), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("came", UtcDateTime(), nullable=False),
        sa.Column("last_aired", UtcDateTime(), nullable=True),
        sa.Column("class_name", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_back", UtcDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(120), nullable=False),
        sa.Column("destroyed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_disposal_item_asset_id_asset")
        ),
        sa.ForeignKeyConstraint(
            ["disposal_id"], ["disposal.id"], name=op.f("fk_disposal_item_disposal_id_disposal")
        ),
        sa.PrimaryKeyConstraint("disposal_id", "asset_id", name=op.f("pk_disposal_item")),
    )


def _let_go() -> None:
    op.create_table(
        "let_go",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("suffix", sa.String(8), nullable=False),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_let_go_asset_id_asset")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_let_go")),
    )
    with op.batch_alter_table("let_go") as batch_op:
        batch_op.create_index(batch_op.f("ix_let_go_key"), ["key"], unique=False)


def _disk_day() -> None:
    op.create_table(
        "disk_day",
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("day", UtcDateTime(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_disk_day")),
    )
    with op.batch_alter_table("disk_day") as batch_op:
        batch_op.create_index(batch_op.f("ix_disk_day_day"), ["day"], unique=False)
