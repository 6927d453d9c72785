"""Misses of the next day on every channel: what will not air as it is, and how soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.domain.air.readiness import WARNING_MARKS, AiringFinding, findings, mark
from scheduler.domain.model.channel import Channel
from scheduler.reading.airing_views import airing_views

PAST_LAST_MARK = timedelta(seconds=1)
"""Added to the last mark, so that an airing exactly that far ahead is read too."""


@dataclass(frozen=True)
class MissWarning:
    """One miss and the last warning mark it has passed: a day, an hour or ten minutes."""

    channel: Channel
    finding: AiringFinding
    mark: timedelta


def soon(db: Database, now: datetime) -> tuple[MissWarning, ...]:
    """Return the misses of the next day, by start. An overlap is left out, for staff chose it."""
    warnings = []
    with db.read() as session:
        for row, number in find.plan.channels(session):
            channel = load.plan.channel(row, number)
            rows = find.plan.airings(
                session, channel.id, now, now + max(WARNING_MARKS) + PAST_LAST_MARK
            )
            for one in findings(airing_views(session, rows, now), now):
                passed = mark(one.at, now)
                if passed is not None and one.other is None:
                    warnings.append(MissWarning(channel, one, passed))
    return tuple(sorted(warnings, key=lambda one: (one.finding.at, one.channel.id)))
