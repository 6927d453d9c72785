"""How Alembic runs our steps: on the connection db.migrate hands over, never on its own."""

from alembic import context

from scheduler.db import house, tables, tables_desk, tables_live
from scheduler.db.base import Base

TABLES = (tables, house, tables_live, tables_desk)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
