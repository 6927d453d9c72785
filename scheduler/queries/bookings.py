"""What one meeting would book twice, as the schedule stands."""

from datetime import datetime

from scheduler.bookings import NEW, booking, found_twice
from scheduler.db import load_live
from scheduler.db.store import Database
from scheduler.db.tables_live import MeetingRow
from scheduler.domain.double import Double
from scheduler.domain.meeting import MeetingDraft
from scheduler.domain.names import MeetingId


def doubles(
    db: Database, draft: MeetingDraft, now: datetime, meeting: MeetingId | None = None
) -> tuple[Double, ...]:
    """What the draft would book twice; with a meeting, beside what that books twice already."""
    with db.read() as session:
        row = session.get(MeetingRow, meeting) if meeting else None
        before = [booking(row.id, load_live.meeting(row).draft)] if row else []
        wanted = [booking(row.id if row else NEW, draft)]
        return found_twice(session, wanted, before, now)
