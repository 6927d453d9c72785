"""Queries of what tells whether the station is well: who was heard and what aired last."""

from datetime import datetime

from sqlalchemy import select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.house import AsRunRow, HeardRow


def heard_at(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the channel's broadcast machine last reported; None before the first time."""
    return session.scalar(select(HeardRow.at).where(HeardRow.channel_id == channel))


def newest_as_run(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the newest airing of the as-run report ended; None before the first."""
    question = select(AsRunRow.end).where(AsRunRow.channel_id == channel)
    return session.scalar(question.order_by(AsRunRow.start.desc()).limit(1))
