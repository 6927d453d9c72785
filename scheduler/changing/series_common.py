"""Steps that series of airings and of meetings share: following a calendar of holidays, and taking
a new rule from a given day on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingSeriesRow
from scheduler.db.tables.plan import SeriesRow
from scheduler.domain.meetings.meeting_series import MeetingSeries
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.affected_days import Affected, Becomes
from scheduler.domain.series.calendar import Calendars
from scheduler.domain.series.recurrence import Rule, Series, follow_from

EverySeries = TypeVar("EverySeries", Series, MeetingSeries)
EverySeriesRow = TypeVar("EverySeriesRow", SeriesRow, MeetingSeriesRow)


@dataclass(frozen=True)
class CalendarEffect:
    """The effect on one series of a change in a calendar that it observes."""

    title: str
    zone: ZoneInfo
    changes: tuple[Affected, ...]
    """The days that would not stay as they are."""
    noun: str
    """What the series makes: "airing" or "meeting"."""
    reach: str
    """How far ahead the changes reach, in words."""


def effects_on_series(
    session: Session,
    calendar: CalendarId,
    text: str,
    every: Iterable[EverySeries],
    days_of: Callable[[EverySeries, Calendars], Iterable[Affected]],
    noun: str,
    reach: str,
) -> tuple[CalendarEffect, ...]:
    """Return the effect on each series that observes the calendar if it said `text`, by title.

    `told` works out the days of one series under the changed calendars.
    """
    calendars = {**load.desk.calendars(session), calendar: text}
    effects = []
    for series in every:
        rule = series.draft.rule
        if any(observed.calendar == calendar for observed in rule.holidays):
            changes = changed_days(days_of(series, calendars))
            effects.append(
                CalendarEffect(series.draft.title, ZoneInfo(rule.zone), changes, noun, reach)
            )
    return tuple(sorted(effects, key=lambda effect: effect.title))


def series_observing(work: UnitOfWork, calendar: str) -> list[SeriesRow]:
    """Return the series of airings whose days the calendar decides, and mark their channels
    changed.
    """
    return _observing(work, calendar, find.plan.series)


def meeting_series_observing(work: UnitOfWork, calendar: str) -> list[MeetingSeriesRow]:
    """Return the series of meetings whose days the calendar decides, and mark their channels
    changed.
    """
    return _observing(work, calendar, find.bodies.meeting_series)


def _observing(
    work: UnitOfWork, calendar: str, series: Callable[[Session], Sequence[EverySeriesRow]]
) -> list[EverySeriesRow]:
    """Return the rows that name the calendar among their holidays.

    Their channels count as changed, however far ahead the days are: otherwise a planner of one
    channel could move the later airings of another through a calendar that both use.
    """
    work.session.flush()
    rows = [
        row
        for row in series(work.session)
        if any(holiday["calendar"] == calendar for holiday in row.holidays)
    ]
    work.channels.update(row.channel_id for row in rows)
    return rows


def changed_days(days: Iterable[Affected]) -> tuple[Affected, ...]:
    """Return the days that would not stay as they are and have an airing, before or after."""
    return tuple(day for day in days if day.becomes is not Becomes.SAME and (day.was or day.will))


def split_from(rule: Rule, standing: Rule | None, split: date | None) -> Rule:
    """Return the rule as saving would store it.

    With `split` it begins on that day and keeps counting weeks as the present rule does.
    """
    return rule if split is None else follow_from(rule, standing or rule, split)
