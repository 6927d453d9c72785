"""Double bookings that a meeting or live airing would make, and those that a stored change has
made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.names import AiringId
from playout.model.plan import ContentKind
from scheduler.changing.bookings import (
    NEW_ID,
    booking,
    booking_of_airing,
    booking_of_meeting,
    doubles_of,
)
from scheduler.db import load
from scheduler.db.rows import restore
from scheduler.db.store import Database
from scheduler.db.tables.base import Base
from scheduler.db.tables.house import ChangeRow
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.clashes.double_bookings import Booking, DoubleBooking, Need
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.airing import AiringDraft, kind_of
from scheduler.domain.model.ids import ChangeId, MeetingId

KINDS: Mapping[str, type[AiringRow] | type[MeetingRow]] = {
    "airing": AiringRow,
    "meeting": MeetingRow,
}
"""Tables whose rows book something."""


@dataclass(frozen=True)
class StandingDouble:
    """Two that are booked at one time now."""

    double: DoubleBooking
    is_meeting: bool
    """True when the first of the two is a meeting, False for a single live airing."""


def doubles_elsewhere(
    db: Database, airing: AiringDraft, now: datetime, id: AiringId | None = None
) -> tuple[DoubleBooking, ...]:
    """Return what a live airing would book twice outside the air of its channel: its source or its
    room.

    An overlap on its own channel is weighed like any other collision.
    """
    if kind_of(airing) is not ContentKind.LIVE:
        return ()
    with db.read() as session:
        row = session.get(MeetingRow, airing.meeting) if airing.meeting else None
        stood = session.get(AiringRow, id) if id else None
        before = [_of_airing(load.plan.airing(stood).draft, row, stood.id)] if stood else []
        wanted = [_of_airing(airing, row, id or NEW_ID)]
        twice = doubles_of(session, wanted, before, now)
    return tuple(one for one in twice if Need.AIR not in one.needs)


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


def copies(
    db: Database, wanted: Mapping[AiringId, AiringDraft], now: datetime
) -> dict[AiringId, tuple[DoubleBooking, ...]]:
    """Return what copies of these airings would book twice outside the air of their channel, by the
    id of the original.

    A copy of a live airing copies its whole meeting, so it needs the room too.
    """
    twice_by_id = {}
    with db.read() as session:
        for id, draft in wanted.items():
            row = session.get(AiringRow, id)
            if row is None or kind_of(draft) is not ContentKind.LIVE:
                continue
            meeting = session.get(MeetingRow, row.meeting_id) if row.meeting_id else None
            own = replace(_of_airing(draft, meeting, NEW_ID), id=NEW_ID)
            twice = doubles_of(session, [own], (), now)
            twice = tuple(one for one in twice if one.needs - {Need.AIR})
            if twice:
                twice_by_id[id] = twice
    return twice_by_id


def doubles_made_by(db: Database, change: ChangeId, now: datetime) -> tuple[StandingDouble, ...]:
    """Return what a stored change has booked twice: an undo, a copy, or a calendar that moved
    meetings.

    Each pair is listed once. A pair that already overlapped in the same way is left out.
    """
    wanted: list[Booking] = []
    before: list[Booking] = []
    with db.read() as session:
        kept = session.get(ChangeRow, change)
        for part in kept.parts if kept is not None else ():
            kind = KINDS.get(part["table"])
            row = session.get(kind, tuple(part["key"])) if kind is not None else None
            if row is None:
                continue
            stood = type(row)()
            restore(stood, part["before"] or {"cancelled": True})
            wanted += _needs_of(row)
            before += _needs_of(stood)
        pairs = {
            frozenset((one.mine.id, one.other.id)): one
            for one in doubles_of(session, wanted, before, now)
        }
        return tuple(
            StandingDouble(one, session.get(MeetingRow, one.mine.id) is not None)
            for one in pairs.values()
        )


def _needs_of(row: Base) -> list[Booking]:
    """Return what the row books: a meeting, or a live airing that belongs to none."""
    if isinstance(row, MeetingRow) and not row.cancelled:
        return [booking_of_meeting(row)]
    if isinstance(row, AiringRow) and not row.cancelled and row.source and not row.meeting_id:
        return [booking_of_airing(row)]
    return []


def doubles(
    db: Database, draft: MeetingDraft, now: datetime, meeting: MeetingId | None = None
) -> tuple[DoubleBooking, ...]:
    """Return what the draft would book twice, less what its meeting books twice already."""
    with db.read() as session:
        row = session.get(MeetingRow, meeting) if meeting else None
        before = [booking(row.id, load.meetings.meeting(row).draft)] if row else []
        wanted = [booking(row.id if row else NEW_ID, draft)]
        return doubles_of(session, wanted, before, now)
