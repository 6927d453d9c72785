"""The meetings of a series: each occurrence once, a year and a half ahead, with its airings."""

from datetime import date, datetime

from scheduler.changing.bookings import booking
from scheduler.changing.meeting_airings import agree
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow, MeetingSeriesRow
from scheduler.domain.clashes.double_bookings import Booking
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting_series import (
    MEETINGS_MADE_AHEAD,
    MeetingSeries,
    followed,
    meeting_on,
)
from scheduler.domain.series.recurrence import Occurrence, occurrences
from scheduler.ids import new_id


def materialise(work: UnitOfWork, row: MeetingSeriesRow) -> int:
    """Make the coming meetings of a series match its rule; return how many changed.

    A meeting that somebody moved or cancelled stays where it is, and a field that somebody set on
    one meeting stays set. A meeting that has begun is left alone.
    """
    series = load.bodies.meeting_series(row)
    known = {
        one.series_day: one
        for one in find.bodies.meetings_of_series(work.session, row.id, work.now)
    }
    ever = find.bodies.days_made(work.session, row.id)
    wanted = {one.day: one for one in _wanted(work, series)}
    changed = sum(_drop(work, one) for day, one in known.items() if day not in wanted)
    for day, occurrence in wanted.items():
        will = meeting_on(series.draft, occurrence)
        if day in known:
            changed += _renew(work, known[day], will)
        elif day not in ever:
            _make(work, row.id, day, will)
            changed += 1
    return changed


def booked(session: Session, row: MeetingSeriesRow, now: datetime) -> tuple[Booking, ...]:
    """Return what the coming meetings of the series need."""
    rows = find.bodies.meetings_of_series(session, row.id, now)
    return tuple(
        booking(one.id, load.meetings.meeting(one).draft) for one in rows if not one.cancelled
    )


def _wanted(work: UnitOfWork, series: MeetingSeries) -> list[Occurrence]:
    if series.ended:
        return []
    calendars = load.desk.calendars(work.session)
    return list(occurrences(series.draft.rule, work.now, work.now + MEETINGS_MADE_AHEAD, calendars))


def _make(work: UnitOfWork, series: str, day: date, draft: MeetingDraft) -> None:
    row = MeetingRow(id=new_id(), series_id=series, series_day=day)
    load.meetings.fill_meeting(row, draft)
    row.made = _made(load.meetings.meeting(row).draft, off=False)
    work.add(row)
    agree(work, row)


def _renew(work: UnitOfWork, row: MeetingRow, will: MeetingDraft) -> bool:
    meeting = load.meetings.meeting(row)
    before = meeting.made or meeting.draft
    if before == will and not meeting.off:
        return False
    work.watch(row)
    back = meeting.off and meeting.cancelled
    load.meetings.fill_meeting(row, followed(before, meeting.draft, will))
    row.made = _made(will, off=False)
    row.cancelled = meeting.cancelled and not back
    work.session.flush()
    # A meeting that comes back places its replays again, as a new one does.
    agree(work, row, None if back else meeting.draft)
    return True


def _drop(work: UnitOfWork, row: MeetingRow) -> bool:
    meeting = load.meetings.meeting(row)
    if meeting.edited or meeting.cancelled:
        return False
    work.watch(row)
    row.cancelled = True
    row.made = _made(meeting.made or meeting.draft, off=True)
    work.session.flush()
    agree(work, row, meeting.draft)
    return True


def _made(draft: MeetingDraft, *, off: bool) -> dict[str, object]:
    return {"draft": load.meetings.meeting_draft_json(draft), "off": off}
