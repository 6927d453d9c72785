"""Queries of what tells whether the station is well: who was heard, what aired last, what waits."""

from datetime import datetime

from sqlalchemy import func, select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.house import AsRunRow, HeardRow
from scheduler.db.tables.plan import JobRow


def heard_at(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the channel's broadcast machine last reported; None before the first time."""
    return session.scalar(select(HeardRow.at).where(HeardRow.channel_id == channel))


def newest_as_run(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the newest airing of the as-run report ended; None before the first."""
    question = select(AsRunRow.end).where(AsRunRow.channel_id == channel, AsRunRow.counts.is_(True))
    return session.scalar(question.order_by(AsRunRow.start.desc()).limit(1))


def jobs_by_state(session: Session) -> dict[str, int]:
    """Return how many jobs are in each state, as far back as the history goes."""
    question = select(JobRow.state, func.count().label("number")).group_by(JobRow.state)
    return {row.state: row.number for row in session.execute(question)}
