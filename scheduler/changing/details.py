"""The details of a file, opened to be changed."""

from scheduler.changing.transaction import UnitOfWork
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
