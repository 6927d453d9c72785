"""Create the tables of the plan: channels, programs, media, series, airings, slides and filler."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    _asset()
    _channel()
    _filler()
    _job()
    _plan_version()
    _program()
    _slide()
    _series()
    _airing()


def _asset() -> None:
    op.create_table(
        "asset",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("original_name", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("captions", sa.Boolean(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("has_thumbnail", sa.Boolean(), nullable=False),
        sa.Column("uploaded", UtcDateTime, nullable=False),
        sa.Column("uploaded_by", sa.String(length=120), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
    )
    with op.batch_alter_table("asset") as batch_op:
        batch_op.create_index("ix_asset_key", ["key"])


def _channel() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("numbers", sa.String(length=200), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("slate_text", sa.String(length=200), nullable=False),
        sa.Column("filler_no_repeat", Span, nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channel"),
    )


def _filler() -> None:
    op.create_table(
        "filler",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_filler_asset_id_asset"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_filler_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("channel_id", "asset_id", name="pk_filler"),
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("upload", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("started", UtcDateTime, nullable=True),
        sa.Column("finished", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_job_asset_id_asset"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    with op.batch_alter_table("job") as batch_op:
        batch_op.create_index("ix_job_asset_id", ["asset_id"])
        batch_op.create_index("ix_job_state", ["state"])


def _plan_version() -> None:
    op.create_table(
        "plan_version",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_plan_version_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_plan_version"),
    )


def _program() -> None:
    op.create_table(
        "program",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_program_asset_id_asset"),
        sa.PrimaryKeyConstraint("id", name="pk_program"),
    )


def _slide() -> None:
    op.create_table(
        "slide",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("shown_from", UtcDateTime, nullable=False),
        sa.Column("shown_until", UtcDateTime, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_slide_channel_id_channel"),
        sa.PrimaryKeyConstraint("id", name="pk_slide"),
    )
    with op.batch_alter_table("slide") as batch_op:
        batch_op.create_index("ix_slide_channel_id", ["channel_id"])


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.String(length=32), nullable=True),
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("start_rule", sa.String(length=16), nullable=False),
        sa.Column("wait_limit", Span, nullable=False),
        sa.Column("end_rule", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.String(length=16), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("in_point", Span, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("slate_text", sa.String(length=200), nullable=False),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_series_asset_id_asset"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_series_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_series_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    with op.batch_alter_table("series") as batch_op:
        batch_op.create_index("ix_series_asset_id", ["asset_id"])
        batch_op.create_index("ix_series_channel_id", ["channel_id"])
        batch_op.create_index("ix_series_program_id", ["program_id"])


def _airing() -> None:
    op.create_table(
        "airing",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("start", UtcDateTime, nullable=False),
        sa.Column("end", UtcDateTime, nullable=False),
        sa.Column("hard_limit", UtcDateTime, nullable=True),
        sa.Column("series_id", sa.String(length=32), nullable=True),
        sa.Column("series_day", sa.Date(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("public_modified", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("aired_start", UtcDateTime, nullable=True),
        sa.Column("aired_end", UtcDateTime, nullable=True),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("updated", UtcDateTime, nullable=False),
        sa.Column("updated_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.String(length=32), nullable=True),
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("start_rule", sa.String(length=16), nullable=False),
        sa.Column("wait_limit", Span, nullable=False),
        sa.Column("end_rule", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.String(length=16), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("in_point", Span, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("slate_text", sa.String(length=200), nullable=False),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_airing_asset_id_asset"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_airing_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_airing_program_id_program"
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_airing_series_id_series"),
        sa.PrimaryKeyConstraint("id", name="pk_airing"),
        sa.UniqueConstraint("series_id", "series_day", name="uq_airing_series_id_series_day"),
    )
    with op.batch_alter_table("airing") as batch_op:
        batch_op.create_index("ix_airing_asset_id", ["asset_id"])
        batch_op.create_index("ix_airing_channel_id", ["channel_id"])
        batch_op.create_index("ix_airing_channel_id_end", ["channel_id", "end"])
        batch_op.create_index("ix_airing_channel_id_start", ["channel_id", "start"])
        batch_op.create_index("ix_airing_program_id", ["program_id"])
