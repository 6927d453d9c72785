"""Calendars of holidays and recesses: their text, their coming days, and the series that observe
them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.desk import CalendarRow
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.calendar import Calendar, named_days
from scheduler.refusals import Missing

DAYS_SHOWN_AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class CalendarCard:
    """A calendar with its days of the coming year and the titles of the series that observe it."""

    calendar: Calendar
    days: tuple[tuple[date, str], ...]
    series: tuple[str, ...]


def cards(db: Database, now: datetime) -> tuple[CalendarCard, ...]:
    """Return every calendar in use, by name."""
    with db.read() as session:
        return tuple(_card(session, row, now) for row in find.desk.calendars(session))


def card(db: Database, calendar: CalendarId, now: datetime) -> CalendarCard:
    """Return one calendar. Raises Missing."""
    with db.read() as session:
        row = session.get(CalendarRow, calendar)
        if row is None:
            raise Missing("calendar")
        return _card(session, row, now)


def coming(text: str, now: datetime) -> tuple[tuple[date, str], ...]:
    """Return the days of the coming year that a calendar text names, with their names."""
    return tuple(sorted(named_days(text, now.date(), now.date() + DAYS_SHOWN_AHEAD).items()))


def _card(session: Session, row: CalendarRow, now: datetime) -> CalendarCard:
    looking = [
        one.draft.title
        for one in map(load.plan.series, find.plan.series(session))
        if any(observed.calendar == row.id for observed in one.draft.rule.holidays)
    ]
    looking += [
        one.title
        for one in map(load.bodies.meeting_series, find.bodies.meeting_series(session))
        if any(observed.calendar == row.id for observed in one.draft.rule.holidays)
    ]
    return CalendarCard(load.desk.calendar(row), coming(row.text, now), tuple(looking))
