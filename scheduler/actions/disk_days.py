"""The daily figures of disks, from which their pace is computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.keeping import DiskDayRow

FIGURES_KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class DiskReading:
    """The fill of a disk as it was read just now."""

    place: str
    name: str
    """What people call it: `Server`, `playout-1`."""
    free: int
    """Bytes."""
    total: int = 0
    """Bytes; 0 where that is not known."""


def note(db: Database, readings: Iterable[DiskReading], now: datetime) -> None:
    """Store the newest reading of each disk as the figure of the day (UTC)."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with db.write() as session:
        for one in readings:
            row = session.get(DiskDayRow, (one.place, day))
            if row is None:
                row = DiskDayRow(place=one.place, day=day)
                session.add(row)
            row.name, row.free, row.total, row.at = one.name[:120], one.free, one.total, now
        find.disks.forget_disk_days(session, now - FIGURES_KEPT_FOR)
