"""Actions on jobs: of the workers of the scheduler process, and of staff, who cancel and try again.

A worker names the try that it is doing (`Job.tries`). What it reports of an earlier try, after
another worker took the job, is ignored.
"""

from collections.abc import Collection
from datetime import datetime

from scheduler.changing.jobs import close_job
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import JobId
from scheduler.domain.model.job import (
    ASKED_IN_A_ROW,
    HISTORY_KEPT_FOR,
    KILLED,
    MOST_KILLS,
    MOST_TRIES,
    Job,
    JobKind,
    JobState,
    Lane,
    is_turn_of_asked,
    kinds_of,
    pause_after,
)
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Right
from scheduler.refusals import Refused

FIRST_STEPS = {JobKind.FILE: "Checking the file", JobKind.CAPTION_FILE: "Reading captions",
               JobKind.CAPTIONS_INSIDE: "Reading captions"}  # fmt: skip


def claim(
    db: Database, now: datetime, kinds: Collection[JobKind] = kinds_of(Lane.CHECK)
) -> Job | None:
    """Take the next waiting job of these kinds, and count the try; None when there is none.

    What people asked for comes first, without starving the rest; of each the oldest.
    """
    with db.write() as session:
        asked = is_turn_of_asked(find.jobs.last_begun(session, kinds, ASKED_IN_A_ROW))
        row = find.jobs.waiting_job(session, kinds, now, asked_first=asked)
        if row is None:
            return None
        asset = session.get(AssetRow, row.asset_id) if row.asset_id else None
        row.state, row.started, row.progress = JobState.WORKING.value, now, 0.0
        row.tries, row.not_before = row.tries + 1, None
        row.step = FIRST_STEPS.get(JobKind(row.kind), "Beginning")
        if row.kind == JobKind.FILE.value and asset is not None:
            asset.state, asset.summary = AssetState.CHECKING.value, "Being checked."
        return load.plan.job(row, asset.original_name if asset else "")


def reclaim(db: Database, now: datetime) -> int:
    """Queue again what a dead process left unfinished; return how many jobs.

    A job that was being done when the process died for the third time counts as failed.
    """
    with db.write() as session:
        left = find.jobs.jobs(session, [JobState.WORKING])
        ids = [JobId(row.id) for row in left]
        killers = []
        for row in left:
            row.kills += 1
            if row.kills >= MOST_KILLS:
                killers.append(JobId(row.id))
                continue
            row.state, row.progress = JobState.WAITING.value, 0.0
    for id in killers:
        _give_up(db, now, id, KILLED)
    return len(ids)


def progress(db: Database, job: Job, share: float, step: str) -> bool:
    """Store the progress of a job, from 0 to 1, and its present step in words.

    Return False when the worker must stop: staff cancelled the job, or it is another's by now.
    """
    with db.write() as session:
        row = _mine(session, job)
        if row is None or row.cancelled_by:
            return False
        row.progress, row.step = max(0.0, min(1.0, share)), step[:200]
        return True


def finish(db: Database, now: datetime, job: Job) -> None:
    """Store that a job is done, unless its handler has stored its own result."""
    with db.write() as session:
        row = _mine(session, job)
        if row is not None:
            close_job(row, now, JobState.DONE, row.step if row.note else "Done.")


def put_back(db: Database, now: datetime, job: Job) -> None:
    """Store that a job was left unfinished: cancelled, or to be begun again, uncounted."""
    with db.write() as session:
        row = _mine(session, job)
        if row is None:
            return
        if row.cancelled_by:
            _cancel(session, row, now)
            return
        row.state, row.progress = JobState.WAITING.value, 0.0
        row.tries = max(0, row.tries - 1)


def fail(db: Database, now: datetime, job: Job, sentence: str, *, retry: bool) -> None:
    """Store why a try failed. With `retry` it is tried again later, up to `MOST_TRIES` times."""
    if not retry or job.tries >= MOST_TRIES:
        _give_up(db, now, job.id, sentence, job.tries)
        return
    with db.write() as session:
        row = _mine(session, job)
        if row is None:
            return
        row.state, row.progress = JobState.WAITING.value, 0.0
        row.note = row.step = sentence[:200]
        row.not_before = now + pause_after(job.tries)
        asset = _checked_file(session, row)
        if asset is not None:
            asset.state, asset.summary = AssetState.WAITING.value, f"{sentence} It is tried again."


