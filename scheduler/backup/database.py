"""The database of a snapshot, on its way back into an empty one of SQLite or PostgreSQL."""

import os
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.wholefile import sync_folder
from scheduler.backup.copying import DamagedSource, copy_file
from scheduler.backup.folder import BackupError, BackupFolder
from scheduler.backup.manifest import DATABASE_FILE, Manifest
from scheduler.db import copies, migrate, moving
from scheduler.db.store import Database, DatabaseError


def require_empty(settings: Settings, name: str, *, continued: bool) -> None:
    """Raise BackupError for a database with rows, unless a `continued` restore of this snapshot
    filled it. Raises DatabaseError where it does not answer.
    """
    if settings.database.startswith("sqlite"):
        home = copies.sqlite_file(settings.database)
        if home.exists() and not continued:
            raise BackupError(
                f"There is data here already: {home}. A restore needs an empty machine, so that "
                "nothing is overwritten. Stop Gavel, and move that file away first."
            )
        return
    db = Database(settings.database)
    try:
        filled = moving.has_rows(db) and not (continued and moving.mark_of(db) == name)
    finally:
        db.close()
    if filled:
        raise BackupError(
            "The database of database_url has rows already. A restore needs an empty one, so that "
            "nothing is overwritten. Make one with createdb, and name it in database_url."
        )


def restore(
    settings: Settings, folder: BackupFolder, name: str, manifest: Manifest, now: datetime
) -> None:
    """Put the database of a snapshot in its place, whole or not at all.

    Raises BackupError, DatabaseError and OSError.
    """
    to_sqlite = settings.database.startswith("sqlite")
    home = copies.sqlite_file(settings.database) if to_sqlite else settings.data_dir / DATABASE_FILE
    beside = home.with_name(f".{home.name}.restoring")
    _remove(beside)
    record = manifest.database.file
    try:
        copy_file(folder.snapshots / name / record.name, beside, record.sha256)
    except DamagedSource as error:
        raise BackupError(
            f"Snapshot {name} cannot be restored: {error} Choose another one."
        ) from error
    _prepare(beside, now, manifest.began)
    if to_sqlite:
        beside.replace(home)
        sync_folder(home.parent)
        return
    try:
        _fill(settings.database, beside, name)
    finally:
        _remove(beside)


def _prepare(beside: Path, now: datetime, made: datetime) -> None:
    """Judge the copy, bring it to this version, and take back what must not be done again."""
    db = Database(f"sqlite:///{beside}")
    try:
        found = copies.faults(db)
        if found:
            raise DatabaseError(f"the copy of the database is damaged: {found[0]}")
        migrate.upgrade(db)
        copies.begin_anew(db, now, made)
    finally:
        db.close()
    # Closing the last connection wrote the log into the file, which is whole now.
    with beside.open("rb") as file:
        os.fsync(file.fileno())


def _fill(url: str, beside: Path, name: str) -> None:
    """Fill the PostgreSQL database, unless this restore did so before it was interrupted."""
    db = Database(url)
    try:
        if moving.has_rows(db) and moving.mark_of(db) == name:
            return
    finally:
        db.close()
    moving.load(beside, url, name)


def _remove(beside: Path) -> None:
    for rest in ("", "-wal", "-shm"):
        beside.with_name(beside.name + rest).unlink(missing_ok=True)
