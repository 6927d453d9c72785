"""Rows of the schedule desk into values, and drafts into rows."""

from collections.abc import Sequence

from scheduler.db import find_desk
from scheduler.db.store import Session
from scheduler.db.tables_desk import CalendarRow
from scheduler.domain.calendar import Calendar, CalendarDraft, Calendars
from scheduler.domain.names import CalendarId
from scheduler.domain.text import one_line


def calendar(row: CalendarRow) -> Calendar:
    """The calendar."""
    draft = CalendarDraft(row.name, row.text)
    return Calendar(CalendarId(row.id), draft, row.archived, row.version)


def fill_calendar(row: CalendarRow, draft: CalendarDraft) -> None:
    """Write what staff set, one tidy entry a line."""
    row.name = one_line(draft.name)
    lines = (one_line(line) for line in draft.text.splitlines())
    row.text = "\n".join(line for line in lines if line)


def calendars(session: Session) -> Calendars:
    """What every calendar in use says."""
    rows: Sequence[CalendarRow] = find_desk.calendars(session)
    return {CalendarId(row.id): row.text for row in rows}
