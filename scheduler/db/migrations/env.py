"""Alembic's environment: it runs our steps on the connection that `db.migrate` opened, never on its
own.
"""

from alembic import context

from scheduler.db import tables
from scheduler.db.tables.base import Base

TABLES = (tables.plan, tables.house, tables.meetings, tables.desk)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
    # SQLite rolls back changes of tables too: we send BEGIN ourselves. Alembic expects that it
    # cannot, and would commit after each step.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
