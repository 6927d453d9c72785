"""The doctor's look at what stands still in the library: watch folders that give no files, and
files that do not come back from the archive.
"""

import os
from collections.abc import Mapping
from datetime import datetime

from config.finding import MachineFinding
from config.intake_settings import WatchFolder
from config.settings import Settings
from scheduler.db import passing
from scheduler.db.store import Database
from scheduler.process.doctor_reading import ask_database
from scheduler.queries import library_faults


def folder_findings(settings: Settings, now: datetime) -> list[MachineFinding]:
    """Judge each watch folder of this server at `now` (UTC), by the disk and by what the scheduler
    saw last; change nothing. Raises OSError where a disk fails.
    """
    if not settings.watch_folders:
        return []
    told = ask_database(settings, lambda db: _told(db, now))
    return [_finding(folder, told or {}) for folder in settings.watch_folders]


def return_findings(settings: Settings) -> list[MachineFinding]:
    """Name the files that do not come back from the archive; change nothing."""
    if settings.archive_folder is None:
        return []
    stuck = ask_database(settings, library_faults.stuck_returns)
    mend = "Make room on the server, or mount the archive: mount -a. Then press Try now under Jobs."
    text = f"Files do not come back. {stuck}"
    return [MachineFinding("wrong", text, mend)] if stuck else []


def _told(db: Database, now: datetime) -> Mapping[str, str]:
    return {one.path: library_faults.folder_fault(one, now) for one in passing.folders(db)}


def _finding(folder: WatchFolder, told: Mapping[str, str]) -> MachineFinding:
    path = folder.path
    if not path.is_dir():
        mend = f"Mount its drive: mount -a. Or correct watch_folders. For a new one: mkdir {path}"
        return MachineFinding("wrong", f"The watch folder {path} is not there.", mend)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        mend = f"Give the service's user the folder, and ReadWritePaths={path} to gavel-scheduler."
        return MachineFinding("wrong", f"Files of the watch folder {path} cannot be moved.", mend)
    if said := told.get(str(path)):
        text = f"The watch folder {path} gives no files: {said}"
        mend = "Mount its drive: mount -a. Then: systemctl restart gavel-scheduler"
        return MachineFinding("wrong", text, mend)
    return MachineFinding("good", f"Files put into {path} are taken into the library.")
