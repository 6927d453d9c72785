"""Airings that a meeting displaced, the reason, and the next free time for each."""

from dataclasses import dataclass
from datetime import datetime

from config.names import AiringId, ChannelId
from scheduler.db.store import Database
from scheduler.foresight.free_time import displaced_rows as rows_of
from scheduler.foresight.free_time import find_slots
from scheduler.reading.host_state import forecast


@dataclass(frozen=True)
class DisplacedAiring:
    """A displaced airing and the next free time for it."""

    airing: AiringId
    title: str
    planned: datetime
    reason: str
    start: datetime | None
    """The next free time; None where two weeks have no room for it."""


def displaced(db: Database, channel: ChannelId, now: datetime) -> tuple[DisplacedAiring, ...]:
    """Return everything displaced in the last day and the next, by planned start."""
    with db.read() as session:
        rundown = forecast(session, channel, now).rundown
        rows = rows_of(session, channel, rundown, now)
        reasons = {one.airing: one.reason for one in rundown.displaced if one.airing}
        return tuple(
            DisplacedAiring(
                AiringId(row.id),
                row.title,
                row.start,
                reasons.get(AiringId(row.id)) or row.outcome_reason,
                start,
            )
            for row, start in find_slots(session, channel, rundown, rows, now)
        )
