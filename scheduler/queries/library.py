"""The media library: every file with its verdict, its use, and the progress of its check."""

from dataclasses import dataclass

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobState
from scheduler.refusals import Missing


@dataclass(frozen=True)
class LibraryEntry:
    """A file as the library shows it."""

    asset: Asset
    job: Job | None
    """Its check, while that waits, runs or has failed."""
    fills: tuple[ChannelId, ...]
    """The channels whose gaps it may fill."""
    caption_job: Job | None = None
    """The reading of its captions, while that waits, runs or has failed."""


def library(db: Database, *, archived: bool = False) -> tuple[LibraryEntry, ...]:
    """Return every file, the newest first."""
    with db.read() as session:
        rows = find.plan.assets(session, archived=archived)
        ids = [row.id for row in rows]
        jobs = find.jobs.jobs_of_assets(session, ids)
        readings = find.jobs.jobs_of_assets(session, ids, captions=True)
        return tuple(_entry(session, row, jobs.get(row.id), readings.get(row.id)) for row in rows)


def entry(db: Database, asset: AssetId) -> LibraryEntry:
    """Return one file. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        job = find.jobs.jobs_of_assets(session, [asset]).get(asset)
        reading = find.jobs.jobs_of_assets(session, [asset], captions=True).get(asset)
        return _entry(session, row, job, reading)


def thumbnail(db: Database, asset: AssetId) -> bytes | None:
    """Return the small picture of a file as JPEG; None while it has none."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        return row.thumbnail if row is not None else None


def _entry(
    session: Session, row: AssetRow, job: JobRow | None, reading: JobRow | None
) -> LibraryEntry:
    return LibraryEntry(
        asset=load.plan.asset(row),
        job=_open(job, row),
        caption_job=_open(reading, row),
        fills=tuple(ChannelId(slug) for slug in find.plan.filler_of_asset(session, row.id)),
    )


def _open(job: JobRow | None, row: AssetRow) -> Job | None:
    if job is None or job.state in (JobState.DONE.value, JobState.CANCELLED.value):
        return None
    return load.plan.job(job, row.original_name)
