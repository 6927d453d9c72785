"""The search for free air: for soft airings behind a longer replay, and for displaced airings."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId, ChannelId
from playout.model.rundown import Rundown
from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.clashes.free_slots import first_free_slot
from scheduler.domain.model.spans import TimeSpan
from scheduler.domain.reported.retimed import off_the_air
from scheduler.foresight.preview import airings_on_air, settled

FREED_WITHIN = timedelta(hours=12)
"""Span behind a replay in which soft airings may be pushed; the ripple crosses midnight."""
MINUTE = timedelta(minutes=1)
BACK_NO_SOONER_THAN = timedelta(minutes=10)
"""Least time from now until a displaced airing may come back."""
SLOTS_SOUGHT_WITHIN = timedelta(days=15)
"""Span ahead in which a slot is sought."""
DISPLACED_WITHIN = timedelta(hours=24)
"""Span before and after now in which displaced airings are offered a slot."""
HELD_RUNS_OVER = timedelta(minutes=30)
"""Time kept free behind the estimated end of a held meeting."""
NewStart = tuple[AiringRow, datetime]


def starts_behind_replays(session: Session, meeting: str, now: datetime) -> tuple[NewStart, ...]:
    """Return the soft airings that the meeting's replays push back, each with its new start on air.

    Locked and live airings, and those with a hard start, are never among them.
    """
    pushed: dict[str, NewStart] = {}
    for replay in find.meetings.airings_of(session, meeting):
        if not replay.slot or replay.cancelled or replay.end <= now:
            continue
        channel = ChannelId(replay.channel_id)
        since, until = max(replay.start, now), replay.end + FREED_WITHIN
        times = airings_on_air(settled(session, channel, since, until, now))
        for row in find.plan.airings(session, channel, since, until):
            new = times.get(AiringId(row.id))
            soft = row.start_rule != "hard" and not row.locked and row.source is None
            if soft and row.slot == "" and new is not None and new.start - row.start >= MINUTE:
                pushed[row.id] = (row, _whole_minute(new.start))
    return tuple(sorted(pushed.values(), key=lambda place: place[1]))


def _whole_minute(at: datetime) -> datetime:
    return at if not (at.second or at.microsecond) else at.replace(second=0, microsecond=0) + MINUTE


def displaced_rows(
    session: Session, channel: ChannelId, rundown: Rundown, now: datetime
) -> tuple[AiringRow, ...]:
    """Return airings of the last and the next day without a time in the rundown, by planned
    start."""
    gone = off_the_air(rundown, airings_on_air(rundown))
    rows = find.plan.airings(session, channel, now - DISPLACED_WITHIN, now + DISPLACED_WITHIN)
    missed = {row.id for row in rows if row.outcome == "missed" and row.start < now}
    return tuple(row for row in rows if _can_come_back(row, gone | missed))


def _can_come_back(row: AiringRow, gone: Iterable[str]) -> bool:
    """Return whether staff may put the airing back: nobody let it go, and no frame of it aired."""
    was_seen = row.outcome is not None and row.outcome != "missed"
    open_still = row.id in gone and not row.let_go
    return open_still and row.source is None and not row.slot and not was_seen


def find_slots(
    session: Session,
    channel: ChannelId,
    rundown: Rundown,
    rows: Sequence[AiringRow],
    now: datetime,
) -> tuple[tuple[AiringRow, datetime | None], ...]:
    """Return the next free start for each row, in order, as if those before it had taken theirs."""
    channel_row = session.get(ChannelRow, channel)
    zone = ZoneInfo(channel_row.zone) if channel_row else ZoneInfo("UTC")
    taken = _taken(session, channel, rundown, {row.id for row in rows}, now)
    placed = []
    for row in rows:
        start = first_free_slot(
            row.length, taken, now + BACK_NO_SOONER_THAN, zone, time(9), time(23)
        )
        if start is not None:
            taken = [*taken, (start, start + row.length)]
        placed.append((row, start))
    return tuple(placed)


def _taken(
    session: Session, channel: ChannelId, rundown: Rundown, but: set[str], now: datetime
) -> list[TimeSpan]:
    """Return the times that are planned or expected on air, but for the rows that seek a slot."""
    rows = find.plan.airings(session, channel, now, now + SLOTS_SOUGHT_WITHIN)
    planned = [(row.start, row.end) for row in rows if row.id not in but]
    return [*planned, *_expected(rundown)]


def _expected(rundown: Rundown) -> list[TimeSpan]:
    """Return the times the rundown gives to items; a held meeting may last longer than its
    estimate.
    """
    return [
        (cue.start, cue.end + (HELD_RUNS_OVER if cue.held else timedelta(0)))
        for cue in rundown.cues
        if cue.item is not None
    ]
