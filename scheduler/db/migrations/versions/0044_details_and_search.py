"""Store what staff know of files, their documents, and the index that searches them."""

import sqlalchemy as sa
from alembic import op

from scheduler.db.tables.types import Duration, UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_details",
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("body", sa.String(120), nullable=False),
        sa.Column("program_id", sa.String(32), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_asset_details_asset_id_asset"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_asset_details_program_id_program"
        ),
        sa.PrimaryKeyConstraint("asset_id", name="pk_asset_details"),
    )
    op.create_index("ix_asset_details_program_id", "asset_details", ["program_id"])
    op.create_table(
        "document",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("suffix", sa.String(8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(120), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_document_asset_id_asset"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_asset_id", "document", ["asset_id"])
    op.create_index("ix_document_key", "document", ["key"])
    with op.batch_alter_table("station") as batch_op:
        batch_op.add_column(
            sa.Column("asset_fields", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("station") as batch_op:
        batch_op.alter_column("asset_fields", server_default=None)
    op.create_index("ix_as_run_asset", "as_run", ["asset"])
    _make_search_tables()
    _make_word_table()


def _make_search_tables() -> None:
    op.create_table(
        "search_entry",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("original_key", sa.String(64), nullable=False),
        sa.Column("captions_key", sa.String(64), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("fit", sa.Boolean(), nullable=False),
        sa.Column("still", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("added", UtcDateTime(), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("length", Duration(), nullable=False),
        sa.Column("captioned", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(400), nullable=False),
        sa.Column("program_id", sa.String(32), nullable=False),
        sa.Column("last_aired", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_search_entry"),
        sa.UniqueConstraint("asset_id", name="uq_search_entry_asset_id"),
    )
    for columns in (
        *(["key"], ["original_key"], ["captions_key"], ["archived", "day", "added"]),
        *(["archived", "title"], ["archived", "length"], ["archived", "last_aired"]),
    ):
        op.create_index(f"ix_search_entry_{'_'.join(columns)}", "search_entry", columns)
    op.create_table(
        "search_tag",
        sa.Column("tag", sa.String(160), nullable=False),
        sa.Column("asset_id", sa.String(32), nullable=False),
        sa.Column("shown", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("tag", "asset_id", name="pk_search_tag"),
    )
    op.create_index("ix_search_tag_asset_id", "search_tag", ["asset_id"])
    op.create_table(
        "search_captions",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_search_captions"),
    )


def _make_word_table() -> None:
    # The scheduler fills it, and the two tables above, when it starts.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5"
            "(about, said, prefix='2 3', tokenize='ascii')"
        )
        return
    op.execute(
        "CREATE TABLE search_words (number integer PRIMARY KEY, about text NOT NULL,"
        " said text NOT NULL, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_words ON search_words USING gin (words)")
