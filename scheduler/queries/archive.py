"""Reads of the second store: what is to be copied there, brought back, or removed."""

from datetime import datetime, timedelta

from config.clock_steps import elapsed
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.archiving import archive_due, pause_after
from scheduler.domain.library.copies import SECOND_STORE, SERVER
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind
from scheduler.reading import keeping
from scheduler.reading.keeping import StoredBytes
from scheduler.refusals import Missing


def stored_files(db: Database, asset: AssetId) -> tuple[StoredBytes, ...]:
    """Return the stored files of a library entry. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        return keeping.bytes_of(session, row)


def due(db: Database, now: datetime, after: timedelta, most: int) -> tuple[AssetId, ...]:
    """Return files to copy, to verify again or to bring back, those that the server lacks first.

    One that was tried a short while ago waits, so that it keeps no other file from its turn.
    """
    with db.read() as session:
        rows = find.keeping.archivable(session)
        places = {
            place: {row.key: row for row in find.recordings.copies_at(session, place)}
            for place in (SERVER, SECOND_STORE)
        }
        known = keeping.classes(session)
        recorded = find.keeping.recorded_ids(session)
        aired = find.keeping.last_aired(session)
        rests = {row.key for row in find.recordings.resting(session)}
        tried = find.keeping.tried_at(session, JobKind.ARCHIVE)
        lost, waiting = list[AssetId](), list[AssetId]()
        for id, key, retention, uploaded in rows:
            copy = places[SECOND_STORE].get(key)
            damaged = copy.leaving if copy is not None and key not in places[SERVER] else None
            if id in tried and elapsed(tried[id], now) < pause_after(damaged, now):
                continue
            is_here = key in places[SERVER] or key in rests
            if copy is not None and places[SERVER] and not is_here:
                lost.append(AssetId(id))
                continue
            kept = known.of_kind(retention, is_recording=id in recorded)
            needed = max(uploaded, aired.get(key, uploaded))
            if archive_due(kept, needed, copy.verified if copy else None, now, after):
                waiting.append(AssetId(id))
        return tuple([*lost, *waiting][:most])


def released(db: Database) -> tuple[StoredBytes, ...]:
    """Return what the second store still holds of the bytes that were let go for good."""
    with db.read() as session:
        held = {row.key for row in find.recordings.copies_at(session, SECOND_STORE)}
        return tuple(
            StoredBytes(row.key, row.suffix)
            for row in find.keeping.let_go_in(session, held)
            if find.keeping.is_let_go(session, row.key)
        )
