"""The keeper: it removes what was deleted thirty days ago, one file at a time."""

import logging

from config.clock import Clock
from media.store import MediaError, MediaStore
from scheduler.actions import disposal
from scheduler.db.store import Database
from scheduler.process.job_loop import JobThread
from scheduler.queries import keeping

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 600.0
"""Seconds between two looks. Nothing here is urgent; a file that must stay is judged again."""


class Keeper(JobThread):
    """A thread beside the scheduler's loop that lets go of what the rules allow."""

    def __init__(self, db: Database, store: MediaStore, clock: Clock) -> None:
        super().__init__("keeper", clock, LOOK_EVERY_SECONDS)
        self._db, self._store = db, store

    def one(self) -> bool:
        """Look once through the trash. Return False: the next look is not urgent."""
        now = self._clock.utc()
        for asset in keeping.trash_over(self._db, now):
            if self._stop.is_set():
                return False
            if not disposal.destroy(self._db, now, asset):
                log.info("the file %s is removed for good", asset)
        for number in keeping.let_go(self._db):
            if self._stop.is_set():
                return False
            try:
                disposal.remove_bytes(self._db, self._store, now, number)
            except MediaError as error:
                log.warning("%s It is tried again.", error)
        return False
