"""The worker of backups: it starts the nightly one and those that people ask for, and tells when
the last good one is old.
"""

import logging
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from config.clock import Clock, machine_zone
from config.names import AssetKey
from config.settings import Settings
from playout.alerts.conditions import Condition
from scheduler.actions import alerts, homecoming
from scheduler.backup.folder import BackupError, open_folder
from scheduler.backup.last import LastBackup, complaint, failed, is_due, read_last, write_last
from scheduler.backup.turn import at_work
from scheduler.db.store import Database
from scheduler.process.job_loop import JobThread
from scheduler.queries import backups

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 3.0
"""Whoever presses “Back up now” waits this long at most."""
TELL_EVERY_SECONDS = 60.0
REPORTER = "backup"


def backup_command() -> list[str]:
    """Return the command of one backup, idle on the disk where the machine can do that."""
    idle = ["ionice", "-c", "3"] if shutil.which("ionice") else []
    return [*idle, sys.executable, "-P", "-m", "scheduler.backup"]


class NightlyBackup(JobThread):
    """A thread that waits for the backup's process, so that the scheduler's loop never does."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        clock: Clock,
        command: Sequence[str] = (),
        tell_every: float = TELL_EVERY_SECONDS,
    ) -> None:
        super().__init__("backup", clock, LOOK_EVERY_SECONDS)
        self._db, self._settings = db, settings
        self._command = list(command) or backup_command()
        self._tell_every = tell_every
        self._tell_at = self._rest_until = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._counted: datetime | None = None
        """When the backup was good whose files are counted as copies."""

    def start(self) -> None:
        """Start the thread, where the settings name a backup folder."""
        if self._settings.backup_folder is not None:
            super().start()

    def stop(self) -> None:
        """End a running backup; the next one goes on with the media that it copied."""
        super().stop()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def one(self) -> bool:
        """Make a backup if one is due, and tell how the backups stand. Return False."""
        data_dir, now = self._settings.data_dir, self._clock.utc()
        last, asked = read_last(data_dir), backups.asked(self._db, now).asked
        seconds = self._clock.monotonic() / 1e9
        due = is_due(now, last, self._settings.backup_at, machine_zone(), asked)
        if due and seconds >= self._rest_until:
            # A try whose result cannot be written must not be repeated at once.
            self._rest_until = seconds + self._tell_every
            last = self._made(last)
            self._rest_until = 0.0
        elif seconds < self._tell_at:
            return False
        self._tell_at = seconds + self._tell_every
        if last is not None and last.good != self._counted:
            # Also one that ended while no scheduler was there, or that a person made by hand.
            self._count(last)
            self._counted = last.good
        self._tell(last)
        return False

    def _count(self, last: LastBackup) -> None:
        """Count the media of the new snapshot as copies."""
        root = self._settings.backup_folder
        if root is None or not last.name:
            return
        try:
            manifest = open_folder(root).manifest(last.name)
        except BackupError as error:
            log.warning("the files of the backup are not counted: %s", error)
            return
        sizes = {AssetKey(one.name[:64]): one.size for one in manifest.objects}
        homecoming.count_backup(self._db, self._clock.utc(), sizes)

    def _tell(self, last: LastBackup | None) -> None:
        now = self._clock.utc()
        wrong = complaint(now, last)
        if wrong and (other := at_work(self._settings.data_dir)):
            wrong = f"{wrong} Now at work: {other}."
        alerts.observe(
            self._db, Condition.BACKUP_OLD, holds=bool(wrong), at=now, reporter=REPORTER,
            detail=wrong[:500], subject="backup",
        )  # fmt: skip

    def _made(self, before: LastBackup | None) -> LastBackup | None:
        """Run the process and return its result; one that left none has failed."""
        data_dir = self._settings.data_dir
        self._child = subprocess.Popen(self._command)
        code = self._ended(self._child)
        after = read_last(data_dir)
        if after != before or self._stop.is_set():
            return after
        words = f"It ended before it was done (code {code}); the log says why."
        last = failed(before, self._clock.utc(), words)
        write_last(data_dir, last)
        return last

    def _ended(self, child: "subprocess.Popen[bytes]") -> int:
        """Wait for the process and return its code, and tell meanwhile how the backups stand.

        It may wait for its turn, or hang on a share whose server is away: the last good backup
        grows old also then.
        """
        while True:
            try:
                return child.wait(self._tell_every)
            except subprocess.TimeoutExpired:
                self._tell(read_last(self._settings.data_dir))
