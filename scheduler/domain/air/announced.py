"""Announcements in a plan: the week's meetings, and what was moved or canceled in it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from config.names import AiringId
from playout.model.announced import Announced
from playout.model.plan import ContentKind
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.text import one_line
from scheduler.domain.reported.public import project

ANNOUNCED_AHEAD = timedelta(days=16)
"""Beyond the present; an automatic page tells of seven days, and a plan may be eight days old."""
MOST_ANNOUNCED = 200
"""Lines of one plan; a page shows five of them."""


def announced(
    airings: Iterable[Airing], meetings: Mapping[AiringId, Meeting]
) -> tuple[Announced, ...]:
    """Return what viewers may know of these airings, cancelled ones among them, by start.

    A replay is announced neither as a meeting nor as a change: the guide has it.
    """
    told = (
        _announced(airing, meetings.get(airing.id))
        for airing in sorted(airings, key=lambda one: (one.start, one.id))
        if project(airing, None) is not None and not airing.draft.replay
    )
    worth = (one for one in told if one.live or one.cancelled or one.moved_from is not None)
    return tuple(worth)[:MOST_ANNOUNCED]


def _announced(airing: Airing, meeting: Meeting | None) -> Announced:
    return Announced(
        airing=airing.id,
        title=one_line(airing.title),
        start=airing.start,
        length=airing.draft.length,
        live=airing.kind is ContentKind.LIVE,
        cancelled=airing.cancelled,
        moved_from=airing.moved_from,
        where=one_line(meeting.draft.room) if meeting is not None else "",
    )
