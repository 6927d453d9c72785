"""The doctor's look at the second store: whether it is there, can be written, and has room."""

import os

from config.disk import disk_finding
from config.finding import MachineFinding
from config.settings import Settings
from scheduler.backup.second_store import MARKER, ArchiveError, open_store


def archive_findings(settings: Settings) -> list[MachineFinding]:
    """Judge the archive of this server, if its settings name one; change nothing.

    Raises OSError where a disk fails.
    """
    root = settings.archive_folder
    if root is None:
        return []
    if not root.is_dir():
        mend = f"Mount its disk: mount -a. For a new folder: gavel archive --init --folder {root}"
        return [MachineFinding("wrong", f"The archive {root} is not there.", mend)]
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        mend = f"Give the service's user the folder, and ReadWritePaths={root} to gavel-scheduler."
        return [MachineFinding("wrong", f"The archive {root} cannot be written.", mend)]
    if not (root / MARKER).exists():
        mend = f"Mount its disk: mount -a. For a new one: gavel archive --init --folder {root}"
        return [MachineFinding("wrong", f"{root} holds no archive.", mend)]
    try:
        open_store(root)
    except ArchiveError as error:
        return [MachineFinding("wrong", str(error), f"Look at it: ls -l {root / MARKER}")]
    return [disk_finding("the archive", root)]
