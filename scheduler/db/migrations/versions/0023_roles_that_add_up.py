"""Let a person and an invitation hold several roles. Each keeps the one it had."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("person", "link"):
        with op.batch_alter_table(name) as batch_op:
            batch_op.add_column(sa.Column("roles", sa.JSON(), nullable=True))
        table = sa.table(name, sa.column("role"), sa.column("roles", sa.JSON()))
        connection = op.get_bind()
        for role in connection.scalars(sa.select(table.c.role).distinct()).all():
            connection.execute(sa.update(table).where(table.c.role == role).values(roles=[role]))
        with op.batch_alter_table(name) as batch_op:
            batch_op.alter_column("roles", existing_type=sa.JSON(), nullable=False)
            batch_op.drop_column("role")
