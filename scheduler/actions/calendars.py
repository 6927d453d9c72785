"""Actions of staff on calendars of holidays: add one, change it, retire it."""

from datetime import datetime

from scheduler.changing import meeting_series, series_airings
from scheduler.changing.collection import EditableCollection
from scheduler.changing.series_common import meeting_series_observing, series_observing
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.desk import CalendarRow
from scheduler.db.tables.meetings import MeetingSeriesRow
from scheduler.db.tables.plan import SeriesRow
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.series.calendar import Calendar, CalendarDraft, problems
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: CalendarDraft) -> Calendar:
    """Add a calendar, which no series observes yet. Raises Refused."""
    return _CALENDARS.add(db, actor, now, draft)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    calendar: CalendarId,
    draft: CalendarDraft,
    version: int,
) -> Calendar:
    """Change the days of a calendar. The series that observe it follow at once.

    Raises Refused, Missing, and Conflict with the present Calendar.
    """
    return _CALENDARS.edit(db, actor, now, calendar, draft, version)


def retire(
    db: Database, actor: Actor, now: datetime, calendar: CalendarId, version: int
) -> Calendar:
    """Retire a calendar. Its days are ordinary days again."""
    return _CALENDARS.retire(db, actor, now, calendar, version)


def _follow(work: UnitOfWork, calendar: CalendarRow) -> None:
    for row in series_observing(work, calendar.id):
        series_airings.materialise(work, work.get(SeriesRow, row.id, "series"))
    for meetings in meeting_series_observing(work, calendar.id):
        locked = work.get(MeetingSeriesRow, meetings.id, "series of meetings")
        meeting_series.materialise(work, locked)


def _check(_work: UnitOfWork, draft: CalendarDraft, _calendar: str | None) -> None:
    errors = problems(draft)
    if errors:
        raise Refused(errors)


_CALENDARS = EditableCollection(
    CalendarRow,
    "calendar",
    "calendar",
    Right.PLAN,
    name=lambda row: row.name,
    load=load.desk.calendar,
    fill=load.desk.fill_calendar,
    check=_check,
    after=_follow,
)
