"""Previews of changes: made in a transaction, settled with and without, and rolled back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from config.names import AiringId, AssetKey, ChannelId, Revision
from playout.model.plan import Item, Media, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.choosing import resolve_choices
from playout.timing.compare import AirChange, TimeOnAir, compare, reasons_of, times_on_air
from playout.timing.settle import settle
from scheduler.changing.transaction import UnitOfWork
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.model.people import Actor, Right
from scheduler.reading.host_state import folded_state
from scheduler.reading.snapshot import snapshot
from scheduler.refusals import Forbidden

SETTLED_AROUND = timedelta(hours=12)
"""Air settled before and after each airing that the change touches."""
SettledSpan = tuple[ChannelId, datetime, datetime]


@dataclass(frozen=True)
class PreviewedChange(AirChange[AiringId]):
    """The effect on one airing of a change that is not made yet."""

    own: bool = field(kw_only=True)
    """The change is about this airing itself; others only give way, or come back."""


class _Enough(Exception):
    """Raised to end the transaction so that nothing of the change is kept."""


def preview_effects(
    db: Database, actor: Actor, now: datetime, do: Callable[[UnitOfWork], None]
) -> tuple[PreviewedChange, ...]:
    """Return what `do` would change on air, its own airings included; nothing of it is kept.

    Raises Forbidden, and whatever `do` raises.
    """
    if not actor.may(Right.PLAN):
        raise Forbidden(Right.PLAN.value)
    effects: list[PreviewedChange] = []
    try:
        with db.write() as session:
            effects += _tried(session, UnitOfWork(session, actor, now), do)
            raise _Enough
    except _Enough:
        return tuple(effects)


def _tried(
    session: Session, work: UnitOfWork, do: Callable[[UnitOfWork], None]
) -> tuple[PreviewedChange, ...]:
    with session.begin_nested() as attempt:
        do(work)
        session.flush()
        parts = work.parts()
        stretches = _spans_around(parts, work.now)
        own = {part["key"][0] for part in parts if part["table"] == AiringRow.__tablename__}
        after, reasons = _times(session, stretches, work.now)
        attempt.rollback()
    session.expire_all()
    before, _ = _times(session, stretches, work.now)
    return tuple(
        PreviewedChange(**vars(change), own=change.id in own)
        for change in compare(before, after, reasons)
    )


def _spans_around(parts: list[dict[str, Any]], now: datetime) -> list[SettledSpan]:
    """Return the spans around everything the work touched, before and after, joined where they
    meet.
    """
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
) -> tuple[dict[AiringId, TimeOnAir], dict[str, str]]:
    """Return when each airing of the spans is on air, and why others are not."""
    rundowns = [settled(session, *stretch, now) for stretch in stretches]
    reasons = {id: why for rundown in rundowns for id, why in reasons_of(rundown).items()}
    return airings_on_air(*rundowns), reasons


def airings_on_air(*rundowns: Rundown) -> dict[AiringId, TimeOnAir]:
    """Return when each airing of these rundowns is on air."""
    cues = (cue for rundown in rundowns for cue in rundown.cues)
    return times_on_air(cues, lambda cue: cue.airing)


def settled(
    session: Session, channel: ChannelId, start: datetime, end: datetime, now: datetime
) -> Rundown:
    """Return the rundown of [start, end) by the rows as they stand; replays count as if
    recorded."""
    read = snapshot(session, channel, start, end)
    bare = build_plan(read, start, end, now, Revision(0))
    if bare.starts > now:
        plan = _as_if_recorded(resolve_choices(bare, AirState()))
        return settle(plan, AirState(), plan.starts, horizon=plan.ends)
    known = folded_state(session, bare.channel, now)
    plan = _as_if_recorded(resolve_choices(bare, known))
    return settle(plan, known, now, horizon=plan.ends)


def _as_if_recorded(plan: Plan) -> Plan:
    """Give every awaited replay a file of its planned length."""
    return replace(plan, items=tuple(map(_with_file, plan.items)))


def _with_file(item: Item) -> Item:
    if item.replay_of is None or item.media is not None:
        return item
    media = Media(AssetKey(item.id), ".ts", 0, item.in_point + item.length, None)
    return replace(item, media=media)
