"""What series of airings and of meetings have in common: how they follow a calendar, and a new rule
from a day on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from scheduler.db import load
from scheduler.db.store import Session
from scheduler.domain.meetings.meeting_series import MeetingSeries
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.affected_days import Affected, Becomes
from scheduler.domain.series.calendar import Calendars
from scheduler.domain.series.recurrence import Rule, Series, follow_from

Every = TypeVar("Every", Series, MeetingSeries)


@dataclass(frozen=True)
class CalendarEffect:
    """What becomes of one series when a calendar it looks at changes."""

    title: str
    zone: ZoneInfo
    changes: tuple[Affected, ...]
    """What would not stay as it is."""
    noun: str
    """What the series makes."""
    reach: str
    """How far ahead it was looked, in words."""


def following(
    session: Session,
    calendar: CalendarId,
    text: str,
    every: Iterable[Every],
    told: Callable[[Every, Calendars], Iterable[Affected]],
    noun: str,
    reach: str,
) -> tuple[CalendarEffect, ...]:
    """What becomes of each series that looks at the calendar, did it say `text`, by title."""
    calendars = {**load.desk.calendars(session), calendar: text}
    found = []
    for one in every:
        rule = one.draft.rule
        if any(observed.calendar == calendar for observed in rule.holidays):
            changes = unlike(told(one, calendars))
            found.append(CalendarEffect(one.draft.title, ZoneInfo(rule.zone), changes, noun, reach))
    return tuple(sorted(found, key=lambda one: one.title))


def unlike(told: Iterable[Affected]) -> tuple[Affected, ...]:
    """Those that would not stay as they are, of what stands or would."""
    return tuple(one for one in told if one.becomes is not Becomes.SAME and (one.was or one.will))


def split_from(rule: Rule, standing: Rule | None, split: date | None) -> Rule:
    """Return the rule as saving would keep it: with `split`, from that day on, in the weeks of the
    rule that stands."""
    return rule if split is None else follow_from(rule, standing or rule, split)
