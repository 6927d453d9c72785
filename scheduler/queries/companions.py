"""The films of the library, and the job that makes what pages show of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.names import AssetKey
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobKind, JobState


@dataclass(frozen=True)
class Film:
    """A film of the library that may air, by its bytes."""

    id: AssetId
    key: AssetKey


def films(db: Database) -> tuple[Film, ...]:
    """Return every file that may air and has a length, retired ones too; oldest first."""
    with db.read() as session:
        rows = find.films.films(session)
        return tuple(Film(AssetId(id), AssetKey(key)) for id, key in rows)


def suffixes(db: Database, films: Sequence[Film]) -> dict[AssetId, str]:
    """Return the suffixes of the files of these films, by id."""
    with db.read() as session:
        found = find.films.suffixes(session, [film.id for film in films])
        return {AssetId(id): suffix for id, suffix in found.items()}


def open_job(db: Database, asset: AssetId) -> Job | None:
    """Return the making for one file while it waits, runs or has failed."""
    with db.read() as session:
        job = find.jobs.latest(session, JobKind.COMPANION, asset)
        row = session.get(AssetRow, asset)
        if job is None or row is None or job.state == JobState.DONE.value:
            return None
        return load.plan.job(job, row.original_name)
