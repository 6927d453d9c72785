"""The doctor's look at how fast the disks fill, from the figures that the keeper notes."""

from datetime import datetime

from config.finding import MachineFinding
from config.settings import Settings
from scheduler.db.store import Database
from scheduler.process.doctor_reading import ask_database
from scheduler.queries import disks
from scheduler.queries.disks import DiskStanding


def pace_findings(settings: Settings, now: datetime) -> list[MachineFinding]:
    """Judge each disk that is full within two years at its pace at `now` (UTC); change nothing."""
    has_archive = settings.archive_folder is not None
    known = ask_database(settings, lambda db: _known(db, has_archive, now))
    return [_finding(one) for one in known or () if one.pace is not None]


def _known(db: Database, has_archive: bool, now: datetime) -> tuple[DiskStanding, ...]:
    known = disks.disks(db, now)
    room = disks.archive(db, now).room if has_archive else None
    return known if room is None else (*known, room)


def _finding(disk: DiskStanding) -> MachineFinding:
    assert disk.pace is not None
    if disk.pace.is_warning:
        mend = "Dispose of what is due under Library, Keeping. Or add a disk."
        return MachineFinding("wrong", f"{disk.name}: {disk.pace.in_words}.", mend)
    return MachineFinding("good", f"{disk.name}: {disk.pace.in_words}.")
