"""Meetings that repeat: the rule of their days, and the fields one of them keeps for itself."""

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
"""Meetings are made this far ahead, so that a year planned half a year early is complete."""


@dataclass(frozen=True)
class MeetingSeriesDraft:
    """The fields of a series of meetings that staff may set."""

    usual: MeetingDefaults
    rule: Rule

    @property
    def title(self) -> str:
        """The title of each meeting that has none of its own."""
        return self.usual.title or self.usual.body


@dataclass(frozen=True)
class MeetingSeries:
    """A series of meetings as stored."""

    id: MeetingSeriesId
    draft: MeetingSeriesDraft
    ended: bool
    version: int

    @property
    def title(self) -> str:
        """The title of each of its meetings."""
        return self.draft.title

    @property
    def channel(self) -> ChannelId:
        """The channel its meetings are on."""
        return self.draft.usual.channel


def meeting_on(draft: MeetingSeriesDraft, occurrence: Occurrence) -> MeetingDraft:
    """Return the meeting of one occurrence, as the series alone makes it."""
    return draft.usual.on(occurrence.start, occurrence.local.date(), occurrence.title)


def own_fields(made: MeetingDraft, stands: MeetingDraft) -> frozenset[str]:
    """Return the names of the fields that staff set on this meeting, which its series made as
    `made`.
    """
    names = (one.name for one in fields(MeetingDraft))
    return frozenset(name for name in names if getattr(made, name) != getattr(stands, name))


def followed(made: MeetingDraft, stands: MeetingDraft, will: MeetingDraft) -> MeetingDraft:
    """Return the meeting after its series changed from `made` to `will`.

    Fields that staff set on this meeting stay, and all others follow. For example, a meeting with
    an agenda of its own moves with its series and keeps the agenda. A hard limit keeps its distance
    from the start.
    """
    own = own_fields(made, stands)
    names = (one.name for one in fields(MeetingDraft))
    after = replace(stands, **{name: getattr(will, name) for name in names if name not in own})
    return replace(after, hard_limit=moved_limit(stands.hard_limit, after.start - stands.start))


def special_days(rule: Rule) -> tuple[AddedDay, ...]:
    """Return the meetings on days the rule itself does not have, by day."""
    added = (one for one in rule.exceptions if isinstance(one, AddedDay))
    return tuple(sorted(added, key=lambda one: one.day))


def problems(draft: MeetingSeriesDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors = default_problems(draft.usual) | rule_problems(draft.rule)
    twice = _said_twice(draft.rule)
    if twice is not None:
        errors["exceptions"] = f"{long_day(twice)} is listed twice: keep one line for it."
    return errors


def _said_twice(rule: Rule) -> date | None:
    """Return the first day that has two exceptions."""
    days = sorted(one.day for one in rule.exceptions)
    return next((day for day, after in itertools.pairwise(days) if day == after), None)
