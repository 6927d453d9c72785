"""The page of jobs: what runs, what waits, what failed, and what is over today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.db import find, load, passing
from scheduler.db.store import Database, Session
from scheduler.domain.model.job import HISTORY_KEPT_FOR, Job, JobState

MOST_SHOWN = 60
"""Most jobs of each list on the page."""


@dataclass(frozen=True)
class JobCounts:
    """Numbers of jobs by their state."""

    working: int
    waiting: int
    failed: int
    """Those of the history that staff have neither tried again nor put aside."""
    done: int
    """Those of the last day."""


@dataclass(frozen=True)
class ListedJob:
    """A job with the title of the library entry that it is about, or its own name."""

    job: Job
    title: str


@dataclass(frozen=True)
class JobBoard:
    """The content of the page of jobs, each list up to `MOST_SHOWN`."""

    counts: JobCounts
    working: tuple[ListedJob, ...]
    waiting: tuple[ListedJob, ...]
    failed: tuple[ListedJob, ...]
    done: tuple[ListedJob, ...]
    folders: tuple[passing.WatchedFolder, ...]
    """How the watch folders of the server stand."""


def board(db: Database, now: datetime) -> JobBoard:
    """Return the jobs; those that are done or cancelled since a day ago."""
    day, history = now - timedelta(days=1), now - HISTORY_KEPT_FOR
    folders = passing.folders(db)
    with db.read() as session:
        return JobBoard(
            _counts(session, now),
            _listed(session, None, JobState.WORKING),
            _listed(session, None, JobState.WAITING),
            _listed(session, history, JobState.FAILED),
            _listed(session, day, JobState.DONE, JobState.CANCELLED),
            folders,
        )


def counts(db: Database, now: datetime) -> JobCounts:
    """Return how many jobs are in which state."""
    with db.read() as session:
        return _counts(session, now)


def _counts(session: Session, now: datetime) -> JobCounts:
    recent = find.jobs.counted(session, now - timedelta(days=1))
    history = find.jobs.counted(session, now - HISTORY_KEPT_FOR)
    return JobCounts(
        working=recent.get(JobState.WORKING, 0),
        waiting=recent.get(JobState.WAITING, 0),
        failed=history.get(JobState.FAILED, 0),
        done=recent.get(JobState.DONE, 0),
    )


def _listed(session: Session, since: datetime | None, *states: JobState) -> tuple[ListedJob, ...]:
    rows = find.jobs.listed(session, states, since, MOST_SHOWN)
    return tuple(
        ListedJob(load.plan.job(row, name), title or row.name or name) for row, name, title in rows
    )
