"""Queries of recordings, and of the places where files are."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.keeping import LetGoRow
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import CopyRow, RecordingRow, RestingRow
from scheduler.db.tables.search import SearchEntryRow
from scheduler.domain.library.copies import BACKUP, SECOND_STORE, SERVER
from scheduler.domain.model.asset import AssetState

MOST_RELEASED = 100


def of_airing(session: Session, airing: str) -> RecordingRow | None:
    """Return the recording of an airing; None for none."""
    return session.scalars(select(RecordingRow).where(RecordingRow.airing_id == airing)).first()


def of_airings(session: Session, airings: Iterable[str | None]) -> dict[str, RecordingRow]:
    """Return the recordings of these airings, by airing."""
    wanted = {airing for airing in airings if airing}
    if not wanted:
        return {}
    rows = session.scalars(select(RecordingRow).where(RecordingRow.airing_id.in_(wanted)))
    return {row.airing_id: row for row in rows}


def of_assets(session: Session, assets: Iterable[str]) -> dict[str, RecordingRow]:
    """Return what only a recording has, by file of the library; uploads are left out."""
    wanted = set(assets)
    if not wanted:
        return {}
    rows = session.scalars(select(RecordingRow).where(RecordingRow.asset_id.in_(wanted)))
    return {row.asset_id: row for row in rows}


def known_airings(session: Session, channel: ChannelId, since: datetime) -> Sequence[str]:
    """Return the airings of the channel recorded since then that the library has a recording of."""
    question = select(RecordingRow.airing_id).where(
        RecordingRow.began > since, RecordingRow.channel_id == channel
    )
    return session.scalars(question.order_by(RecordingRow.airing_id)).all()


def of_key(session: Session, key: str) -> RecordingRow | None:
    """Return the recording whose bytes have this key; None for any other file."""
    question = select(RecordingRow).join(AssetRow, AssetRow.id == RecordingRow.asset_id)
    return session.scalars(question.where(AssetRow.key == key).limit(1)).first()


def away(session: Session) -> Sequence[tuple[RecordingRow, AssetRow]]:
    """Return the recordings that the server does not have yet, the oldest first."""
    return _with_asset(session, RecordingRow.here.is_(None))


def at_home(session: Session) -> Sequence[tuple[RecordingRow, AssetRow]]:
    """Return the recordings that the server has, the oldest first."""
    return _with_asset(session, RecordingRow.here.is_not(None))


def _with_asset(
    session: Session, which: ColumnElement[bool]
) -> Sequence[tuple[RecordingRow, AssetRow]]:
    question = (
        select(RecordingRow, AssetRow)
        .join(AssetRow, AssetRow.id == RecordingRow.asset_id)
        .where(which, AssetRow.key.is_not(None))
    )
    rows = session.execute(question.order_by(RecordingRow.began, RecordingRow.asset_id))
    return [(row[0], row[1]) for row in rows]


def copies(session: Session, keys: Iterable[str]) -> Sequence[CopyRow]:
    """Return every place at which one of these files is, by key and place."""
    question = select(CopyRow).where(CopyRow.key.in_(set(keys)))
    return session.scalars(question.order_by(CopyRow.key, CopyRow.place)).all()


def copies_at(session: Session, place: str) -> Sequence[CopyRow]:
    """Return every file that is at this place."""
    return session.scalars(select(CopyRow).where(CopyRow.place == place)).all()


def count_elsewhere(session: Session, place: str) -> dict[str, int]:
    """Return at how many other places than this one each file is, by key."""
    question = (
        select(CopyRow.key, func.count())
        .where(CopyRow.place != place, CopyRow.leaving.is_(None))
        .group_by(CopyRow.key)
    )
    return {key: number for key, number in session.execute(question)}  # noqa: C416


def damaged_at(session: Session, place: str, before: datetime) -> Sequence[str]:
    """Return the titles of files whose copy at this place was found damaged before this time, and
    that the server does not have.
    """
    here = select(CopyRow.key).where(CopyRow.place == SERVER)
    question = (
        select(AssetRow.title)
        .join(CopyRow, CopyRow.key == AssetRow.key)
        .where(
            CopyRow.place == place,
            CopyRow.leaving < before,
            AssetRow.state != "gone",
            AssetRow.cut_of.is_(None),
            CopyRow.key.not_in(here),
        )
    )
    return session.scalars(question.order_by(AssetRow.title, AssetRow.id)).all()


def lost_in_backup(session: Session) -> list[tuple[str, str, int]]:
    """Return id, key and size of each file of the library that the server lost, that does not rest,
    and that the newest backup has; what the archive has it gives back by itself.
    """
    at_server = select(CopyRow.key).where(CopyRow.place == SERVER)
    archived = select(CopyRow.key).where(CopyRow.place == SECOND_STORE, CopyRow.leaving.is_(None))
    question = (
        select(AssetRow.id, CopyRow.key, CopyRow.size)
        .join(CopyRow, CopyRow.key == AssetRow.key)
        .where(
            CopyRow.place == BACKUP,
            CopyRow.leaving.is_(None),
            AssetRow.state == AssetState.READY.value,
            AssetRow.deleted.is_(None),
            AssetRow.cut_of.is_(None),
            CopyRow.key.not_in(at_server),
            CopyRow.key.not_in(archived),
            CopyRow.key.not_in(select(RestingRow.key)),
        )
    )
    rows = session.execute(question.order_by(AssetRow.uploaded, AssetRow.id))
    return [(id, key, size) for id, key, size in rows]


def kept_instead_of(session: Session, key: str) -> RecordingRow | None:
    """Return the recording that was kept instead of this one of the same airing; None for none."""
    named = cast(RecordingRow.others, Text).like(f'%"{key}"%')
    return session.scalars(select(RecordingRow).where(named).limit(1)).first()


def released(session: Session, place: str) -> Sequence[str]:
    """Return files of a place that were deleted for good, and that no row names again.

    At most MOST_RELEASED; the others follow once these are gone.
    """
    question = (
        select(CopyRow.key)
        .join(LetGoRow, LetGoRow.key == CopyRow.key)
        .where(
            CopyRow.place == place,
            LetGoRow.removed.is_not(None),
            LetGoRow.kept.is_(False),
            CopyRow.key.not_in(
                select(AssetRow.key).where(AssetRow.key.is_not(None), AssetRow.state != "gone")
            ),
        )
    )
    ordered = question.distinct().order_by(CopyRow.key).limit(MOST_RELEASED)
    return session.scalars(ordered).all()


def resting(session: Session) -> Sequence[RestingRow]:
    """Return the files that rest in the archive, the longest resting first."""
    return session.scalars(select(RestingRow).order_by(RestingRow.since, RestingRow.key)).all()


def resting_among(session: Session, keys: Iterable[str | None]) -> frozenset[str]:
    """Return which of these files rest in the archive."""
    wanted = {key for key in keys if key}
    if not wanted:
        return frozenset()
    return frozenset(session.scalars(select(RestingRow.key).where(RestingRow.key.in_(wanted))))


def resting_holders(session: Session) -> dict[str, list[str]]:
    """Return the files of the library that each resting file belongs to, by its key, cuts too, the
    oldest first.
    """
    entry = SearchEntryRow
    rests, found = select(RestingRow.key), dict[str, list[str]]()
    question = select(entry.asset_id, entry.key, entry.original_key)
    question = question.where(or_(entry.key.in_(rests), entry.original_key.in_(rests)))
    for id, *named in session.execute(question.order_by(entry.added, entry.asset_id)):
        for key in {one for one in named if one}:
            found.setdefault(key, []).append(id)
    return found