def cancel(db: Database, actor: Actor, now: datetime, job: JobId) -> None:
    """Cancel a job; one that is worked on stops at its next report of progress.

    Raises Missing, and Refused when it is over.
    """
    with changing(db, actor, now, Right.PREPARE, "cancel") as work:
        row = work.get(JobRow, job, "job")
        if row.state not in (JobState.WAITING.value, JobState.WORKING.value):
            raise Refused(message="This job is over already.")
        row.cancelled_by = actor.name
        if row.state == JobState.WAITING.value:
            _cancel(work.session, row, now)
        work.about("job", row.id, f"Canceled {_words(work, row)}")


def try_again(db: Database, actor: Actor, now: datetime, job: JobId) -> None:
    """Begin a job again that failed or was cancelled, or at once one that waits for its next try.

    Raises Missing, and Refused when it is done, or when what it would read is gone.
    """
    with changing(db, actor, now, Right.PREPARE, "retry") as work:
        row = work.get(JobRow, job, "job")
        if row.state in (JobState.DONE.value, JobState.WORKING.value):
            raise Refused(message="This job is done, or worked on now.")
        if not load.plan.job(row).repeatable:
            raise Refused(message="The uploaded file is gone; upload it again.")
        row.state, row.tries, row.kills = JobState.WAITING.value, 0, 0
        row.not_before = row.finished = None
        row.note = row.step = row.cancelled_by = ""
        row.progress = 0.0
        asset = _checked_file(work.session, row)
        if asset is not None:
            asset.state, asset.summary = AssetState.WAITING.value, "Waiting to be checked."
        work.about("job", row.id, f"Began {_words(work, row)} again")


def put_aside(db: Database, actor: Actor, now: datetime, job: JobId) -> None:
    """Take a failed job from the list of failures. Raises Missing, and Refused unless it failed."""
    with changing(db, actor, now, Right.PREPARE, "put aside") as work:
        row = work.get(JobRow, job, "job")
        if row.state != JobState.FAILED.value:
            raise Refused(message="This job has not failed, or is begun again already.")
        row.state, row.cancelled_by = JobState.CANCELLED.value, actor.name
        work.about("job", row.id, f"Put aside {_words(work, row)}")


def forget_old(db: Database, now: datetime) -> int:
    """Delete jobs that have been over for `HISTORY_KEPT_FOR`; return how many."""
    with db.write() as session:
        return find.jobs.prune(session, now - HISTORY_KEPT_FOR)


def uploads_needed(db: Database) -> frozenset[str]:
    """Return the names of uploads that a job has yet to read, or would read if tried again."""
    with db.read() as session:
        return frozenset(find.jobs.uploads_needed(session))


def _mine(session: Session, job: Job) -> JobRow | None:
    """Return the row of a job while this try of it is the present one."""
    row = session.get(JobRow, job.id, with_for_update=True)
    mine = row is not None and row.state == JobState.WORKING.value and row.tries == job.tries
    return row if mine else None


def _give_up(db: Database, now: datetime, job: JobId, sentence: str, tries: int = 0) -> None:
    """Store that a job failed for good. The file that it checked is refused, and may be tried
    again by staff. With `tries`, only while that try is the present one.
    """
    with changing(db, SYSTEM_ACTOR, now, Right.PREPARE, "check") as work:
        row = work.session.get(JobRow, job, with_for_update=True)
        if row is None or row.state != JobState.WORKING.value or tries not in (0, row.tries):
            return
        row.note = sentence[:400]
        close_job(row, now, JobState.FAILED, sentence)
        asset = _checked_file(work.session, row)
        if asset is not None:
            work.watch(asset)
            asset.state, asset.summary = AssetState.REFUSED.value, sentence
            work.about("check", asset.id, f"{asset.title} could not be checked")


def _cancel(session: Session, row: JobRow, now: datetime) -> None:
    close_job(row, now, JobState.CANCELLED, f"Canceled by {row.cancelled_by}.")
    asset = _checked_file(session, row)
    if asset is not None:
        asset.state = AssetState.REFUSED.value
        asset.summary = f"{row.cancelled_by} canceled its check."


def _checked_file(session: Session, row: JobRow) -> AssetRow | None:
    """Return the file that a job checks; None for a job of another kind."""
    if row.kind != JobKind.FILE.value or row.asset_id is None:
        return None
    return session.get(AssetRow, row.asset_id)


def _words(work: UnitOfWork, row: JobRow) -> str:
    asset = work.session.get(AssetRow, row.asset_id) if row.asset_id else None
    of = f" of {asset.title}" if asset else f" {row.name}".rstrip()
    return f"the job “{row.kind}”{of}"
