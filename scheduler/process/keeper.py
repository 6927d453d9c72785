"""The keeper: it removes what was deleted thirty days ago, and notes how full the disks are."""

import logging
import shutil
from datetime import datetime

from config.clock import Clock
from media.store import MediaError, MediaStore
from scheduler.actions import disk_days, disposal
from scheduler.actions.disk_days import DiskReading
from scheduler.db.store import Database
from scheduler.process.job_loop import JobThread
from scheduler.queries import disks, keeping

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 600.0
"""Seconds between two looks. Nothing here is urgent; a file that must stay is judged again."""


class Keeper(JobThread):
    """A thread beside the scheduler's loop that lets go of what the rules allow."""

    def __init__(self, db: Database, store: MediaStore, clock: Clock) -> None:
        super().__init__("keeper", clock, LOOK_EVERY_SECONDS)
        self._db, self._store = db, store

    def one(self) -> bool:
        """Look once at the disks and through the trash. Return False: nothing here is urgent."""
        now = self._clock.utc()
        disk_days.note(self._db, self._readings(now), now)
        self._let_go(now)
        return False

    def _readings(self, now: datetime) -> list[DiskReading]:
        """Return how full each disk is; one that cannot be asked is left out."""
        readings = [
            DiskReading(f"host:{name}"[:60], name, free)
            for name, free in disks.of_machines(self._db, now).items()
        ]
        try:
            usage = shutil.disk_usage(self._store.root)
        except OSError as error:
            log.warning("the disk of the media store cannot be asked: %s", error)
            return readings
        server = DiskReading(disk_days.SERVER_PLACE, "Server", usage.free, usage.total)
        return [server, *readings]

    def _let_go(self, now: datetime) -> None:
        """Remove what the rules allow, one file at a time, until the process stops."""
        for asset in keeping.trash_over(self._db, now):
            if self._stop.is_set():
                return
            if not disposal.destroy(self._db, now, asset):
                log.info("the file %s is removed for good", asset)
        for number in keeping.let_go(self._db):
            if self._stop.is_set():
                return
            try:
                disposal.remove_bytes(self._db, self._store, now, number)
            except MediaError as error:
                log.warning("%s It is tried again.", error)
