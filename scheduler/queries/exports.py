"""The files that may be made of a cut, and the jobs that make them."""

from dataclasses import dataclass
from datetime import date

from media.export import Export
from scheduler.db import find, load
from scheduler.db.search_index import first_details, station_zone
from scheduler.db.store import Database, Session
from scheduler.db.tables.details import DetailsRow
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.library.exporting import export_of
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobKind
from scheduler.refusals import Missing


@dataclass(frozen=True)
class CutFile:
    """A file that may be made of a cut."""

    piece: int
    """Its number, from 1; 0 for the whole cut."""
    export: Export
    job: Job | None
    """The latest job that makes it, of whatever state."""


def files_of(db: Database, asset: AssetId) -> tuple[CutFile, ...]:
    """Return the whole cut, and each of its pieces where it has several; nothing of what is no
    cut. Raises Missing.
    """
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        cut, day = load.plan.asset(row), _day(session, row)
        pieces = len(cut.media.pieces) if cut.media is not None else 0
        jobs = {
            int(one.what.get("piece", 0)): load.plan.job(one, row.original_name)
            for one in reversed(find.jobs.of_asset(session, JobKind.EXPORT, asset))
        }
        numbers = range(pieces + 1) if pieces > 1 else (0,)
        exports = ((number, export_of(cut, day, number)) for number in numbers)
        return tuple(
            CutFile(number, export, jobs.get(number)) for number, export in exports if export
        )


def file_of(db: Database, asset: AssetId, piece: int) -> CutFile | None:
    """Return one of them; None where the cut has none of that number. Raises Missing."""
    return next((one for one in files_of(db, asset) if one.piece == piece), None)


def cuts_here(db: Database) -> frozenset[str]:
    """Return every cut that may air, also those that were retired."""
    with db.read() as session:
        return frozenset(find.films.cuts(session))


def _day(session: Session, row: AssetRow) -> date | None:
    """Return the day of a cut, else that of its file."""
    own = session.get(DetailsRow, row.id)
    if own is not None and own.day is not None or row.cut_of is None:
        return own.day if own is not None else None
    zone = station_zone(session)
    recording = session.get(RecordingRow, row.cut_of)
    whole = session.get(DetailsRow, row.cut_of) or first_details(recording, zone)
    return whole.day
