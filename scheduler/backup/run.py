"""One whole backup: made, then checked."""

from dataclasses import dataclass
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from scheduler.backup.checking import Checked, check_snapshot
from scheduler.backup.folder import open_folder
from scheduler.backup.making import Made, Say, make_snapshot, only_backup


@dataclass(frozen=True)
class BackupRun:
    """The result of one backup."""

    made: Made
    checked: Checked

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong, in sentences."""
        return (*self.made.manifest.damaged, *self.checked.problems)


def run_backup(settings: Settings, root: Path, clock: Clock, say: Say) -> BackupRun:
    """Make a snapshot in this folder and check it. Raises BackupError and DatabaseError."""
    folder = open_folder(root)
    with only_backup(settings.data_dir) as scratch:
        made = make_snapshot(settings, folder, scratch, clock, say)
        say("Opening and checking the copy.")
        checked = check_snapshot(folder, made.name, scratch, clock.utc())
    return BackupRun(made, checked)
