"""The return of channels to their first machine, by the rule that staff set."""

import logging
from datetime import datetime

from config.clock import Clock
from playout.model.commands import Verb
from scheduler.actions.commands import Order, give
from scheduler.db.store import Database
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.process.job_loop import JobThread
from scheduler.queries import returns
from scheduler.refusals import Refused

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0


class ReturnWorker(JobThread):
    """A thread beside the scheduler's loop, which looks for returns that are due."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("returns", clock, LOOK_EVERY_SECONDS)
        self._db = db

    def one(self) -> bool:
        """Look once. Return False, for there is no next job to hurry to."""
        return_channels(self._db, self._clock.utc())
        return False


def return_channels(db: Database, now: datetime) -> None:
    """Move each channel whose time of quiet is over back to its primary, just after an item began.

    A move that is refused is tried again at the next boundary.
    """
    for channel, primary in returns.due(db, now):
        try:
            give(db, SYSTEM_ACTOR, now, channel, Order(Verb.MOVE, to=primary))
        except Refused as refused:
            log.info("%s stays on its standby: %s", channel, refused)
        else:
            log.info("%s returns to its first machine", channel)
