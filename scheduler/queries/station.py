"""Settings of the whole station: its hours, and the look of its bulletins."""

from config.times import Hours
from playout.model.look import StationLook
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.look import Font


def hours(db: Database) -> Hours:
    """Return how times of day are written; 12 hours before the first channel exists."""
    with db.read() as session:
        row = session.get(StationRow, STATION_KEY)
        return Hours(row.hours) if row else Hours.TWELVE


def caption_names(db: Database) -> str:
    """Return the names that automatic captions should spell right, one a line."""
    with db.read() as session:
        row = session.get(StationRow, STATION_KEY)
        return row.caption_names if row else ""


def file_fields(db: Database) -> str:
    """Return the names of the fields that the station adds to its files, one a line."""
    with db.read() as session:
        fields = load.details.station_fields(session.get(StationRow, STATION_KEY))
        return "\n".join(one.name for one in fields)


def look(db: Database) -> tuple[StationLook, int]:
    """Return the look of bulletins, Gavel's own until somebody sets another, and the version of the
    station's settings.
    """
    with db.read() as session:
        row = session.get(StationRow, STATION_KEY)
        return load.look.look(row), row.version if row is not None else 0


def fonts(db: Database) -> tuple[Font, ...]:
    """Return every font that is stored for bulletins, by name."""
    with db.read() as session:
        return tuple(map(load.look.font, find.look.fonts(session)))
