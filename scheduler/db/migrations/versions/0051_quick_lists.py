"""Read lists of the library from indexes: names in use, and the order by rest."""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_search_tag_tag_shown", "search_tag", ["tag", "shown"])
    op.create_index("ix_asset_details_body", "asset_details", ["body"])
    op.create_index("ix_recording_body", "recording", ["body"])
    op.drop_index("ix_search_entry_archived_last_aired", "search_entry")
    rested = ["archived", "last_aired", "asset_id"]
    op.create_index("ix_search_entry_archived_last_aired_asset_id", "search_entry", rested)
