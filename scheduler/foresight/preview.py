"""What a change would move, found out by making it, settling both ways, and keeping nothing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from config.names import AiringId, AssetKey, ChannelId, Revision
from playout.model.plan import Item, Media, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.changing.transaction import UnitOfWork
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.clashes.moves import Aired, Move, aired, compare
from scheduler.domain.model.people import Actor, Right
from scheduler.reading.host_state import folded_state
from scheduler.reading.snapshot import snapshot
from scheduler.refusals import Forbidden

SETTLED_AROUND = timedelta(hours=12)
"""A change is looked at from this long before it to this long after."""
SettledSpan = tuple[ChannelId, datetime, datetime]


class _Enough(Exception):
    """Ends the transaction so that nothing of it is kept."""


def preview_effects(
    db: Database, actor: Actor, now: datetime, do: Callable[[UnitOfWork], None]
) -> tuple[Move, ...]:
    """What `do` would move on the air, its own airings included; nothing of it is kept.

    Raises Forbidden, and what `do` raises.
    """
    if not actor.may(Right.PLAN):
        raise Forbidden(Right.PLAN.value)
    found: list[Move] = []
    try:
        with db.write() as session:
            found += _tried(session, UnitOfWork(session, actor, now), do)
            raise _Enough
    except _Enough:
        return tuple(found)


def _tried(
    session: Session, work: UnitOfWork, do: Callable[[UnitOfWork], None]
) -> tuple[Move, ...]:
    with session.begin_nested() as attempt:
        do(work)
        session.flush()
        parts = work.parts()
        stretches = _stretches(parts, work.now)
        own = {part["key"][0] for part in parts if part["table"] == AiringRow.__tablename__}
        after, reasons = _times(session, stretches, work.now)
        attempt.rollback()
    session.expire_all()
    before, _ = _times(session, stretches, work.now)
    return compare(before, after, reasons, own)


def _stretches(parts: list[dict[str, Any]], now: datetime) -> list[SettledSpan]:
    """The times around everything the work touched, before and after it, joined where they meet."""
    spans: list[SettledSpan] = []
    for part in parts:
        if part["table"] != AiringRow.__tablename__:
            continue
        for said in filter(None, (part["before"], part["after"])):
            start, end = (datetime.fromisoformat(said[name]) for name in ("start", "end"))
            if end > now and not said["cancelled"]:
                since = max(start - SETTLED_AROUND, now)
                spans.append((ChannelId(said["channel_id"]), since, end + SETTLED_AROUND))
    return _joined(spans)


def _joined(spans: Iterable[SettledSpan]) -> list[SettledSpan]:
    joined: list[SettledSpan] = []
    for channel, start, end in sorted(spans):
        last = joined[-1] if joined else None
        if last is not None and last[0] == channel and start <= last[2]:
            joined[-1] = (channel, last[1], max(last[2], end))
        else:
            joined.append((channel, start, end))
    return joined


def _times(
    session: Session, stretches: Iterable[SettledSpan], now: datetime
) -> tuple[dict[AiringId, Aired], dict[str, str]]:
    """When each airing of the stretches is on, and why others are not."""
    rundowns = [settled(session, *stretch, now) for stretch in stretches]
    reasons = {str(gone.airing): gone.reason for one in rundowns for gone in one.displaced}
    return aired(rundowns), reasons


def settled(
    session: Session, channel: ChannelId, start: datetime, end: datetime, now: datetime
) -> Rundown:
    """How [start, end) would go by the rows as they stand; replays count as if recorded."""
    read = snapshot(session, channel, start, end)
    plan = _as_if_recorded(build_plan(read, start, end, now, Revision(0)))
    if plan.starts > now:
        return settle(plan, AirState(), plan.starts, horizon=plan.ends)
    known = folded_state(session, plan.channel, now)
    return settle(plan, known, now, horizon=plan.ends)


def _as_if_recorded(plan: Plan) -> Plan:
    """Every replay with a file of the length that is planned for it."""
    return replace(plan, items=tuple(map(_with_file, plan.items)))


def _with_file(item: Item) -> Item:
    if item.replay_of is None or item.media is not None:
        return item
    media = Media(AssetKey(item.id), ".ts", 0, item.in_point + item.length, None)
    return replace(item, media=media)
