"""The table of where files are, kept by whoever moves one: server, broadcast machines, archive."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from config.names import AssetKey
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import CopyRow, RestingRow
from scheduler.domain.library.copies import LEAST_COPIES, LEAVES_WITHIN, Copy, may_let_go


def note(
    session: Session,
    key: AssetKey,
    place: str,
    size: int,
    now: datetime,
    *,
    verified: datetime | None = None,
) -> None:
    """Store that the file of `size` bytes is at `place`; `verified` is when it was hashed there."""
    row = session.get(CopyRow, (key, place))
    if row is None:
        row = CopyRow(key=key, place=place, size=size, since=now)
        session.add(row)
    row.size, row.leaving = size, None
    row.verified = verified or row.verified


def forget(session: Session, key: AssetKey, place: str) -> None:
    """Store that the file is no longer at `place`."""
    row = session.get(CopyRow, (key, place))
    if row is not None:
        session.delete(row)


def distrust(session: Session, key: AssetKey, place: str, now: datetime) -> None:
    """Count no more on a copy whose bytes are wrong. Its row stays: the bytes are still there, and
    a disposal removes them too. It says since when they are known to be wrong.
    """
    row = session.get(CopyRow, (key, place))
    if row is not None:
        row.leaving, row.verified = row.leaving or now, None


def copies_of(session: Session, keys: Iterable[str]) -> dict[AssetKey, tuple[Copy, ...]]:
    """Return every place of each of these files; a file that is nowhere is left out."""
    places: dict[AssetKey, tuple[Copy, ...]] = {}
    for row in find.recordings.copies(session, keys):
        copy = load.recordings.copy(row)
        places[copy.key] = (*places.get(copy.key, ()), copy)
    return places


def renew(session: Session, place: str, here: Mapping[AssetKey, int], now: datetime) -> None:
    """Bring the table in line with all that is at `place`: size in bytes by key."""
    known = {row.key: row for row in find.recordings.copies_at(session, place)}
    for key, row in known.items():
        if key not in here:
            session.delete(row)
        elif row.leaving is not None and now - row.leaving > LEAVES_WITHIN:
            row.leaving = None
    for key, size in here.items():
        if key not in known:
            session.add(CopyRow(key=key, place=place, size=size, since=now))


def let_go(session: Session, key: AssetKey, place: str, now: datetime) -> bool:
    """Return whether the machine at `place` may delete its copy, and count on it no longer if so.

    Call it in a transaction that writes: of two machines that ask at once, the second finds the
    first one leaving.
    """
    places = copies_of(session, [key]).get(key, ())
    is_recording = find.recordings.of_key(session, key) is not None
    released = find.keeping.is_let_go(session, key) or _was_not_kept(session, key)
    rests = session.get(RestingRow, key) is not None
    if not may_let_go(places, place, is_recording=is_recording, is_released=released, rests=rests):
        return False
    row = session.get(CopyRow, (key, place))
    if row is not None:
        row.leaving = now
    return True


def _was_not_kept(session: Session, key: AssetKey) -> bool:
    """Return whether a better recording of the same airing was kept, and has copies enough."""
    better = find.recordings.kept_instead_of(session, key)
    asset = session.get(AssetRow, better.asset_id) if better is not None else None
    if better is None or better.here is None or asset is None or asset.key is None:
        return False
    if find.plan.asset_by_key(session, key) is not None:
        return False  # a cut was made of it
    places = copies_of(session, [asset.key]).get(AssetKey(asset.key), ())
    return len({one.place for one in places if one.leaving is None}) >= LEAST_COPIES
