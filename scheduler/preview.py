"""What a change would move, found out by making it, settling both ways, and keeping nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId, Revision
from playout.live import Happened
from playout.replays import resolved
from playout.rundown import Plan, Rundown
from playout.settle import settle
from scheduler.changes import Work
from scheduler.db.store import Database, Session
from scheduler.db.tables import AiringRow
from scheduler.domain.expand import expand
from scheduler.domain.moves import Aired, Move, aired, compare
from scheduler.domain.people import Actor, Right
from scheduler.heard import happened
from scheduler.refusals import Forbidden
from scheduler.snapshot import snapshot

AROUND = timedelta(hours=12)
"""A change is looked at from this long before it to this long after."""
Stretch = tuple[ChannelId, datetime, datetime]


class _Enough(Exception):
    """Ends the transaction so that nothing of it is kept."""


def what_moves(
    db: Database, actor: Actor, now: datetime, do: Callable[[Work], None]
) -> tuple[Move, ...]:
    """What `do` would move on the air, its own airings included; nothing of it is kept.

    Raises Forbidden, and what `do` raises.
    """
    if not actor.may(Right.PLAN):
        raise Forbidden(Right.PLAN.value)
    found: list[Move] = []
    try:
        with db.write() as session:
            found += _tried(session, Work(session, actor, now), do)
            raise _Enough
    except _Enough:
        return tuple(found)


def _tried(session: Session, work: Work, do: Callable[[Work], None]) -> tuple[Move, ...]:
    with session.begin_nested() as attempt:
        do(work)
        session.flush()
        stretches = _stretches(work)
        after, reasons = _times(session, stretches, work.now)
        attempt.rollback()
    session.expire_all()
    before, _ = _times(session, stretches, work.now)
    return compare(before, after, reasons)


def _stretches(work: Work) -> list[Stretch]:
    """The times around everything the work touched, before and after it, joined where they meet."""
    spans: list[Stretch] = []
    for part in work.parts():
        if part["table"] != AiringRow.__tablename__:
            continue
        for said in filter(None, (part["before"], part["after"])):
            start, end = (datetime.fromisoformat(said[name]) for name in ("start", "end"))
            if end > work.now and not said["cancelled"]:
                since = max(start - AROUND, work.now)
                spans.append((ChannelId(said["channel_id"]), since, end + AROUND))
    return _joined(spans)


def _joined(spans: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for channel, start, end in sorted(spans):
        last = joined[-1] if joined else None
        if last is not None and last[0] == channel and start <= last[2]:
            joined[-1] = (channel, last[1], max(last[2], end))
        else:
            joined.append((channel, start, end))
    return joined


def _times(
    session: Session, stretches: Iterable[Stretch], now: datetime
) -> tuple[dict[AiringId, Aired], dict[str, str]]:
    """When each airing of the stretches is on, and why others are not.

    A replay of a meeting that is yet to come has no file to settle; it counts as planned.
    """
    plans = [_plan(session, *stretch, now) for stretch in stretches]
    rundowns = [_settled(session, plan, now) for plan in plans]
    reasons = {str(gone.airing): gone.reason for one in rundowns for gone in one.displaced}
    awaited = {
        item.airing: Aired(item.title, item.start, item.start + item.length)
        for plan in plans
        for item in plan.items
        if item.replay_of is not None and item.airing is not None
    }
    return {**awaited, **aired(rundowns)}, reasons


def _plan(
    session: Session, channel: ChannelId, start: datetime, end: datetime, now: datetime
) -> Plan:
    return expand(snapshot(session, channel, start, end), start, end, now, Revision(0))


def _settled(session: Session, plan: Plan, now: datetime) -> Rundown:
    if plan.starts > now:
        return settle(plan, Happened(), plan.starts, horizon=plan.ends)
    known = happened(session, plan.channel, now)
    return settle(resolved(plan, known), known, now, horizon=plan.ends)
