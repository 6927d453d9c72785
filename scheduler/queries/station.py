"""Settings of the whole station: its hours, and the look of its bulletins."""

from config.times import Hours
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.look import LookDraft


def hours(db: Database) -> Hours:
    """Return how times of day are written; 12 hours before the first channel exists."""
    with db.read() as session:
        row = session.get(StationRow, STATION_KEY)
        return Hours(row.hours) if row else Hours.TWELVE


def look(db: Database) -> LookDraft:
    """Return the look of bulletins; Gavel's own until somebody sets another."""
    with db.read() as session:
        return load.look.look(session.get(StationRow, STATION_KEY))
