"""Sentences about meetings: what a change moves, how far one has come, what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.meetings.meeting import MeetingStage
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.reported.aired import ButtonPress
from scheduler.foresight.preview import PreviewedChange
from scheduler.queries.meetings import MeetingView
from web.kit import words
from web.kit.effects import after_meeting
from web.kit.press_words import press_words

STAGE_LIGHTS = {
    MeetingStage.PLANNED: "ready",
    MeetingStage.UNDER_WAY: "air",
    MeetingStage.ADJOURNED: "past",
    MeetingStage.DID_NOT_AIR: "amber",
    MeetingStage.NOT_RECORDED: "amber",
    MeetingStage.CANCELLED: "past",
}


@dataclass(frozen=True)
class MoveSentences:
    """The effects of a change, as a person reads them before saving."""

    own: tuple[str, ...]
    """Effects on the meeting's own airings."""
    others: tuple[str, ...]
    """Effects on all other airings."""


@dataclass(frozen=True)
class MeetingWeek:
    """One week of the list."""

    name: str
    monday: date
    meetings: tuple[MeetingView, ...]


def moves(all_moves: Sequence[PreviewedChange], zone: ZoneInfo, now: datetime) -> MoveSentences:
    """Write each move as a sentence, those of the meeting's own airings apart from the others."""
    return MoveSentences(
        tuple(after_meeting(one, zone, now) for one in all_moves if one.own),
        tuple(after_meeting(one, zone, now) for one in all_moves if not one.own),
    )


@dataclass(frozen=True)
class HistoryLine:
    """One thing done to a meeting, before or while it was on."""

    at: datetime
    sentence: str
    actor: str


def history(
    changes: Sequence[AuditEntry], presses: Sequence[ButtonPress], most: int = 20
) -> tuple[HistoryLine, ...]:
    """Return the newest `most` entries, newest first: changes of the meeting and presses."""
    lines = [HistoryLine(one.at, one.sentence, one.actor) for one in changes]
    lines += [HistoryLine(one.at, press_words(replace(one, title="")), one.by) for one in presses]
    return tuple(sorted(lines, key=lambda one: one.at, reverse=True)[:most])


def by_week(
    views: Sequence[MeetingView], monday: date, count: int, today: date
) -> tuple[MeetingWeek, ...]:
    """Group the meetings into `count` weeks from `monday`, including weeks without any."""
    this = today - timedelta(days=today.weekday())
    weeks = []
    for start in (monday + timedelta(days=7 * n) for n in range(count)):
        inside = tuple(
            view
            for view in views
            if start
            <= view.meeting.start.astimezone(view.channel.tz).date()
            < start + timedelta(days=7)
        )
        name = {0: "This week", 7: "Next week", -7: "Last week"}.get((start - this).days)
        weeks.append(MeetingWeek(name or f"Week of {words.day(start, today)}", start, inside))
    return tuple(weeks)
