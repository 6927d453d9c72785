"""Reads of what rests in the archive, for its worker and for pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from config.clock_steps import elapsed
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.copies import LEAST_COPIES, SECOND_STORE, SERVER
from scheduler.domain.library.returning import ReturnOutlook
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind, has_come
from scheduler.reading import keeping, resting, returning
from scheduler.reading.keeping import StoredBytes
from scheduler.refusals import Missing

JUDGED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class RestingFile:
    """A file whose bytes rest in the archive."""

    bytes: StoredBytes
    size: int
    since: datetime
    wanted: datetime | None
    """When somebody asked for it; None for nobody."""


@dataclass(frozen=True)
class RestingTotal:
    """The sum of what rests."""

    files: int
    size: int
    """Bytes that the server's disk has back."""


def films_of(db: Database, asset: AssetId) -> tuple[StoredBytes, ...]:
    """Return the large files of a library entry: what airs, and the original. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        own = {row.key, str(row.facts.get("key", ""))}
        return tuple(one for one in keeping.bytes_of(session, row) if one.key in own)


def why_it_stays(db: Database, key: str, now: datetime, after: timedelta) -> str:
    """Return why the server keeps these bytes, as a sentence; empty where they may rest."""
    with db.read() as session:
        return resting.why_it_stays(session, key, now, after)


def resting_of(db: Database, keys: Iterable[str | None]) -> tuple[RestingFile, ...]:
    """Return those of these files that rest."""
    with db.read() as session:
        rows = [session.get(RestingRow, key) for key in dict.fromkeys(keys) if key]
        return tuple(
            RestingFile(StoredBytes(row.key, row.suffix), row.size, row.since, row.wanted)
            for row in rows
            if row is not None
        )


def lost_of(db: Database, asset: AssetId, now: datetime) -> tuple[RestingFile, ...]:
    """Return the files of a library entry that the server lost and a backup has. Raises Missing."""
    with db.read() as session:
        lost = {key: size for id, key, size in find.recordings.lost_in_backup(session)}
    films = films_of(db, asset)
    return tuple(RestingFile(one, lost[one.key], now, None) for one in films if one.key in lost)


def total(db: Database) -> RestingTotal:
    """Return how many files rest, and their bytes."""
    with db.read() as session:
        rows = find.recordings.resting(session)
        return RestingTotal(len(rows), sum(row.size for row in rows))


def next_to_return(db: Database, now: datetime, most: int) -> tuple[AssetId, ...]:
    """Return the files to queue so that up to `most` wait for their turn, the most urgent first.

    Few wait at a time, so that what becomes urgent tomorrow does not stand behind all of today's.
    One that waits for its next try holds up no other.
    """
    with db.read() as session:
        jobs = find.jobs.open_returns(session)
        ready = [one for one in jobs.values() if has_come(one.not_before, now)]
        if len(ready) >= most:
            return ()
        due = [one for one in returning.due_to_return(session, now) if one not in jobs]
        return tuple(due[: most - len(ready)])


def outlook(db: Database, keys: Iterable[str | None], now: datetime) -> ReturnOutlook | None:
    """Return what is known of the return of these files of one entry; None where none rests."""
    with db.read() as session:
        found = returning.outlooks(session, tuple(keys), now).values()
        return max(found, key=lambda one: (bool(one.hindrance), one.ready), default=None)


def due_to_rest(db: Database, now: datetime, after: timedelta, most: int) -> tuple[AssetId, ...]:
    """Return files that seem to be due to rest, the longest unneeded first.

    It looks at where copies are, when a file was needed last, and what needs it, but not into
    published plans: `let_rest` judges each. One that was judged within a day waits, so that what
    must stay keeps no other file from its turn.
    """
    with db.read() as session:
        there = {
            row.key
            for row in find.recordings.copies_at(session, SECOND_STORE)
            if row.verified is not None and row.leaving is None
        }
        here = {row.key: row.since for row in find.recordings.copies_at(session, SERVER)}
        places = find.recordings.count_elsewhere(session, SERVER)
        aired = find.keeping.last_aired(session)
        judged = find.keeping.tried_at(session, JobKind.REST)
        found = list[tuple[datetime, AssetId, str]]()
        for id, key, _, uploaded in find.keeping.archivable(session):
            if key not in there or key not in here or places.get(key, 0) < LEAST_COPIES:
                continue
            if id in judged and elapsed(judged[id], now) < JUDGED_AGAIN_AFTER:
                continue
            needed = max(uploaded, here[key], aired.get(key, uploaded))
            if now - needed >= after:
                found.append((needed, AssetId(id), key))
        free = resting.unneeded(session, sorted(found), now)
        return tuple(islice(free, most))
