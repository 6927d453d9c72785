"""The details of a file, opened to be changed."""

from collections.abc import Sequence

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find
from scheduler.db.search_index import first_details, station_zone
from scheduler.db.tables.details import DetailsRow
from scheduler.db.tables.recordings import RecordingRow


def open_details(work: UnitOfWork, asset: str) -> DetailsRow:
    """Return the row of a file's details, watched; make one where there is none.

    The new row is no part of the change, so that undo gives back what it says: nothing, or of a
    recording what its meeting said.
    """
    if work.session.get(DetailsRow, asset) is None:
        recording = work.session.get(RecordingRow, asset)
        row = first_details(recording, station_zone(work.session))
        row.asset_id = asset
        work.session.add(row)
        work.session.flush()
    return work.get(DetailsRow, asset, "file")


def open_all_details(work: UnitOfWork, assets: Sequence[str]) -> dict[str, DetailsRow]:
    """Return the rows of the details of many files, watched, as `open_details` does of one."""
    session = work.session
    rows = find.titles.details_of(session, assets)
    missing = [asset for asset in assets if asset not in rows]
    recordings, zone = find.titles.recordings_of(session, missing), station_zone(session)
    for asset in missing:
        row = first_details(recordings.get(asset), zone)
        row.asset_id = asset
        session.add(row)
        rows[asset] = row
    session.flush()
    for row in rows.values():
        work.watch(row)
    return rows
