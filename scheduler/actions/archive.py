"""Changes of the second store, as its worker makes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.names import AssetKey
from scheduler.changing import copies
from scheduler.changing.jobs import queue_once
from scheduler.db.store import Database
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind


def queue(db: Database, kind: JobKind, assets: Iterable[AssetId], now: datetime) -> None:
    """Queue the copy, the rest or the return of these files, each once, in this order."""
    with db.write() as session:
        for place, asset in enumerate(assets):
            # Jobs are done in the order in which they were queued.
            queue_once(session, kind, now + timedelta(microseconds=place), asset=asset)


def note_copy(db: Database, key: AssetKey, place: str, size: int, now: datetime) -> None:
    """Store that a file is at a place, where its bytes were hashed just now."""
    with db.write() as session:
        copies.note(session, key, place, size, now, verified=now)


def forget_copy(db: Database, key: AssetKey, place: str) -> None:
    """Store that a file is no longer at a place."""
    with db.write() as session:
        copies.forget(session, key, place)


def distrust_copy(db: Database, key: AssetKey, place: str, now: datetime) -> None:
    """Store that the bytes of a copy are wrong, so that it counts no more until it is replaced."""
    with db.write() as session:
        copies.distrust(session, key, place, now)
