"""Store how the station writes its hours, by the custom in the zone of its first channel."""

import sqlalchemy as sa
from alembic import op

from config.times import usual_hours

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    station = op.create_table(
        "station",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hours", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_station"),
    )
    first = op.get_bind().execute(sa.text("SELECT zone FROM channel ORDER BY id LIMIT 1")).scalar()
    if first is not None:
        op.bulk_insert(
            station, [{"id": "station", "hours": usual_hours(first).value, "version": 1}]
        )
