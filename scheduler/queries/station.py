"""Settings of the whole station."""

from config.times import Hours
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY


def hours(db: Database) -> Hours:
    """Return how times of day are written; 12 hours before the first channel exists."""
    with db.read() as session:
        row = session.get(StationRow, STATION_KEY)
        return Hours(row.hours) if row else Hours.TWELVE
