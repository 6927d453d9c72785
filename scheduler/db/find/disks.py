"""Queries of how full the disks were, and of what each machine says of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from scheduler.db.store import Session
from scheduler.db.tables.house import HeardRow
from scheduler.db.tables.keeping import DiskDayRow


def disk_days(session: Session, since: datetime, now: datetime) -> Sequence[DiskDayRow]:
    """Return the figures of every disk from `since` on, by day. A clock that was ahead may have
    left one of a day to come: that is no figure.
    """
    question = select(DiskDayRow).where(DiskDayRow.day >= since, DiskDayRow.day <= now)
    return session.scalars(question.order_by(DiskDayRow.day, DiskDayRow.place)).all()


def disk_read(session: Session, place: str, now: datetime) -> datetime | None:
    """Return when the room of a disk was read last; None for never."""
    question = select(DiskDayRow.at).where(DiskDayRow.place == place, DiskDayRow.day <= now)
    return session.scalars(question.order_by(DiskDayRow.day.desc()).limit(1)).first()


def forget_disk_days(session: Session, before: datetime) -> None:
    """Delete figures of days before this one."""
    session.execute(delete(DiskDayRow).where(DiskDayRow.day < before))


def heard(session: Session) -> Sequence[HeardRow]:
    """Return the last report of every channel's machine."""
    return session.scalars(select(HeardRow).order_by(HeardRow.channel_id)).all()
