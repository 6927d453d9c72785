"""Facts of backups in the database: whether one is asked for, and who would make it."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.db.store import Database
from scheduler.db.tables.alerts import BackupRequestRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.reading.pulse import scheduler_pulse


@dataclass(frozen=True)
class BackupsAsked:
    """The last request, and whether somebody is there to hear it."""

    asked: datetime | None
    """In UTC; None before the first."""
    scheduler_runs: bool


def asked(db: Database, now: datetime) -> BackupsAsked:
    """Return when somebody last asked for a backup, and whether the scheduler says that it runs."""
    with db.read() as session:
        row = session.get(BackupRequestRow, STATION_KEY)
        pulse = scheduler_pulse(session)
        runs = pulse.at is not None and not pulse.away(now)
        return BackupsAsked(row.asked if row else None, runs)
