"""Meetings that repeat: the rule of their days, and what one of them keeps of its own."""

import itertools
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from config.names import ChannelId
from config.times import long_day
from scheduler.domain.meetings.body import MeetingDefaults, default_problems
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.airing import moved_limit
from scheduler.domain.model.ids import MeetingSeriesId
from scheduler.domain.series.recurrence import AddedDay, Occurrence, Rule, rule_problems

MEETINGS_MADE_AHEAD = timedelta(days=548)
"""Meetings stand so far ahead: a year that is planned half a year before it begins stands whole."""


@dataclass(frozen=True)
class MeetingSeriesDraft:
    """What staff may set on a series of meetings."""

    usual: MeetingDefaults
    rule: Rule

    @property
    def title(self) -> str:
        """What each meeting is called that has no name of its own."""
        return self.usual.title or self.usual.body


@dataclass(frozen=True)
class MeetingSeries:
    """A series of meetings as the house keeps it."""

    id: MeetingSeriesId
    draft: MeetingSeriesDraft
    ended: bool
    version: int

    @property
    def title(self) -> str:
        """What each of its meetings is called."""
        return self.draft.title

    @property
    def channel(self) -> ChannelId:
        """The channel its meetings are on."""
        return self.draft.usual.channel


def meeting_on(draft: MeetingSeriesDraft, occurrence: Occurrence) -> MeetingDraft:
    """The meeting of one occurrence, as the series alone would have it."""
    return draft.usual.on(occurrence.start, occurrence.local.date(), occurrence.title)


def own_fields(made: MeetingDraft, stands: MeetingDraft) -> frozenset[str]:
    """Names of what somebody set on one meeting itself, its series having made it as `made`."""
    names = (one.name for one in fields(MeetingDraft))
    return frozenset(name for name in names if getattr(made, name) != getattr(stands, name))


def followed(made: MeetingDraft, stands: MeetingDraft, will: MeetingDraft) -> MeetingDraft:
    """The meeting after its series changed from `made` to `will`.

    What somebody set on this one stays, and all else follows: a meeting that has its own agenda
    moves with its series, and keeps the agenda. A hard limit stays as far from the start as it was.
    """
    own = own_fields(made, stands)
    names = (one.name for one in fields(MeetingDraft))
    after = replace(stands, **{name: getattr(will, name) for name in names if name not in own})
    return replace(after, hard_limit=moved_limit(stands.hard_limit, after.start - stands.start))


def special_days(rule: Rule) -> tuple[AddedDay, ...]:
    """Meetings the rule's own days do not have, by day."""
    found = (one for one in rule.exceptions if isinstance(one, AddedDay))
    return tuple(sorted(found, key=lambda one: one.day))


def problems(draft: MeetingSeriesDraft) -> dict[str, str]:
    """What is wrong with the draft, a sentence for each field; empty when it may be kept."""
    found = default_problems(draft.usual) | rule_problems(draft.rule)
    twice = _said_twice(draft.rule)
    if twice is not None:
        found["exceptions"] = f"{long_day(twice)} is listed twice: keep one line for it."
    return found


def _said_twice(rule: Rule) -> date | None:
    """The first day that two lines speak of."""
    days = sorted(one.day for one in rule.exceptions)
    return next((day for day, after in itertools.pairwise(days) if day == after), None)
