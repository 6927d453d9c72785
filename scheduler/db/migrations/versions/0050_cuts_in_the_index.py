"""Let the search index call cuts what they are: it called them uploads."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE search_entry SET kind = 'cut' WHERE asset_id IN "
        "(SELECT id FROM asset WHERE cut_of IS NOT NULL)"
    )
