"""Create the tables of people, hosts, changes, published plans, commands and what aired."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Span, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    _change()
    _host()
    _person()
    _as_run()
    _command()
    _entry()
    _heard()
    _link()
    _published()
    _session()


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("entity", sa.String(length=20), nullable=False),
        sa.Column("entity_id", sa.String(length=80), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undoes"], ["change.id"], name="fk_change_undoes_change"),
        sa.ForeignKeyConstraint(["undone_by"], ["change.id"], name="fk_change_undone_by_change"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    with op.batch_alter_table("change") as batch_op:
        batch_op.create_index("ix_change_at", ["at"])
        batch_op.create_index("ix_change_entity_entity_id", ["entity", "entity_id"])


def _host() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("revoked", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_host"),
        sa.UniqueConstraint("key_hash", name="uq_host_key_hash"),
        sa.UniqueConstraint("name", name="uq_host_name"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )


def _as_run() -> None:
    op.create_table(
        "as_run",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("airing_id", sa.String(length=80), nullable=True),
        sa.Column("item", sa.String(length=120), nullable=True),
        sa.Column("cue", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("asset", sa.String(length=64), nullable=True),
        sa.Column("planned_start", UtcDateTime, nullable=False),
        sa.Column("planned_end", UtcDateTime, nullable=False),
        sa.Column("start", UtcDateTime, nullable=False),
        sa.Column("end", UtcDateTime, nullable=False),
        sa.Column("ticks", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("first_tick", sa.BigInteger(), nullable=True),
        sa.Column("length", Span, nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("layer", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_as_run_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("channel_id", "entry_id", name="pk_as_run"),
    )
    with op.batch_alter_table("as_run") as batch_op:
        batch_op.create_index("ix_as_run_airing_id", ["airing_id"])
        batch_op.create_index("ix_as_run_channel_id_start", ["channel_id", "start"])


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("cue", sa.String(length=120), nullable=True),
        sa.Column("item", sa.String(length=120), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("issued", UtcDateTime, nullable=False),
        sa.Column("expires", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_command_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_command"),
        sa.UniqueConstraint("channel_id", "number", name="uq_command_channel_id_number"),
    )


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_entry_channel_id_channel"),
        sa.PrimaryKeyConstraint("channel_id", "id", name="pk_entry"),
    )
    with op.batch_alter_table("entry") as batch_op:
        batch_op.create_index("ix_entry_channel_id_at", ["channel_id", "at"])
        batch_op.create_index("ix_entry_channel_id_number", ["channel_id", "number"])


def _heard() -> None:
    op.create_table(
        "heard",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("expected_at", UtcDateTime, nullable=True),
        sa.Column("last_entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_heard_channel_id_channel"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_heard"),
    )


def _link() -> None:
    op.create_table(
        "link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("expires", UtcDateTime, nullable=False),
        sa.Column("used", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_link_person_id_person"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_link"),
    )


def _published() -> None:
    op.create_table(
        "published",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made", UtcDateTime, nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name="fk_published_channel_id_channel"
        ),
        sa.PrimaryKeyConstraint("channel_id", "revision", name="pk_published"),
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("last_seen", UtcDateTime, nullable=False),
        sa.Column("expires", UtcDateTime, nullable=False),
        sa.Column("revoked", UtcDateTime, nullable=True),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_session_person_id_person"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
    )
    with op.batch_alter_table("session") as batch_op:
        batch_op.create_index("ix_session_person_id", ["person_id"])
