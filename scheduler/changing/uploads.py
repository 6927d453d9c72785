"""New files of the library, as uploads and watch folders add them."""

from collections.abc import Mapping
from typing import Any

from scheduler.changing.jobs import queue_job
from scheduler.changing.transaction import UnitOfWork
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id


def add_upload(
    work: UnitOfWork,
    upload: str,
    original_name: str,
    title: str,
    *,
    id: str = "",
    what: Mapping[str, Any] | None = None,
) -> AssetRow:
    """Add an uploaded file to the library in the actor's name, and queue its check.

    `upload` is its path below the uploads folder; `what` is for the job.
    """
    row = AssetRow(
        id=id or new_id(),
        title=title,
        original_name=one_line(original_name)[:400],
        state=AssetState.WAITING.value,
        summary="Waiting to be checked.",
        problems=[],
        facts={},
        uploaded=work.now,
        uploaded_by=work.actor.name,
    )
    work.add(row)
    queue_job(
        work.session, JobKind.FILE, work.now, asset=row.id, upload=upload, by=work.actor.name,
        what=what,
    )  # fmt: skip
    work.about("asset", row.id, f"Uploaded {title}")
    return row
