"""The check of a snapshot: its database is fetched back, opened and used, its media are read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.names import ChannelId
from media.store import MediaError, content_key
from scheduler.backup.copying import DamagedSource, copy_file
from scheduler.backup.folder import BackupFolder
from scheduler.backup.manifest import Manifest, histories
from scheduler.db import copies, migrate
from scheduler.db.store import Database, DatabaseError
from scheduler.foresight.preview import settled

DAYS_TO_READ_ALL = 30
"""Each night a thirtieth of the media is read again, so that within a month all of it is."""
SETTLED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Checked:
    """The result of a check."""

    problems: tuple[str, ...]
    """A sentence for each thing that is wrong; empty for a good snapshot."""
    files_read: int
    """Media files whose bytes were read again."""
    cues: int
    """Cues of the day that was settled from the copy, of all channels."""


def due(name: str, night: int, cycle: int = DAYS_TO_READ_ALL) -> bool:
    """Return whether a media file is read again in this night, by the number of the day.

    The first digits of a hash are as good as random. Example: with a cycle of 30, the file
    `0000001f…` (31) is read on days whose number leaves 1 when divided by 30.
    """
    return int(name[:8], 16) % cycle == night % cycle


def check_snapshot(
    folder: BackupFolder, name: str, scratch: Path, now: datetime, *, every: bool = False
) -> Checked:
    """Check one snapshot as a restore would use it. `every` reads all media, not only tonight's.

    Raises BackupError for a manifest that cannot be read.
    """
    manifest = folder.manifest(name)
    problems, cues = _database(folder, name, manifest, scratch, now)
    for record in manifest.settings:
        problems += _file(folder.snapshots / name / record.file.name, record.file.sha256)
    read = 0
    night = now.toordinal()
    for one in manifest.objects:
        path = folder.object(one.name)
        if every or due(one.name, night):
            read += 1
            problems += _file(path, one.name[:64])
        else:
            problems += _size(path, one.size)
    return Checked(tuple(problems), read, cues)


def _database(
    folder: BackupFolder, name: str, manifest: Manifest, scratch: Path, now: datetime
) -> tuple[list[str], int]:
    record, local = manifest.database, scratch / "checked.db"
    try:
        copy_file(folder.snapshots / name / record.file.name, local, record.file.sha256)
    except DamagedSource as error:
        return [str(error)], 0
    db = Database(f"sqlite:///{local}")
    try:
        return _opened(db, manifest, now)
    except DatabaseError as error:
        return [f"The copy of the database cannot be used: {error}."], 0
    finally:
        db.close()


def _opened(db: Database, manifest: Manifest, now: datetime) -> tuple[list[str], int]:
    found = [f"In the copy of the database: {fault}." for fault in copies.faults(db)]
    counted, told = copies.row_counts(db), manifest.database.rows
    found += [
        f"Table {name} has {counted.get(name, 0)} rows, and had {told.get(name, 0)}."
        for name in sorted(counted.keys() | told.keys())
        if counted.get(name) != told.get(name)
    ]
    if histories(copies.places(db)) != manifest.database.history:
        found.append("The copy of the database is at another place in its history.")
    if manifest.database.step != migrate.newest():
        migrate.upgrade(db)
    return found, _settle_a_day(db, now)


def _settle_a_day(db: Database, now: datetime) -> int:
    """Settle the coming day of each channel from the copy, by the code that airs it."""
    cues = 0
    for channel in copies.places(db):
        with db.read() as session:
            day = settled(session, ChannelId(channel), now, now + SETTLED_FOR, now)
        cues += len(day.cues)
    return cues


def _file(path: Path, expected: str) -> list[str]:
    try:
        found = content_key(path, drop_pages=True)
    except MediaError as error:
        return [str(error)]
    return [] if found == expected else [f"{path.name} is damaged: its bytes have changed."]


def _size(path: Path, expected: int) -> list[str]:
    try:
        size = path.stat().st_size
    except OSError as error:
        return [f"{path.name} cannot be read: {error.strerror}."]
    return [] if size == expected else [f"{path.name} has {size} bytes instead of {expected}."]
