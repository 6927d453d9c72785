"""The files that are to come back from the archive, in order, and when each will be there."""

from collections.abc import Collection, Mapping
from datetime import datetime

from config.names import AssetKey
from scheduler.db import find
from scheduler.db.find.uses import Uses
from scheduler.db.store import Session
from scheduler.db.tables.plan import JobRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.keeping import FileUse
from scheduler.domain.library.pace import ARCHIVE_AWAY_AFTER, ARCHIVE_PLACE
from scheduler.domain.library.resting import RETURNS_AHEAD, needed_within
from scheduler.domain.library.returning import (
    ASSUMED_PACE,
    ReturnOutlook,
    WaitingReturn,
    foreseen,
    in_order,
    urgency,
)
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobState

AWAY = "The archive is away."


def due_to_return(session: Session, now: datetime) -> list[AssetId]:
    """Return the files of the library that are to come back, the most urgent first: what rests, and
    what the server lost.
    """
    rows, lost = find.recordings.resting(session), find.recordings.lost_in_backup(session)
    holders = find.recordings.resting_holders(session) if rows else {}
    due = _due(session, rows, holders, now) if rows else []
    due += _lost(session, lost, now) if lost else []
    ids = {key: its[0] for key, its in holders.items()} | {key: id for id, key, _ in lost}
    return list(dict.fromkeys(AssetId(ids[one.key]) for one in in_order(due)))


def _lost(
    session: Session, lost: Collection[tuple[str, str, int]], now: datetime
) -> list[WaitingReturn]:
    """Return when each of these files (id, key, size) is needed. All of them are to come back."""
    uses = find.uses.uses(session, now)
    found = []
    for id, key, size in lost:
        airs = min((use.at for use in uses.get(id, ()) if use.at is not None), default=None)
        found.append(WaitingReturn(AssetKey(key), size, urgency(airs, None, now)))
    return found


def outlooks(
    session: Session, keys: Collection[str | None], now: datetime
) -> Mapping[AssetKey, ReturnOutlook]:
    """Return what is known of the return of those of these files that rest."""
    asked = find.recordings.resting_among(session, keys)
    if not asked:
        return {}
    rows = find.recordings.resting(session)
    holders = find.recordings.resting_holders(session)
    due = {one.key: one for one in _due(session, rows, holders, now)}
    others = [_waiting(row, now + RETURNS_AHEAD, None) for row in rows if row.key in asked - {*due}]
    pace = find.jobs.return_pace(session) or ASSUMED_PACE
    ready = foreseen([*due.values(), *others], pace, now)
    jobs, away = find.jobs.open_returns(session), _is_away(session, now)
    return {
        AssetKey(key): ReturnOutlook(
            ready[AssetKey(key)],
            _hindrance(_job_of(holders.get(key, ()), jobs), away),
            is_due=key in due,
        )
        for key in asked
    }


def _due(
    session: Session,
    rows: Collection[RestingRow],
    holders: Mapping[str, list[str]],
    now: datetime,
) -> list[WaitingReturn]:
    """Return those of the resting files that are needed soon, or that somebody asked for."""
    uses = find.uses.uses(session, now)
    published = find.keeping.published_keys(session)
    jobs = find.jobs.open_returns(session)
    found = []
    for row in rows:
        ids = holders.get(row.key, [])
        soon = [use for id in ids for use in _soon(uses, id, now)]
        if ids and (row.wanted is not None or soon or row.key in published):
            airs = min((use.at for use in soon if use.at is not None), default=None)
            needed = urgency(airs, row.wanted, now)
            found.append(_waiting(row, needed, _job_of(ids, jobs)))
    return found


def _soon(uses: Uses, id: str, now: datetime) -> list[FileUse]:
    return [use for use in uses.get(id, ()) if needed_within([use], now, RETURNS_AHEAD)]


def _waiting(row: RestingRow, needed: datetime, job: JobRow | None) -> WaitingReturn:
    is_working = job is not None and job.state == JobState.WORKING.value
    share = job.progress if job is not None and is_working else 0.0
    return WaitingReturn(AssetKey(row.key), int(row.size * (1 - share)), needed, is_working)


def _job_of(ids: Collection[str], jobs: Mapping[str, JobRow]) -> JobRow | None:
    return next((jobs[id] for id in ids if id in jobs), None)


def _hindrance(job: JobRow | None, is_away: bool) -> str:
    """Return why a file does not come: the reason of the last try, or an archive that is away."""
    if job is not None and job.state == JobState.WORKING.value:
        return ""
    if job is not None and job.note:
        return job.note
    return AWAY if is_away else ""


def _is_away(session: Session, now: datetime) -> bool:
    seen = find.disks.disk_read(session, ARCHIVE_PLACE, now)
    return seen is None or now - seen > ARCHIVE_AWAY_AFTER
