"""Create the tables of public bodies with their usual settings, and of series of meetings."""

import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        *_usual("body"),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "meeting_series",
        *_usual("meeting_series"),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
    )
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("series_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("made", sa.JSON(), nullable=True))
        batch_op.create_foreign_key(
            "fk_meeting_series_id_meeting_series", "meeting_series", ["series_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            "uq_meeting_series_id_series_day", ["series_id", "series_day"]
        )
    _bodies_that_met()


SAME = (
    *("channel_id", "title", "body", "room", "televised"),
    *("source_id", "public_note", "notes", "substitute_id"),
)


def _bodies_that_met() -> None:
    """Each body begins with what its latest meeting had: day and time of the week included."""
    meeting = sa.table(
        "meeting",
        *(sa.column(name) for name in SAME),
        sa.column("length", Span),
        sa.column("start", UtcDateTime),
        sa.column("replays", sa.JSON()),
    )
    channel = sa.table("channel", sa.column("id"), sa.column("zone"))
    question = (
        sa.select(meeting, channel.c.zone)
        .join(channel, channel.c.id == meeting.c.channel_id)
        .where(meeting.c.body != "")
        .order_by(meeting.c.start)
    )
    latest = {row.body: row for row in op.get_bind().execute(question)}
    body = sa.table(
        "body",
        *(sa.column(name) for name in ("id", *SAME, "agenda", "archived", "version")),
        sa.column("length", Span),
        sa.column("replays", sa.JSON()),
        sa.column("pattern", sa.JSON()),
        sa.column("holidays", sa.JSON()),
        sa.column("at", sa.Time()),
    )
    for row in latest.values():
        local = row.start.astimezone(ZoneInfo(row.zone))
        pattern = {"kind": "weekly", "weekdays": [local.weekday()], "every": 1}
        values = {name: getattr(row, name) for name in (*SAME, "length", "replays")}
        values |= {"id": uuid.uuid4().hex, "agenda": "", "archived": False, "version": 1}
        values |= {"pattern": pattern, "holidays": [], "at": local.time()}
        op.get_bind().execute(sa.insert(body).values(**values))


def _usual(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("televised", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.String(length=32), nullable=True),
        sa.Column("replays", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=f"fk_{table}_channel_id_channel"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=f"fk_{table}_source_id_source"),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["asset.id"], name=f"fk_{table}_substitute_id_asset"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
