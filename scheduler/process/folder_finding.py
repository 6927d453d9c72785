"""The doctor's look at watch folders: whether each is there, and files can be moved out of it."""

import os

from config.finding import MachineFinding
from config.intake_settings import WatchFolder
from config.settings import Settings


def folder_findings(settings: Settings) -> list[MachineFinding]:
    """Judge each watch folder of this server; change nothing. Raises OSError where a disk fails."""
    return [_finding(folder) for folder in settings.watch_folders]


def _finding(folder: WatchFolder) -> MachineFinding:
    path = folder.path
    if not path.is_dir():
        mend = f"Mount its drive: mount -a. Or correct watch_folders. For a new one: mkdir {path}"
        return MachineFinding("wrong", f"The watch folder {path} is not there.", mend)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        mend = f"Give the service's user the folder, and ReadWritePaths={path} to gavel-scheduler."
        return MachineFinding("wrong", f"Files of the watch folder {path} cannot be moved.", mend)
    return MachineFinding("good", f"Files put into {path} are taken into the library.")
