"""Queries of many files of the library at once, for tables of titles."""

from collections.abc import Sequence

from sqlalchemy import select

from scheduler.db.store import Session
from scheduler.db.tables.details import DetailsRow
from scheduler.db.tables.plan import AssetRow, FillerRow
from scheduler.db.tables.recordings import RecordingRow

IDS_AT_ONCE = 500
"""Ids in one question; SQLite takes no more than some thousands."""


def asset_titles(session: Session) -> Sequence[tuple[str, str, str]]:
    """Return id, original name and title of every file of the library, the newest first."""
    question = select(AssetRow.id, AssetRow.original_name, AssetRow.title)
    question = question.where(AssetRow.archived.is_(False))
    rows = session.execute(question.order_by(AssetRow.uploaded.desc(), AssetRow.id))
    return [(row.id, row.original_name, row.title) for row in rows]


def assets_to_change(session: Session, ids: Sequence[str]) -> Sequence[AssetRow]:
    """Return these files of the library, locked for change."""
    rows: list[AssetRow] = []
    for at in range(0, len(ids), IDS_AT_ONCE):
        part = ids[at : at + IDS_AT_ONCE]
        question = select(AssetRow).where(AssetRow.id.in_(part)).order_by(AssetRow.id)
        rows += session.scalars(question.with_for_update())
    return rows


def filler_of_assets(session: Session, assets: Sequence[str]) -> frozenset[str]:
    """Return the channels whose gaps one of these files may fill."""
    question = select(FillerRow.asset_id, FillerRow.channel_id).where(FillerRow.used.is_(True))
    wanted = frozenset(assets)
    return frozenset(row.channel_id for row in session.execute(question) if row.asset_id in wanted)


def details_of(session: Session, ids: Sequence[str]) -> dict[str, DetailsRow]:
    """Return the details of these files that somebody wrote, by file."""
    rows: dict[str, DetailsRow] = {}
    for at in range(0, len(ids), IDS_AT_ONCE):
        part = ids[at : at + IDS_AT_ONCE]
        found = session.scalars(select(DetailsRow).where(DetailsRow.asset_id.in_(part)))
        rows |= {row.asset_id: row for row in found}
    return rows


def recordings_of(session: Session, ids: Sequence[str]) -> dict[str, RecordingRow]:
    """Return the recordings among these files, by file."""
    rows: dict[str, RecordingRow] = {}
    for at in range(0, len(ids), IDS_AT_ONCE):
        part = ids[at : at + IDS_AT_ONCE]
        found = session.scalars(select(RecordingRow).where(RecordingRow.asset_id.in_(part)))
        rows |= {row.asset_id: row for row in found}
    return rows
