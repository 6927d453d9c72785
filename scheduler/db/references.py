"""References between rows, set aside while many rows are written and checked at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from scheduler.db.store import DatabaseError

_REFERENCES = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    " ORDER BY 1, 2"
)


@contextmanager
def references_later(connection: Connection) -> Iterator[None]:
    """Let rows be written in any order, and check at the end that each refers to one that is there.

    On SQLite enter it before a transaction begins. On PostgreSQL the foreign keys are dropped and
    made again inside the transaction of the caller, so that nobody else ever sees them gone. Raises
    DatabaseError, on PostgreSQL IntegrityError.
    """
    later = sqlite_references_later if connection.dialect.name == "sqlite" else _postgres
    with later(connection):
        yield


@contextmanager
def sqlite_references_later(connection: Connection) -> Iterator[None]:
    """Do so on SQLite, which also alters a table by copying its rows into a new one."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if lost:
        raise DatabaseError(f"{len(lost)} rows refer to nothing, first {lost[0]}")


@contextmanager
def _postgres(connection: Connection) -> Iterator[None]:
    # A key that names its own table, or two tables that name each other, allow no order of writing.
    # Only a superuser may switch triggers off; the owner of the tables may do this.
    references = connection.execute(_REFERENCES).fetchall()
    for table, name, _ in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
