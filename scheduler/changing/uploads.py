"""New files of the library, as uploads and watch folders add them."""

from collections.abc import Mapping
from typing import Any

from scheduler.changing.details import open_details
from scheduler.changing.jobs import queue_job
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import load
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.details import Details, tidied
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
    given: Details | None = None,
) -> AssetRow:
    """Add an uploaded file to the library in the actor's name, and queue its check.

    `upload` is its path below the uploads folder; `what` is for the job; `given` is what is known
    of the file already.
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
    if given is not None and given != Details():
        load.details.fill_details(open_details(work, row.id), tidied(given))
    work.about("asset", row.id, f"Uploaded {title}")
    return row
