"""Mark the words of files on PostgreSQL as stored without their pairs.

`gavel db reindex` adds the pairs. Until then phrases are looked for in the texts, as before.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE search_words SET words = words || array_to_tsvector(ARRAY[' '])")
