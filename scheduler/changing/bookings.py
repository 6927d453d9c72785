"""The rooms, sources and air that meetings book, and the question asked before a double booking."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from config.names import ChannelId
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.clashes.double_bookings import Booking, DoubleBooking, new_double_bookings
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.airing import LONGEST_AIRING

NEW_ID = "new"
"""The id of a meeting that is not stored yet."""
Accepted = frozenset[str] | None
"""Tokens of the double bookings that somebody saw and accepted; None to ask no question."""


class DoubleBooked(Exception):
    """A room, a source or a channel's air would be booked twice, and nobody has accepted it yet."""

    def __init__(self, doubles: Sequence[DoubleBooking]) -> None:
        self.doubles = tuple(doubles)
        first = self.doubles[0]
        needs = ", ".join(sorted(first.needs))
        self.message = f"{first.mine.title} and {first.other.title} need the same {needs}."
        super().__init__(self.message)


def booking(id: str, draft: MeetingDraft) -> Booking:
    """Return what a meeting needs. One that is not televised needs its room only."""
    return Booking(
        id=id,
        title=draft.title,
        start=draft.start,
        end=draft.start + draft.length,
        channel=draft.channel if draft.televised else None,
        source=draft.source if draft.televised else None,
        room=draft.room,
    )


def booking_of_meeting(row: MeetingRow) -> Booking:
    """Return what a stored meeting needs."""
    return Booking(
        id=row.id,
        title=row.title,
        start=row.start,
        end=row.start + row.length,
        channel=ChannelId(row.channel_id) if row.televised else None,
        source=row.source_id if row.televised else None,
        room=row.room,
    )


def booking_of_airing(row: AiringRow) -> Booking:
    """Return what a stored live airing needs that belongs to no meeting."""
    return Booking(
        id=row.id,
        title=row.title,
        start=row.start,
        end=row.start + row.length,
        channel=ChannelId(row.channel_id),
        source=row.source,
        room="",
    )


def bookings_between(session: Session, since: datetime, until: datetime) -> tuple[Booking, ...]:
    """Return every booking of meetings and single live airings in [since, until), by start."""
    # A meeting that started before `since` may still be in session.
    rows = find.meetings.meetings(session, since - LONGEST_AIRING, until)
    bookings = [
        booking_of_meeting(row)
        for row in rows
        if not row.cancelled and row.start + row.length > since
    ]
    bookings += [
        booking_of_airing(row)
        for row in find.plan.airings(session, None, since, until, live_only=True)
        if row.meeting_id is None
    ]
    return tuple(sorted(bookings, key=lambda one: (one.start, one.id)))


def doubles_of(
    session: Session, wanted: Sequence[Booking], before: Iterable[Booking], now: datetime
) -> tuple[DoubleBooking, ...]:
    """Return what would be booked twice if `wanted` were stored.

    Overlaps that `before` already had are left out, and so are bookings that end by `now`.
    """
    coming = [one for one in wanted if one.end > now]
    if not coming:
        return ()
    since, until = min(one.start for one in coming), max(one.end for one in coming)
    return new_double_bookings(
        coming, before, bookings_between(session, max(since, now), until + timedelta(seconds=1))
    )


def giving_way(
    session: Session, wanted: Sequence[Booking], own: AbstractSet[str], now: datetime
) -> list[tuple[str, ...]]:
    """Return, for each booking, the titles of planned airings that will give way to it by their
    rules.

    Live airings are left out, for they never give way. So are airings of the meetings `own`, which
    move with their meeting.
    """
    on_air = [one for one in wanted if one.channel]
    if not on_air:
        return [() for _ in wanted]
    until = max(one.end for one in on_air)
    rows = [
        row
        for row in find.plan.airings(session, None, now, until)
        if row.source is None and row.meeting_id not in own
    ]
    return [
        tuple(
            f"{row.title} (replay)" if row.replay else row.title
            for row in rows
            if row.channel_id == one.channel and row.start < one.end and row.end > one.start
        )
        for one in wanted
    ]


def refuse_doubles(
    work: UnitOfWork, wanted: Sequence[Booking], before: Iterable[Booking], accepted: Accepted
) -> None:
    """Raise DoubleBooked for any double booking whose token is not among `accepted`.

    No other transaction can book until this one ends: of two at the same moment, the second is
    asked.
    """
    if accepted is None:
        return
    find.bodies.lock_plans(work.session)
    doubles = doubles_of(work.session, wanted, before, work.now)
    if {one.token for one in doubles} - accepted:
        raise DoubleBooked(doubles)
