"""Migrations: they bring a database to the shape this version needs, one numbered step after
another.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from scheduler.db import tables
from scheduler.db.references import sqlite_references_later
from scheduler.db.step import MIGRATIONS_FOLDER, keep_others_out
from scheduler.db.store import Database, DatabaseError, NewerDatabase, translated
from scheduler.db.tables.base import Base

IN_USE = ("55P03", "40P01")
"""PostgreSQL's codes for a lock that was not given in time, and for a deadlock."""


class DatabaseInUse(DatabaseError):
    """Another program kept a table for too long. Nothing was changed."""


TABLES = (
    tables.plan.ChannelRow,
    tables.house.PersonRow,
    tables.meetings.MeetingRow,
    tables.desk.BlockRow,
    tables.graphics.PictureRow,
    tables.look.FontRow,
    tables.alerts.AlertRow,
    tables.passing.PresenceRow,
    tables.details.DetailsRow,
    tables.search.SearchEntryRow,
)
"""Imported so that every table is registered before the shapes are compared."""


def upgrade(db: Database, to: str = "head") -> str:
    """Run every missing step and return the step the database is at afterwards.

    Safe to call at each start, also by several servers at once: nothing happens when no step is
    missing. All steps are one transaction, so an interrupted one leaves the database as it was.
    Raises DatabaseError when the database does not answer or is damaged, NewerDatabase, and
    DatabaseInUse.
    """
    if to == "head" and stands_on(db) == newest():
        return newest()
    writing = db.engine.execution_options(gavel_write=True)
    # SQLite alters a table by copying its rows into a new one.
    copying = sqlite_references_later if db.is_sqlite else nullcontext
    with (
        translated(),
        _in_use_in_words(),
        writing.connect() as connection,
        copying(connection),
    ):
        if not db.is_sqlite:
            keep_others_out(connection)
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError as error:
            _refuse_newer(connection, error)
            raise
        connection.commit()
    return stands_on(db)


@contextmanager
def _in_use_in_words() -> Iterator[None]:
    """Turn PostgreSQL's refusals to wait longer for another program into DatabaseInUse."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") not in IN_USE:
            raise
        raise DatabaseInUse(
            "Another program uses the database, so it was left as it was. Stop gavel-web and "
            "gavel-scheduler on each server, let a backup end, and try again."
        ) from error


def _refuse_newer(connection: Connection, error: CommandError) -> None:
    """Raise NewerDatabase where the database is at a step that this version does not have."""
    step = MigrationContext.configure(connection).get_current_revision()
    if step not in steps():
        raise NewerDatabase(str(step)) from error


def newest() -> str:
    """Return the step that this version needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def steps() -> list[str]:
    """Return every step, the first one first."""
    walked = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in walked][::-1]


def stands_on(db: Database) -> str:
    """Return the step the database is at; "" for a new one.

    Raises DatabaseError when the database does not answer.
    """
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    except DBAPIError as error:
        raise DatabaseError(str(error.orig).strip()) from error


def differences(db: Database) -> list[object]:
    """Return where the database differs from the tables of this version. An empty list is right."""
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_compared}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Base.metadata))


def _is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the table of words: its shape is the database's own."""
    return kind != "table" or not str(name).startswith(tables.search.OWN_WORDS)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
