"""What meetings have booked, and the question asked before anything is booked twice."""

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
"""Stands for a meeting that is not kept yet."""
Accepted = frozenset[str] | None
"""Names of the doubles somebody was shown and took; None where nobody is there to be asked."""


class DoubleBooked(Exception):
    """A room, a source or a channel's air would be booked twice: ask first."""

    def __init__(self, doubles: Sequence[DoubleBooking]) -> None:
        self.doubles = tuple(doubles)
        first = self.doubles[0]
        needs = ", ".join(sorted(first.needs))
        self.message = f"{first.mine.title} and {first.other.title} need the same {needs}."
        super().__init__(self.message)


def booking(id: str, draft: MeetingDraft) -> Booking:
    """What a meeting needs."""
    return Booking(
        id=id,
        title=draft.title,
        start=draft.start,
        end=draft.start + draft.length,
        channel=draft.channel if draft.televised else None,
        source=draft.source if draft.televised else None,
        room=draft.room,
    )


def of_meeting(row: MeetingRow) -> Booking:
    """What a meeting that is kept needs."""
    return Booking(
        id=row.id,
        title=row.title,
        start=row.start,
        end=row.start + row.length,
        channel=ChannelId(row.channel_id) if row.televised else None,
        source=row.source_id if row.televised else None,
        room=row.room,
    )


def of_airing(row: AiringRow) -> Booking:
    """What a live airing that is of no meeting needs."""
    return Booking(
        id=row.id,
        title=row.title,
        start=row.start,
        end=row.start + row.length,
        channel=ChannelId(row.channel_id),
        source=row.source,
        room="",
    )


def standing(session: Session, since: datetime, until: datetime) -> tuple[Booking, ...]:
    """What meetings, and live airings that are of none, need in [since, until), by start."""
    rows = find.meetings.meetings(session, since - LONGEST_AIRING, until)
    found = [
        of_meeting(row) for row in rows if not row.cancelled and row.start + row.length > since
    ]
    found += [
        of_airing(row)
        for row in find.plan.airings(session, None, since, until, live_only=True)
        if row.meeting_id is None
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.id)))


def found_twice(
    session: Session, wanted: Sequence[Booking], before: Iterable[Booking], now: datetime
) -> tuple[DoubleBooking, ...]:
    """What would be booked twice were these kept; what is over by `now` is in nobody's way."""
    coming = [one for one in wanted if one.end > now]
    if not coming:
        return ()
    since, until = min(one.start for one in coming), max(one.end for one in coming)
    return new_double_bookings(
        coming, before, standing(session, max(since, now), until + timedelta(seconds=1))
    )


def giving_way(
    session: Session, wanted: Sequence[Booking], own: AbstractSet[str], now: datetime
) -> list[tuple[str, ...]]:
    """Titles of what is planned by name and not live where each would air; it gives way by rule.

    What the meetings `own` made is left out: it moves with them.
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


def ask(
    work: UnitOfWork, wanted: Sequence[Booking], before: Iterable[Booking], accepted: Accepted
) -> None:
    """Raise Booked where something would be booked twice that nobody took knowingly.

    Nobody else books until this transaction ends, so that of two at one moment the second is asked.
    """
    if accepted is None:
        return
    find.bodies.lock_plans(work.session)
    doubles = found_twice(work.session, wanted, before, work.now)
    if {one.token for one in doubles} - accepted:
        raise DoubleBooked(doubles)
