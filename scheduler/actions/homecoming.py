"""Actions of broadcast machines that send recordings home, and of the worker that takes them in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.names import AssetKey
from media.caption_files import StoredCaptions
from playout.model.holdings import MOST_WANTED, HeldFile, WantedFiles
from playout.model.plan import Media
from scheduler.changing import copies
from scheduler.changing.captions import caption_entry
from scheduler.changing.jobs import close_job, job_to_close, queue_once
from scheduler.changing.transaction import UnitOfWork, all_channels, record
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.copies import BACKUP, SECOND_STORE, SERVER, machine_place
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import AssetId, JobId
from scheduler.domain.model.job import JobKind, JobState
from scheduler.domain.model.people import SYSTEM_ACTOR


@dataclass(frozen=True)
class AwaitedFile:
    """A recording that the server does not have yet."""

    asset: AssetId
    media: Media


def hold(
    db: Database, host: Host, files: Collection[HeldFile] | None, now: datetime
) -> WantedFiles:
    """Store what a machine holds, and return what the server lacks of it, the oldest first, and
    what was deleted for good.

    None for files says that nothing has changed.
    """
    place = machine_place(host.id)
    with db.write() as session:
        if files is not None:
            copies.renew(session, place, {AssetKey(one.key): one.size for one in files}, now)
            session.flush()
        lacking = [asset.key for _, asset in find.recordings.away(session) if asset.key]
        held = {row.key for row in find.recordings.copies(session, lacking) if row.place == place}
        wanted = [AssetKey(key) for key in lacking if key in held]
        released = tuple(map(AssetKey, find.recordings.released(session, place)))
    return WantedFiles(tuple(wanted[:MOST_WANTED]), released)


def let_go(db: Database, host: Host, key: AssetKey, now: datetime) -> bool:
    """Return whether a machine may delete its copy of a file; if so, it no longer counts."""
    with db.write() as session:
        return copies.let_go(session, key, machine_place(host.id), now)


def awaited(db: Database) -> tuple[AwaitedFile, ...]:
    """Return the recordings that the server does not have yet, the oldest first."""
    with db.read() as session:
        found = [load.plan.asset(asset) for _, asset in find.recordings.away(session)]
        return tuple(AwaitedFile(one.id, one.media) for one in found if one.media is not None)


def awaited_file(db: Database, key: AssetKey) -> Media | None:
    """Return the recording of this key if the server does not have it yet; else None."""
    return next((one.media for one in awaited(db) if one.media.key == key), None)


def queue_check(db: Database, now: datetime, asset: AssetId) -> None:
    """Queue the check of a recording that has come home, unless that waits already."""
    with db.write() as session:
        queue_once(session, JobKind.RECORDING, now, asset=asset)


def came_home(db: Database, now: datetime, media: Media, *, verified: bool) -> None:
    """Store that a recording is at the server; `verified` where its bytes were hashed just now."""
    with db.write() as session:
        copies.note(session, media.key, SERVER, media.size, now, verified=now if verified else None)
        row = find.recordings.of_key(session, media.key)
        if row is not None and row.here is None:
            row.here = now


def looked_at(
    db: Database,
    now: datetime,
    job: JobId,
    *,
    facts: Mapping[str, Any],
    captions: StoredCaptions | None,
    thumbnail: bytes | None,
) -> None:
    """Store what the check of a recording found. A remark of the machine that made it stays."""
    with db.change() as session:
        row = job_to_close(session, job)
        asset = session.get(AssetRow, row.asset_id, with_for_update=True) if row else None
        if row is None or asset is None:
            return
        close_job(row, now, JobState.DONE, "It is in the library.")
        work = UnitOfWork(session, SYSTEM_ACTOR, now)
        work.watch(asset)
        asset.facts, asset.captions = dict(facts), captions is not None
        if captions is not None and asset.caption_entry is None:
            load.plan.fill_captions(asset, caption_entry(captions, "", SYSTEM_ACTOR.name, now))
        asset.thumbnail, asset.has_thumbnail = thumbnail, thumbnail is not None
        words = f"{asset.title} came home and was checked"
        work.about("check", asset.id, words, *all_channels(session))
        record(work, "check")


def compare_store(db: Database, now: datetime, here: Mapping[AssetKey, int]) -> int:
    """Bring the table of copies in line with the server's store: size in bytes by key.

    A recording that is in neither the store nor the archive is awaited again from the machines that
    hold it. Return how many are. An empty store is taken for a disk that is not mounted.
    """
    if not here:
        return 0
    with db.write() as session:
        copies.renew(session, SERVER, here, now)
        session.flush()
        return _await_again(session, here)


def count_backup(db: Database, now: datetime, here: Mapping[AssetKey, int]) -> None:
    """Bring the table of copies in line with the newest good backup: size in bytes by key."""
    with db.write() as session:
        copies.renew(session, BACKUP, here, now)


def _await_again(session: Session, here: Mapping[AssetKey, int]) -> int:
    lost = [
        (row, asset.key)
        for row, asset in find.recordings.at_home(session)
        if asset.key is not None and AssetKey(asset.key) not in here
    ]
    places = copies.copies_of(session, [key for _, key in lost])
    count = 0
    for row, key in lost:
        known = places.get(AssetKey(key), ())
        if not any(one.place == SECOND_STORE and one.leaving is None for one in known):
            row.here, count = None, count + 1
    return count
