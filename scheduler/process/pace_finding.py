"""The doctor's look at how fast the disks fill, from the figures that the keeper notes."""

from datetime import datetime

from config.finding import MachineFinding
from config.settings import Settings
from scheduler.db import migrate
from scheduler.db.store import Database, DatabaseError
from scheduler.queries import disks
from scheduler.queries.disks import DiskStanding


def pace_findings(settings: Settings, now: datetime) -> list[MachineFinding]:
    """Judge each disk that is full within two years at its pace at `now` (UTC); change nothing.

    A database that is away, missing or of another version is a finding of its own, and none here.
    """
    if not settings.database_url and not (settings.data_dir / "gavel.db").exists():
        return []
    database = Database(settings.database)
    try:
        if migrate.stands_on(database) != migrate.newest():
            return []
        known = disks.disks(database, now)
        second = disks.archive(database, now) if settings.archive_folder is not None else None
    except DatabaseError:
        return []
    finally:
        database.close()
    if second is not None and second.room is not None:
        known = (*known, second.room)
    return [_finding(one) for one in known if one.pace is not None]


def _finding(disk: DiskStanding) -> MachineFinding:
    assert disk.pace is not None
    if disk.pace.is_warning:
        mend = "Dispose of what is due under Library, Keeping. Or add a disk."
        return MachineFinding("wrong", f"{disk.name}: {disk.pace.in_words}.", mend)
    return MachineFinding("good", f"{disk.name}: {disk.pace.in_words}.")
