"""Jobs as several actions queue and close them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.plan import JobRow
from scheduler.domain.model.ids import JobId
from scheduler.domain.model.job import JobKind, JobState
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id


def queue_job(
    session: Session,
    kind: JobKind,
    now: datetime,
    *,
    asset: str | None = None,
    upload: str = "",
    name: str = "",
    by: str = "",
    what: Mapping[str, Any] | None = None,
    id: str = "",
) -> JobId:
    """Queue a job; `what` is a small JSON object for its handler."""
    row = JobRow(
        id=id or new_id(),
        kind=kind.value,
        asset_id=asset,
        upload=upload,
        name=one_line(name)[:400],
        by_name=by,
        state=JobState.WAITING.value,
        created=now,
        what=dict(what or {}),
    )
    session.add(row)
    session.flush()
    return JobId(row.id)


def queue_once(
    session: Session,
    kind: JobKind,
    now: datetime,
    *,
    asset: str | None = None,
    by: str = "",
    what: Mapping[str, Any] | None = None,
) -> JobId:
    """Queue a job for a file, unless one of its kind already waits or is worked on."""
    known = find.jobs.open_job(session, kind, asset)
    if known is not None:
        return JobId(known.id)
    return queue_job(session, kind, now, asset=asset, by=by, what=what)


def job_to_close(session: Session, job: JobId) -> JobRow | None:
    """Return the job, locked; None unless it is worked on: its result then comes too late."""
    row = session.get(JobRow, job, with_for_update=True)
    return row if row is not None and row.state == JobState.WORKING.value else None


def close_job(row: JobRow, now: datetime, state: JobState, words: str) -> None:
    """Store that a job is over, with its result in words."""
    row.state, row.progress, row.finished = state.value, 1.0, now
    row.step, row.not_before = words[:200], None
