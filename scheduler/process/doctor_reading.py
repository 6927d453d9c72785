"""The doctor's question to a server's database, which may be away or of another version."""

from collections.abc import Callable
from typing import TypeVar

from config.settings import Settings
from scheduler.db import migrate
from scheduler.db.store import Database, DatabaseError

Answer = TypeVar("Answer")


def ask_database(settings: Settings, ask: Callable[[Database], Answer]) -> Answer | None:
    """Return what the database of this server answers; change nothing.

    None where it is away, missing or of another version: that is a finding of its own.
    """
    if not settings.database_url and not (settings.data_dir / "gavel.db").exists():
        return None
    database = Database(settings.database)
    try:
        if migrate.stands_on(database) != migrate.newest():
            return None
        return ask(database)
    except DatabaseError:
        return None
    finally:
        database.close()
