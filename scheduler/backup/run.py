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
from scheduler.backup.making import Made, Say, make_snapshot
from scheduler.backup.turn import Work, only_backup
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
    """Make a snapshot in any backup folder and check it; remove old ones only if it is good.

    Raises BackupError and DatabaseError, and Busy while another process has the turn.
    """
    with only_backup(settings.data_dir, Work.TERMINAL, clock) as scratch:
        return _run(settings, root, scratch, clock, say)


def run_noted(settings: Settings, root: Path, clock: Clock, say: Say) -> BackupRun:
    """Run a backup from a terminal, and keep its result in data_dir. Raises as run_backup does.

    A copy in another folder than backup_folder says nothing about the nightly one: its result is
    not kept.
    """
    usual = settings.backup_folder
    if usual is not None and root.absolute() != usual.absolute():
        return run_backup(settings, root, clock, say)
    with only_backup(settings.data_dir, Work.TERMINAL, clock) as scratch:
        return _noted(settings, root, scratch, clock, say)


def run_in_turn(settings: Settings, root: Path, clock: Clock, say: Say) -> BackupRun | None:
    """Wait for the turn, back up, and keep the result in data_dir.

    Returns None where whoever had the turn made a good backup meanwhile. Raises BackupError and
    DatabaseError.
    """
    before = read_last(settings.data_dir)
    with only_backup(settings.data_dir, Work.SERVER, clock, wait=True) as scratch:
        last = read_last(settings.data_dir)
        if last is not None and last != before and not last.problem:
            return None
        return _noted(settings, root, scratch, clock, say)


def _run(settings: Settings, root: Path, scratch: Path, clock: Clock, say: Say) -> BackupRun:
    folder = open_folder(root)
    made = make_snapshot(settings, folder, scratch, clock, say)
    say("Opening and checking the copy.")
    run = BackupRun(made, check_snapshot(folder, made.name, scratch, clock.utc()))
    if run.problems:
        return run
    removed = remove_old(folder, settings.backup_keep, machine_zone())
    return replace(run, removed=tuple(removed))


def _noted(settings: Settings, root: Path, scratch: Path, clock: Clock, say: Say) -> BackupRun:
    before = read_last(settings.data_dir)
    try:
        run = _run(settings, root, scratch, clock, say)
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
