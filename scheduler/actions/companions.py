"""The queue of companions, which nobody needs to ask for."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.changing.jobs import queue_job, queue_once
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind

COPIED = "copied"
"""In the JSON of the job: a small copy is made also where browsers play the film."""


def queue_copied(db: Database, now: datetime, asset: AssetId) -> bool:
    """Queue a small copy of a film that is to rest in the archive. Return False where the last
    making failed or was cancelled: it would fail again.
    """
    with db.write() as session:
        if asset in find.jobs.assets_not_done(session, JobKind.COMPANION):
            return find.jobs.open_job(session, JobKind.COMPANION, asset) is not None
        queue_once(session, JobKind.COMPANION, now, asset=asset, what={COPIED: True})
    return True


def left_alone(db: Database) -> frozenset[str]:
    """Return the files whose making waits, runs, failed or was cancelled."""
    with db.read() as session:
        return find.jobs.assets_not_done(session, JobKind.COMPANION)


def queue(db: Database, now: datetime, assets: Sequence[AssetId], most: int) -> int:
    """Queue up to `most` of these files; return how many. Those whose making waits, runs, failed or
    was cancelled are left alone: staff may try it again on the page Jobs.
    """
    if not assets:
        return 0
    with db.write() as session:
        left = find.jobs.assets_not_done(session, JobKind.COMPANION)
        wanted = [asset for asset in assets if asset not in left][:most]
        for asset in wanted:
            queue_job(session, JobKind.COMPANION, now, asset=asset)
        return len(wanted)
