"""Queries of saved searches and of what draws from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.desk import BlockRow
from scheduler.db.tables.plan import AiringRow, SeriesRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.db.tables.saved_searches import FillerSearchRow, SavedSearchRow
from scheduler.db.tables.search import SearchEntryRow, SearchTagRow


def saved(session: Session, channel: ChannelId | None = None) -> Sequence[SavedSearchRow]:
    """Return the saved searches in use, by name; with a channel, its own and those of all."""
    question = select(SavedSearchRow).where(SavedSearchRow.archived.is_(False))
    if channel is not None:
        own = or_(SavedSearchRow.channel_id == channel, SavedSearchRow.channel_id.is_(None))
        question = question.where(own)
    return session.scalars(question.order_by(SavedSearchRow.name, SavedSearchRow.id)).all()


def by_id(session: Session, ids: Iterable[str | None]) -> dict[str, SavedSearchRow]:
    """Return these saved searches, retired ones too, by id."""
    wanted = {id for id in ids if id}
    if not wanted:
        return {}
    rows = session.scalars(select(SavedSearchRow).where(SavedSearchRow.id.in_(wanted)))
    return {row.id: row for row in rows}


def filler(session: Session, channel: ChannelId) -> Sequence[str]:
    """Return the saved searches whose files may fill gaps of the channel."""
    question = select(FillerSearchRow.search_id).where(
        FillerSearchRow.channel_id == channel, FillerSearchRow.used.is_(True)
    )
    return session.scalars(question.order_by(FillerSearchRow.search_id)).all()


def filled_channels(session: Session, search: str) -> Sequence[str]:
    """Return the channels whose gaps a saved search fills."""
    question = select(FillerSearchRow.channel_id).where(
        FillerSearchRow.search_id == search, FillerSearchRow.used.is_(True)
    )
    return session.scalars(question.order_by(FillerSearchRow.channel_id)).all()


def airs_by_itself() -> ColumnElement[bool]:
    """Return the condition of a file that may air, has a length of its own, and is not resting in
    the archive.
    """
    rests = exists().where(RestingRow.key == SearchEntryRow.key)
    return and_(SearchEntryRow.fit.is_(True), SearchEntryRow.still.is_(False), ~rests)


def blocks(session: Session, search: str) -> Sequence[BlockRow]:
    """Return the blocks in use that draw from a saved search, by name."""
    question = select(BlockRow).where(BlockRow.archived.is_(False)).order_by(BlockRow.name)
    return [row for row in session.scalars(question) if search in row.searches]


def series(session: Session, search: str) -> Sequence[SeriesRow]:
    """Return the series that go on and air the first of a saved search, by name."""
    question = select(SeriesRow).where(SeriesRow.search_id == search, SeriesRow.ended.is_(False))
    return session.scalars(question.order_by(SeriesRow.name, SeriesRow.id)).all()


def tags(session: Session, files: Iterable[str]) -> dict[str, list[str]]:
    """Return the tags of these files, folded and in order."""
    question = select(SearchTagRow.asset_id, SearchTagRow.tag)
    question = question.where(SearchTagRow.asset_id.in_(list(files)))
    tags: dict[str, list[str]] = {}
    for asset, tag in session.execute(question.order_by(SearchTagRow.tag)):
        tags.setdefault(asset, []).append(tag)
    return tags


def airings(
    session: Session,
    since: datetime,
    until: datetime | None = None,
    *,
    search: str | None = None,
    channel: ChannelId | None = None,
) -> Sequence[AiringRow]:
    """Return the airings that end after `since` and air the first of a saved search, by start."""
    question = select(AiringRow).where(
        AiringRow.end > since, AiringRow.cancelled.is_(False), AiringRow.search_id.is_not(None)
    )
    if until is not None:
        question = question.where(AiringRow.start < until)
    if search is not None:
        question = question.where(AiringRow.search_id == search)
    if channel is not None:
        question = question.where(AiringRow.channel_id == channel)
    return session.scalars(question.order_by(AiringRow.start, AiringRow.id)).all()
