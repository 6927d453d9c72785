"""The numbered step of the database: which one this version needs, and which one is there.

A migration and whoever writes agree by locks, so that no old program writes into a new shape. On
PostgreSQL a migration first takes the table of the step for itself. A writer reads that table at
the beginning of its transaction. So the migration waits for the writers that began before it, and
those that begin after it wait for the migration and then read the new step. SQLite has one writer
at a time anyway.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
LONGEST_WAIT_SECONDS = 20
"""How long a migration waits for a table that another program uses. All pages wait behind it, so it
must not wait for a backup to end."""

_STEP = text("SELECT version_num FROM alembic_version")
_MIGRATION_LOCK = text(f"SELECT pg_advisory_xact_lock({0x6761_7665_6E})")
"""Held by a migration to its end; a second one waits, also while there is no table yet."""
_STEP_TABLE = text("SELECT to_regclass('alembic_version') IS NOT NULL")


@cache
def needed_step() -> str:
    """Return the step that this version needs: the greatest number in its folder of migrations."""
    return max(path.name[:4] for path in MIGRATIONS_FOLDER.glob("versions/[0-9]*.py"))


def newer_step(session: Session) -> str:
    """Return the step of the database where a newer Gavel made it; "" where this version can use
    it.
    """
    step = str(session.scalar(_STEP) or "")
    return step if step > needed_step() else ""


def keep_others_out(connection: Connection) -> None:
    """Let no other migration and no writer in until the transaction of `connection` ends.

    PostgreSQL only. Waits for another migration as long as that takes, and for each table at most
    LONGEST_WAIT_SECONDS. Raises SQLAlchemyError.
    """
    connection.execute(_MIGRATION_LOCK)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LONGEST_WAIT_SECONDS}s'")
    if connection.scalar(_STEP_TABLE):
        connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
