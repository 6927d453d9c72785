"""The nightly removal of old rows. What aired and who changed what is kept forever."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.desk import ListingRow
from scheduler.db.tables.house import EntryRow, LinkRow, SessionRow

ALERTS_KEPT_FOR = timedelta(days=90)


def prune(db: Database, now: datetime, facts_kept: timedelta) -> int:
    """Delete facts, block lines, sessions and links older than `facts_kept`, and alerts that ended
    ninety days ago; return how many.
    """
    old = now - facts_kept
    with db.write() as session:
        removed = [
            session.execute(
                delete(EntryRow).where(
                    EntryRow.kind.in_(["fact", "adopted"]),
                    EntryRow.at < old,
                )
            ),
            session.execute(delete(SessionRow).where(SessionRow.expires < old)),
            session.execute(delete(ListingRow).where(ListingRow.end < old)),
            session.execute(delete(LinkRow).where(LinkRow.expires < old)),
        ]
        alerts = find.alerts.prune(session, now - ALERTS_KEPT_FOR)
        return alerts + sum(result.rowcount for result in removed)  # type: ignore[attr-defined]
