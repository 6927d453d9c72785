"""The registry of background work: a worker of a lane takes its jobs and gives each to the handler
of its kind.

A handler does the work and knows nothing of tries. The worker counts them: a try that failed for a
passing reason is repeated after a pause that grows, and a job that was cut off by a restart begins
anew. Example: `ArchiveCopies` raises `JobFailed("The archive is not mounted.", retry=True)` at
14:00; the worker tries again at 14:01, 14:05, 14:21 and so on, and the page Jobs says so.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from config.clock import Clock
from scheduler.actions import jobs as action
from scheduler.db.store import Database, DatabaseError
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobKind, Lane
from scheduler.process.job_loop import JobThread

log = logging.getLogger(__name__)
PROGRESS_EVERY_NS = 1_000_000_000
"""Nanoseconds between two updates of a job's progress."""
LOOK_EVERY_SECONDS = 1.0
"""Seconds between two looks for a job of a lane."""
LOWEST_PRIORITY = 19
BACKGROUND = frozenset({Lane.MAKE, Lane.COPY, Lane.RETURN, Lane.SPEECH})
"""The lanes whose threads, and the children that they start, run at the lowest priority."""
UNEXPECTED = "It failed in a way that was not expected; the server's log says more."


class JobFailed(Exception):
    """The failure of one try; the sentence is for staff.

    With `retry` the reason may pass, as a full disk does, and the job is tried again by itself.
    """

    def __init__(self, sentence: str, *, retry: bool) -> None:
        super().__init__(sentence)
        self.retry = retry


class JobLeft(Exception):
    """The order to leave a job: staff cancelled it, or the process stops. Handlers let it pass."""


class Progress(Protocol):
    """The way in which a handler reports what it does."""

    def __call__(self, share: float, words: str, /) -> None:
        """Report the share that is done, 0 to 1, and the present step in words.

        Call it every second or so, before each step that cannot be undone too. Raises JobLeft.
        """


class Handler(Protocol):
    """The work of one kind of job.

    It may be begun again after a crash at any moment, so each step must be safe to repeat. A
    handler whose result is rows closes the job in the same transaction
    (`scheduler.changing.jobs.close_job`); otherwise the worker marks it done.
    """

    def do(self, job: Job, progress: Progress) -> None:
        """Do the job to its end. Raises JobFailed, and lets JobLeft pass."""


def asset_of(job: Job) -> AssetId:
    """Return the library entry of a job that is about one. Raises JobFailed without one."""
    if job.asset is None:
        raise JobFailed("The file that it was about is no longer in the library.", retry=False)
    return job.asset


class _Report:
    """The progress of one try, stored once a second at most."""

    def __init__(self, db: Database, clock: Clock, job: Job, stop: threading.Event) -> None:
        self._db, self._clock, self._job, self._stop = db, clock, job, stop
        self._stored = clock.monotonic() - PROGRESS_EVERY_NS

    def __call__(self, share: float, words: str, /) -> None:
        if self._stop.is_set():
            raise JobLeft
        now = self._clock.monotonic()
        if now - self._stored < PROGRESS_EVERY_NS:
            return
        self._stored = now
        try:
            mine = action.progress(self._db, self._job, share, words)
        except DatabaseError as error:
            log.info("the progress of a job was not stored: %s", error)
            return
        if not mine:
            raise JobLeft


class JobWorker(JobThread):
    """The thread of one lane: it does the jobs of its handlers' kinds, one at a time."""

    def __init__(
        self,
        lane: Lane,
        handlers: Mapping[JobKind, Handler],
        db: Database,
        clock: Clock,
        *,
        look_every: float = LOOK_EVERY_SECONDS,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        """`before` runs at each look, to queue what nobody asked for; `look_every` in seconds."""
        super().__init__(f"jobs of the lane {lane.value}", clock, look_every)
        self._lane, self._handlers, self._db = lane, handlers, db
        self._before = before
        self._present: Job | None = None
        self._unclosed: Job | None = None
        """A job whose end the database did not take."""

    def stop(self) -> None:
        """Begin no more jobs, and put back the present one: a restart is no failure of it."""
        super().stop()
        job = self._present
        if job is not None:
            with suppress(DatabaseError):
                action.put_back(self._db, self._clock.utc(), job)

    def one(self) -> bool:
        """Do the next waiting job to its end; return False when there is none."""
        if self._unclosed is not None:
            action.put_back(self._db, self._clock.utc(), self._unclosed)
            self._unclosed = None
        self._before()
        job = action.claim(self._db, self._clock.utc(), frozenset(self._handlers))
        if job is None:
            return False
        self._present = job
        try:
            self._do(job)
        except DatabaseError:
            self._unclosed = job
            raise
        finally:
            self._present = None
        return True

    def _do(self, job: Job) -> None:
        report = _Report(self._db, self._clock, job, self._stop)
        try:
            self._handlers[job.kind].do(job, report)
        except JobLeft:
            action.put_back(self._db, self._clock.utc(), job)
        except JobFailed as error:
            self._failed(job, str(error), retry=error.retry)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - the rim of a worker: the job is tried again later
            log.exception("a job of the kind %s failed", job.kind.value)
            self._failed(job, UNEXPECTED, retry=True)
        else:
            action.finish(self._db, self._clock.utc(), job)

    def _failed(self, job: Job, sentence: str, *, retry: bool) -> None:
        log.warning("%s of %s failed: %s", job.kind.value, job.original_name, sentence)
        action.fail(self._db, self._clock.utc(), job, sentence, retry=retry)

    def _work(self) -> None:
        if self._lane in BACKGROUND:
            # On Linux this is the thread's own; the children that it starts inherit it.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        super()._work()
