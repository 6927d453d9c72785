"""Store alerts, who is told of them, and the messages that were made."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _alert()
    _contact()
    _message()
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulse")),
    )


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("condition", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.String(600), nullable=False),
        sa.Column("began", UtcDateTime(), nullable=False),
        sa.Column("came", UtcDateTime(), nullable=False),
        sa.Column("last", UtcDateTime(), nullable=False),
        sa.Column("reporters", sa.JSON(), nullable=False),
        sa.Column("raised", UtcDateTime(), nullable=True),
        sa.Column("gone", UtcDateTime(), nullable=True),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.String(120), nullable=False),
        sa.Column("acknowledged", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_ended"), "alert", ["ended"])
    op.create_index(
        op.f("ix_alert_condition_channel_id_subject"),
        "alert",
        ["condition", "channel_id", "subject"],
    )


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("target", sa.String(254), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=True),
        sa.Column("least", sa.String(20), nullable=False),
        sa.Column("after", Span(), nullable=False),
        sa.Column("remind", Span(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("until", sa.Time(), nullable=False),
        sa.Column("urgent_any_time", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )


def _message() -> None:
    op.create_table(
        "alert_message",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("contact_name", sa.String(80), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.Column("next_try", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_message")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_message_key")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_alert_message_contact_id_contact")
        ),
    )
    op.create_index(op.f("ix_alert_message_made"), "alert_message", ["made"])
    op.create_index(op.f("ix_alert_message_next_try"), "alert_message", ["next_try"])
    op.create_table(
        "alert_line",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "alert_id", name=op.f("pk_alert_line")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["alert_message.id"],
            name=op.f("fk_alert_line_message_id_alert_message"),
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_line_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_alert_line_contact_id_contact")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_alert_line_alert_id"), "alert_line", ["alert_id"])
