"""Changes of what rests in the archive: the server lets its copy go, or has it again.

Row and bytes change in one transaction that no other change passes, so whoever plans a file comes
before it, and the file stays, or after it, and the file comes back. The bytes go before the
transaction ends: on a full disk the row may be refused, and the file then counts as lost and is
brought back, which costs time and loses nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from config.names import AssetKey
from media.store import MediaStore
from scheduler.changing import copies
from scheduler.db import find
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import JobRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.copies import SECOND_STORE, SERVER
from scheduler.domain.model.ids import JobId
from scheduler.reading import resting
from scheduler.reading.keeping import StoredBytes

ADDED_BEFORE = timedelta(hours=1)
"""Bytes that were added or touched within this time stay: a check may be about to name them."""


def let_rest(
    db: Database, store: MediaStore, one: StoredBytes, size: int, now: datetime, after: timedelta
) -> str:
    """Let the server's copy of a file go. Return why it stays, as a sentence, or "".

    The caller has just hashed the archive's copy. Raises MediaError where the disk refuses.
    """
    with db.change() as session:
        if session.get(RestingRow, one.key) is not None:
            return ""
        if why := resting.why_it_stays(session, one.key, now, after):
            return why
        copies.forget(session, AssetKey(one.key), SERVER)
        session.add(RestingRow(key=one.key, suffix=one.suffix, size=size, since=now, wanted=None))
        session.flush()
        if not store.discard(AssetKey(one.key), before=now - ADDED_BEFORE):
            session.rollback()
            return "It was added again just now."
    return ""


def want(db: Database, key: AssetKey, now: datetime) -> bool:
    """Ask for a file that rests; return whether it does. It comes back with the next look."""
    with db.write() as session:
        row = session.get(RestingRow, key)
        if row is None:
            return False
        row.wanted = row.wanted or now
    return True


def came_back(db: Database, key: AssetKey, size: int, now: datetime) -> None:
    """Store that the server has a file again, whose bytes were hashed just now."""
    with db.write() as session:
        copies.forget(session, key, SERVER)
        copies.note(session, key, SERVER, size, now, verified=now)
        _forget(session, key)


def note_pace(db: Database, job: JobId, pace: int) -> None:
    """Store at how many bytes a second a job brought its file back."""
    with db.write() as session:
        row = session.get(JobRow, job)
        if row is not None:
            row.what = {**row.what, "pace": pace}


def is_damaged(db: Database, key: AssetKey, now: datetime) -> None:
    """Store that the archive's copy of a resting file is damaged, so that it rests no more: a
    machine that still holds the recording is asked for it.
    """
    with db.write() as session:
        copies.distrust(session, key, SECOND_STORE, now)
        _forget(session, key)


def forget(db: Database, key: AssetKey) -> None:
    """Let a file rest no more that the archive does not have."""
    with db.write() as session:
        _forget(session, key)


def wake(db: Database, here: Collection[AssetKey]) -> int:
    """Let files that the store has after all, as after a restore, rest no more; return how many."""
    with db.write() as session:
        found = [row for row in find.recordings.resting(session) if AssetKey(row.key) in here]
        for row in found:
            session.delete(row)
    return len(found)


def _forget(session: Session, key: AssetKey) -> None:
    row = session.get(RestingRow, key)
    if row is not None:
        session.delete(row)
