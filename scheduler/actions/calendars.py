"""What staff do with calendars of holidays: write one, change it, put it away."""

from datetime import datetime

from scheduler import meeting_series
from scheduler.changes import Work, changing
from scheduler.db import load_desk
from scheduler.db.store import Database
from scheduler.db.tables import SeriesRow
from scheduler.db.tables_desk import CalendarRow
from scheduler.db.tables_live import MeetingSeriesRow
from scheduler.domain.calendar import Calendar, CalendarDraft, problems
from scheduler.domain.names import CalendarId
from scheduler.domain.people import Actor, Right
from scheduler.ids import new_id
from scheduler.materialise import looking_at, materialise
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: CalendarDraft) -> Calendar:
    """Keep a calendar; no series looks at it yet. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        _check(draft)
        row = CalendarRow(id=new_id())
        load_desk.fill_calendar(row, draft)
        work.add(row)
        work.about("calendar", row.id, f"Added the calendar {row.name}")
    return load_desk.calendar(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    calendar: CalendarId,
    draft: CalendarDraft,
    version: int,
) -> Calendar:
    """Change its days; the series that look at it follow at once.

    Raises Refused, Missing, and Conflict with the Calendar as it is.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(CalendarRow, calendar, "calendar")
        work.same(row, version, load_desk.calendar(row))
        _check(draft)
        load_desk.fill_calendar(row, draft)
        work.about("calendar", row.id, f"Changed the calendar {row.name}")
        _follow(work, calendar)
    return load_desk.calendar(row)


def archive(
    db: Database, actor: Actor, now: datetime, calendar: CalendarId, version: int
) -> Calendar:
    """Put it away: its days are days like any other again."""
    with changing(db, actor, now, Right.PLAN, "archive") as work:
        row = work.get(CalendarRow, calendar, "calendar")
        work.same(row, version, load_desk.calendar(row))
        row.archived = True
        work.about("calendar", row.id, f"Put the calendar {row.name} away")
        _follow(work, calendar)
    return load_desk.calendar(row)


def _follow(work: Work, calendar: CalendarId) -> None:
    for row in looking_at(work, calendar):
        materialise(work, work.get(SeriesRow, row.id, "series"))
    for meetings in meeting_series.looking_at(work, calendar):
        one = work.get(MeetingSeriesRow, meetings.id, "series of meetings")
        meeting_series.materialise(work, one)


def _check(draft: CalendarDraft) -> None:
    found = problems(draft)
    if found:
        raise Refused(found)
