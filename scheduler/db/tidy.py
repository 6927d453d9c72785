"""Forgets what nobody needs any more; what aired and who changed what is kept for ever."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from scheduler.db.house import EntryRow, LinkRow, SessionRow
from scheduler.db.store import Database


def prune(db: Database, now: datetime, facts_kept: timedelta) -> int:
    """Remove facts older than `facts_kept` and sessions and links long over; returns how many.

    The newest entry of each channel stays: it shows how far its host had come.
    """
    old = now - facts_kept
    with db.write() as session:
        newest = (
            select(EntryRow.channel_id, func.max(EntryRow.number).label("number"))
            .group_by(EntryRow.channel_id)
            .subquery()
        )
        last = select(newest.c.number).where(newest.c.channel_id == EntryRow.channel_id)
        removed = [
            session.execute(
                delete(EntryRow).where(
                    EntryRow.kind.in_(["fact", "adopted"]),
                    EntryRow.at < old,
                    EntryRow.number < last.scalar_subquery(),
                )
            ),
            session.execute(delete(SessionRow).where(SessionRow.expires < old)),
            session.execute(delete(LinkRow).where(LinkRow.expires < old)),
        ]
        return sum(result.rowcount for result in removed)  # type: ignore[attr-defined]
