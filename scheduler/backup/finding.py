"""The doctor's look at backups: the folder, and how old the last good one is."""

import os
from datetime import datetime

from config.finding import MachineFinding
from config.settings import Settings
from scheduler.backup.folder import MARKER, BackupError, open_folder
from scheduler.backup.last import complaint, read_last


def backup_finding(settings: Settings, now: datetime) -> MachineFinding:
    """Judge the backups of this server at `now` (UTC). Changes nothing and raises nothing."""
    root, last = settings.backup_folder, read_last(settings.data_dir)
    if root is None:
        mend = (
            'Write backup_folder = "/mnt/backup/gavel" into gavel.toml, then: gavel backup --init'
        )
        return MachineFinding("note", "No backups are made: backup_folder is not set.", mend)
    if not root.exists() or (last and last.good and not (root / MARKER).exists()):
        mend = f"Mount its disk: mount -a. For a new folder: gavel backup --init --folder {root}"
        return MachineFinding("wrong", f"The backup folder {root} is not there.", mend)
    if not (root / MARKER).exists():
        mend = f"Make it one: gavel backup --init --folder {root}"
        return MachineFinding("wrong", f"{root} is not made a backup folder yet.", mend)
    try:
        folder = open_folder(root)
    except BackupError as error:
        return MachineFinding("wrong", str(error), f"Look at it: ls -l {root / MARKER}")
    places = (root, folder.snapshots, folder.objects)
    if not all(os.access(place, os.W_OK) for place in places):
        mend = f"Give the service's user the folder: chown -R gavel {root}"
        return MachineFinding("wrong", f"The backup folder {root} cannot be written.", mend)
    if last is None:
        return MachineFinding("note", "No backup was made yet.", "Make one: gavel backup")
    if wrong := complaint(now, last):
        return MachineFinding("wrong", wrong, "Fix that and make one now: gavel backup")
    return MachineFinding("good", f"The last good backup is snapshot {last.name} in {root}.")
