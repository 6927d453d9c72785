"""The scheduler process: it publishes each change within 0.25 s and checks uploads."""

import logging
import signal
import threading
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Protocol

from config.child import beat
from config.clock import Clock
from config.private import keep_private
from config.settings import Settings
from config.times import write_in
from media.ingest import clear_left_over
from media.store import MediaStore
from playout.notify.ways import notifiers
from scheduler.actions import jobs, meeting_series, series
from scheduler.changing import listings
from scheduler.db import passing, tidy
from scheduler.db.lock import SchedulerLock
from scheduler.db.store import Database, DatabaseError, NewerDatabase
from scheduler.process.alarms import Alarms, Wake
from scheduler.process.alerting import AlertWorker
from scheduler.process.certificates import CertificateWorker
from scheduler.process.handlers import job_workers
from scheduler.process.homecoming import Arrivals
from scheduler.process.keeper import Keeper
from scheduler.process.leftovers import sweep
from scheduler.process.library_indexer import LibraryIndexer
from scheduler.process.nightly_backup import NightlyBackup
from scheduler.process.publish import publish_all, publish_changed
from scheduler.process.returning import ReturnWorker
from scheduler.process.warnings import Warnings
from scheduler.process.watch_folders import FolderWatcher
from scheduler.queries import disks, library_faults, station

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.25
"""Seconds between two looks at the plan versions."""
LOCK_RETRY_SECONDS = 1.0
FACTS_KEPT_FOR = timedelta(days=30)
PASSING_KEPT_FOR = timedelta(hours=12)
"""The longest wait after failed sign-ins is over by then."""


class Worker(Protocol):
    """A thread beside the loop."""

    def start(self) -> None:
        """Start the thread."""

    def stop(self) -> None:
        """Take no more work."""


class LostLock(Exception):
    """Another scheduler may have taken over. This process must stop and wait its turn."""


def run_scheduler(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or SIGINT. A second process waits here until the first one ends. So does
    one that finds a database of a newer Gavel: the scheduler of that version then takes over.

    Raises LostLock when the database released the lock, so that the supervisor starts it again.
    """
    keep_private(settings.data_dir)
    stop = threading.Event()
    _listen(stop)
    db = Database(settings.database)
    lock = SchedulerLock(db, settings.data_dir / "scheduler.lock")
    try:
        while _wait_for(db, lock, clock, stop):
            try:
                _serve(db, lock, settings, clock, stop)
            except NewerDatabase:
                lock.release()
    finally:
        lock.release()
        db.close()


def _listen(stop: threading.Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)


def _wait_for(db: Database, lock: SchedulerLock, clock: Clock, stop: threading.Event) -> bool:
    said = ""
    while not stop.is_set():
        beat()
        if not (reason := _reason_to_wait(db, lock)):
            return True
        if reason != said:
            log.info("this scheduler waits: %s", reason)
            said = reason
        clock.wait(LOCK_RETRY_SECONDS, stop)
    return False


def _reason_to_wait(db: Database, lock: SchedulerLock) -> str:
    """Take the lock and return "", or return why this process must not publish. Raises
    DatabaseError for a database that is there and cannot be read: waiting would not mend it.
    """
    try:
        if not lock.take():
            return "another scheduler is running"
    except DatabaseError as error:
        return str(error)
    try:
        db.refuse_newer()
    except NewerDatabase as error:
        lock.release()
        return str(error)
    return ""


def _serve(
    db: Database, lock: SchedulerLock, settings: Settings, clock: Clock, stop: threading.Event
) -> None:
    alarms, warnings = Alarms(), Warnings()
    workers = _workers(db, settings, clock)
    jobs.reclaim(db, clock.utc())
    clear_left_over(MediaStore(settings.media_root), clock.utc())
    for one in workers:
        one.start()
    alarms.start()
    log.info("the scheduler publishes")
    try:
        while not stop.is_set():
            beat()
            if not lock.still_held():
                raise LostLock("the database let go of the scheduler's lock")
            rung = alarms.rung()
            look(db, clock.utc(), rung)
            if Wake.PUBLISH in rung:
                warn(warnings, db, clock.utc())
            if Wake.PRUNE in rung:
                tidy_up(db, settings.uploads, clock.utc())
            clock.wait(LOOK_EVERY_SECONDS, stop)
    finally:
        alarms.stop()
        for one in workers:
            one.stop()


def _workers(db: Database, settings: Settings, clock: Clock) -> list[Worker]:
    """Return the threads beside the loop."""
    store = MediaStore(settings.media_root)
    certificates = CertificateWorker(settings, clock)
    disk_faults = partial(disks.faults, db, settings.archive_folder is not None)
    teller = AlertWorker(
        db,
        settings,
        notifiers(settings),
        clock,
        [certificates.faults, disk_faults, partial(library_faults.faults, db)],
    )
    return [
        teller,
        certificates,
        NightlyBackup(db, settings, clock),
        ReturnWorker(db, clock),
        Keeper(db, store, clock, settings),
        LibraryIndexer(db, store, clock),
        Arrivals(db, store, clock),
        *job_workers(db, settings, clock),
        FolderWatcher(db, settings, clock),
    ]


def look(db: Database, now: datetime, rung: frozenset[Wake]) -> None:
    """Run one turn of the loop: publish what changed, and do what the alarms asked for.

    A database error or any other is logged, and the next turn tries again. Raises NewerDatabase.
    """
    try:
        db.refuse_newer()
        write_in(station.hours(db))
        if Wake.MATERIALISE in rung:
            series.materialise_all(db, now)
            meeting_series.materialise_all(db, now)
        if Wake.PRUNE in rung:
            tidy.prune(db, now, FACTS_KEPT_FOR)
            passing.forget(db, now, PASSING_KEPT_FOR)
        published = publish_all(db, now) if Wake.PUBLISH in rung else publish_changed(db, now)
        for channel, revision in published.items():
            log.info("published revision %d of %s", revision, channel)
        if published or Wake.PUBLISH in rung:
            listings.update_all_lines(db, now)
    except NewerDatabase:
        raise
    except DatabaseError as error:
        log.warning("the scheduler waits for the database: %s", error)
    except Exception:  # noqa: BLE001 - the hosts air the last plan; the next turn tries again
        log.exception("the scheduler failed; it tries again")


def tidy_up(db: Database, uploads: Path, now: datetime) -> None:
    """Forget old jobs and sweep abandoned uploads. A failure is tried again the next night."""
    try:
        jobs.forget_old(db, now)
        sweep(uploads, jobs.uploads_needed(db), now)
    except DatabaseError as error:
        log.warning("uploads are not swept: %s", error)


def warn(warnings: Warnings, db: Database, now: datetime) -> None:
    """Log what will not air as it is. A failure here never keeps a plan from being published."""
    try:
        warnings.say(db, now)
    except Exception:  # noqa: BLE001 - said again in a minute
        log.exception("the scheduler could not check for misses; it tries again")
