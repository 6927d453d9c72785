"""The scheduler's alarm clock: APScheduler wakes the loop, and does nothing else."""

import threading
from datetime import UTC
from enum import StrEnum

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger


class Wake(StrEnum):
    """What there is to do when an alarm rings."""

    PUBLISH = "publish"
    MATERIALISE = "materialise"
    PRUNE = "prune"


class Alarms:
    """Rings at least each minute to publish, and each night to reach further ahead and tidy up.

    A ring is only remembered; the scheduler's loop asks for it and does the work.
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
        """Begin to ring; everything rings once at the start."""
        for wake in Wake:
            self.ring(wake)
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def ring(self, wake: Wake) -> None:
        """Remember that this is to be done."""
        with self._lock:
            self._rung.add(wake)

    def rung(self) -> frozenset[Wake]:
        """What rang since the last time somebody asked."""
        with self._lock:
            rung, self._rung = frozenset(self._rung), set()
        return rung
