"""Index every change by the rows it touched, older changes included."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    touched = op.create_table(
        "touched",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_touched_change_id_change"),
        sa.PrimaryKeyConstraint("kind", "key", "change_id", name="pk_touched"),
    )
    connection = op.get_bind()
    change = sa.table("change", sa.column("id", sa.Integer), sa.column("parts", sa.JSON))
    last = 0
    while some := connection.execute(
        sa.select(change.c.id, change.c.parts)
        .where(change.c.id > last)
        .order_by(change.c.id)
        .limit(500)
    ).all():
        last = some[-1].id
        found = {(part["table"], "/".join(part["key"]), id) for id, parts in some for part in parts}
        rows = [dict(zip(("kind", "key", "change_id"), one, strict=True)) for one in found]
        if rows:
            connection.execute(touched.insert(), rows)
