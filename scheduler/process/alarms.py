"""The scheduler's alarm clock: APScheduler rings, and the loop does the work."""

import threading
from datetime import UTC
from enum import StrEnum

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger


class Wake(StrEnum):
    """The work that an alarm asks for."""

    PUBLISH = "publish"
    MATERIALISE = "materialise"
    PRUNE = "prune"


class Alarms:
    """Alarms every minute to publish, and every night to extend series and to tidy up.

    An alarm is only noted. The scheduler's loop asks for what rang and does it in its own thread.
    """

    def __init__(self) -> None:
        self._rung: set[Wake] = set()
        self._lock = threading.Lock()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )
        for wake, trigger in (
            (Wake.PUBLISH, IntervalTrigger(minutes=1, timezone=UTC)),
            (Wake.MATERIALISE, CronTrigger(hour=7, minute=10, timezone=UTC)),
            (Wake.PRUNE, CronTrigger(hour=7, minute=40, timezone=UTC)),
        ):
            self._scheduler.add_job(self.ring, trigger, args=[wake], id=wake.value)

    def start(self) -> None:
        """Start the alarms. Each rings once at the start."""
        for wake in Wake:
            self.ring(wake)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop the alarms."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def ring(self, wake: Wake) -> None:
        """Note that this work is due."""
        with self._lock:
            self._rung.add(wake)

    def rung(self) -> frozenset[Wake]:
        """Return what rang since the last call."""
        with self._lock:
            rung, self._rung = frozenset(self._rung), set()
        return rung
