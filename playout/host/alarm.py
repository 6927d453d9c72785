"""The alarm clock: APScheduler wakes the agent at the next cue and at intervals, no more."""

import logging
import threading
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)


class AlarmClock:
    """Wakes threads by setting events.

    Every job is one call of `Event.set`, so a job that is lost or runs twice does no harm. Jobs
    live in memory, all instants are UTC, and no job counts as too late to run.
    """

    def __init__(self, wake: threading.Event) -> None:
        self.wake = wake
        self._scheduler: BackgroundScheduler | None = None
        self._next: datetime | None = None

    def start(self) -> None:
        """Start the scheduler; also restart it after `lives` returned False."""
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._scheduler.start()
        self._next = None

    def every(self, seconds: float, name: str, event: threading.Event) -> None:
        """Set `event` every `seconds`."""
        if self._scheduler is not None:
            self._scheduler.add_job(
                event.set, "interval", seconds=seconds, id=name, replace_existing=True
            )

    def at(self, instant: datetime | None) -> None:
        """Wake the agent at `instant`, UTC; at once if it has just passed."""
        if instant is None or instant == self._next or self._scheduler is None:
            return
        self._next = instant
        self._scheduler.add_job(
            self.wake.set, "date", run_date=instant, id="change", replace_existing=True
        )

    def lives(self) -> bool:
        """Return whether its thread runs; APScheduler's `running` stays True if it died."""
        return _runs(self._scheduler)

    def stop(self) -> None:
        """Stop it. It is paused first, because a shutdown during a round raises in its thread."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None or not _runs(scheduler):
            return
        scheduler.pause()
        # Whoever holds the lock is in the middle of a round; wait until it is over.
        with scheduler._jobstores_lock:
            pass
        scheduler.shutdown(wait=False)


def _runs(scheduler: BackgroundScheduler | None) -> bool:
    thread = getattr(scheduler, "_thread", None)
    return thread is not None and thread.is_alive()
