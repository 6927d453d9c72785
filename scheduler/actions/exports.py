"""The queue of files that staff want of a cut."""

from datetime import datetime

from scheduler.changing.jobs import queue_job
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind, JobState
from scheduler.domain.model.people import Actor, Right
from scheduler.refusals import Missing, Refused


def queue(db: Database, actor: Actor, now: datetime, asset: AssetId, piece: int = 0) -> None:
    """Queue the file of a cut, or of one piece of it, from 1; one that waits is tried at once.

    A failure of it is put aside. Raises Missing, and Refused for what is no cut.
    """
    if not actor.may(Right.PREPARE):
        raise Refused(message="You may not make files of cuts.")
    with db.write() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        if row.cut_of is None:
            raise Refused(message=f"{row.title} is a whole file. Download it as it is.")
        jobs = find.jobs.of_asset(session, JobKind.EXPORT, asset)
        same = [job for job in jobs if job.what.get("piece", 0) == piece]
        if any(_is_open(job) for job in same):
            return
        for job in same:
            if job.state == JobState.FAILED.value:
                job.state, job.cancelled_by = JobState.CANCELLED.value, actor.name
        what = {"piece": piece}
        queue_job(session, JobKind.EXPORT, now, asset=asset, by=actor.name, what=what)


def _is_open(job: JobRow) -> bool:
    """Tell whether a job waits or is worked on; one that waits for its next try waits no longer."""
    if job.state == JobState.WAITING.value:
        job.not_before = None
    return job.state in (JobState.WAITING.value, JobState.WORKING.value)
