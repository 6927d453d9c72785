"""What one meeting, or one live airing, would book twice as the schedule stands."""

from datetime import datetime

from config.names import AiringId
from playout.rundown import Kind
from scheduler.bookings import NEW, booking, found_twice
from scheduler.db import load, load_live
from scheduler.db.store import Database
from scheduler.db.tables import AiringRow
from scheduler.db.tables_live import MeetingRow
from scheduler.domain.airing import AiringDraft, kind_of
from scheduler.domain.double import Booking, Double, Need
from scheduler.domain.meeting import MeetingDraft
from scheduler.domain.names import MeetingId


def elsewhere_too(
    db: Database, airing: AiringDraft, now: datetime, id: AiringId | None = None
) -> tuple[Double, ...]:
    """What a live airing would book twice besides the air of its channel: its source, its room.

    What overlaps on its own channel is weighed as any collision is.
    """
    if kind_of(airing) is not Kind.LIVE:
        return ()
    with db.read() as session:
        row = session.get(MeetingRow, airing.meeting) if airing.meeting else None
        stood = session.get(AiringRow, id) if id else None
        before = [_of_airing(load.airing(stood).draft, row, stood.id)] if stood else []
        wanted = [_of_airing(airing, row, id or NEW)]
        found = found_twice(session, wanted, before, now)
    return tuple(one for one in found if Need.AIR not in one.needs)


def _of_airing(airing: AiringDraft, meeting: MeetingRow | None, id: str) -> Booking:
    return Booking(
        id=meeting.id if meeting else id,
        title=airing.title,
        start=airing.start,
        end=airing.start + airing.length,
        channel=airing.channel,
        source=airing.source,
        room=meeting.room if meeting else "",
    )


def doubles(
    db: Database, draft: MeetingDraft, now: datetime, meeting: MeetingId | None = None
) -> tuple[Double, ...]:
    """What the draft would book twice; with a meeting, beside what that books twice already."""
    with db.read() as session:
        row = session.get(MeetingRow, meeting) if meeting else None
        before = [booking(row.id, load_live.meeting(row).draft)] if row else []
        wanted = [booking(row.id if row else NEW, draft)]
        return found_twice(session, wanted, before, now)
