"""Reads of keeping: files that are due, in the trash, on hold, and let go."""

from datetime import datetime

from scheduler.db import find
from scheduler.db.store import Database
from scheduler.domain.library.keeping import TRASH_KEPT_FOR
from scheduler.domain.model.ids import AssetId


def trash_over(db: Database, now: datetime) -> tuple[AssetId, ...]:
    """Return the files whose thirty days in the trash are over, the first deleted first."""
    with db.read() as session:
        return tuple(
            AssetId(row.id)
            for row in find.keeping.deleted(session)
            if row.deleted is not None and row.deleted + TRASH_KEPT_FOR <= now
        )


def let_go(db: Database) -> tuple[int, ...]:
    """Return the numbers of the bytes that were let go and are still here."""
    with db.read() as session:
        return tuple(row.number for row in find.keeping.unremoved(session))
