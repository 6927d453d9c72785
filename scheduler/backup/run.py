"""One whole backup: made, checked, and old ones removed."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from config.clock import Clock, machine_zone
from config.settings import Settings
from scheduler.backup.checking import Checked, check_snapshot
from scheduler.backup.folder import BackupError, open_folder
from scheduler.backup.keeping import remove_old
from scheduler.backup.last import LastBackup, failed, read_last, write_last
from scheduler.backup.making import Made, Say, make_snapshot, only_backup
from scheduler.db.store import DatabaseError


@dataclass(frozen=True)
class BackupRun:
    """The result of one backup."""

    made: Made
    checked: Checked
    removed: tuple[str, ...] = ()
    """Older snapshots that the rule did not keep."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong, in sentences."""
        return (*self.made.manifest.damaged, *self.checked.problems)


def run_backup(settings: Settings, root: Path, clock: Clock, say: Say) -> BackupRun:
    """Make a snapshot in this folder and check it; remove old ones only if it is good.

    Raises BackupError and DatabaseError.
    """
    folder = open_folder(root)
    with only_backup(settings.data_dir) as scratch:
        made = make_snapshot(settings, folder, scratch, clock, say)
        say("Opening and checking the copy.")
        checked = check_snapshot(folder, made.name, scratch, clock.utc())
        run = BackupRun(made, checked)
        if run.problems:
            return run
        removed = remove_old(folder, settings.backup_keep, machine_zone())
    return replace(run, removed=tuple(removed))


def run_noted(settings: Settings, root: Path, clock: Clock, say: Say) -> BackupRun:
    """Run a backup and keep its result in data_dir. Raises BackupError and DatabaseError."""
    before = read_last(settings.data_dir)
    try:
        run = run_backup(settings, root, clock, say)
    except (BackupError, DatabaseError) as error:
        write_last(settings.data_dir, failed(before, clock.utc(), str(error)))
        raise
    if run.problems:
        last = failed(before, clock.utc(), run.problems[0])
    else:
        last = _good(run.made, clock.utc())
    write_last(settings.data_dir, last)
    return run


def _good(made: Made, now: datetime) -> LastBackup:
    held = made.manifest.objects
    size = made.manifest.database.file.size + sum(one.size for one in held)
    return LastBackup(now, "", now, made.name, size, len(held))
