"""Where a live stands: begun, in recess, in session off the air, over; and what is kept of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import CueId, ItemId
from playout.model.engine import Intake
from playout.model.plan import ContentKind, EndRule, Item, Plan, Rank
from playout.model.rundown import Cue
from playout.model.source import Source
from playout.state.air_state import AirState
from playout.timing.durations import guess

RECORD_UNATTENDED_FOR = timedelta(hours=12)
"""How long after its expected end a live is recorded that nobody airs and nobody ends: longer than
any meeting that was ever seen (11 hours)."""
INTAKE_NAMED_AHEAD = timedelta(minutes=10)
"""Intakes are named this long before they open."""
BEGINNING_MISSED_AFTER = timedelta(minutes=1)


def expected_end(item: Item, happened: AirState) -> datetime:
    """When staff expect the live to end: by plan and by what they added, not past a set limit."""
    end = item.start + item.length + happened.extended.get(item.id, timedelta(0))
    return min(end, item.hard_limit) if item.hard_limit is not None else end


def is_held(item: Item, happened: AirState) -> bool:
    """Whether it stays on until it is adjourned."""
    return item.end_rule is EndRule.HOLD or item.id in happened.held


def may_begin(item: Item, happened: AirState) -> bool:
    """Whether the live is still to come, on air or in session: nobody and nothing has ended it."""
    return item.id not in happened.skipped and item.id not in happened.over


def in_session(item: Item, current: Cue, happened: AirState, now: datetime) -> bool:
    """Whether a live goes on off the air: something else was on when it began, or was taken."""
    if not may_begin(item, happened) or item.id in happened.provisional:
        return False
    if current.item == item.id or not is_held(item, happened):
        return False
    if item.start > now and item.id not in happened.aired:
        return False
    if item.hard_limit is not None and now >= item.hard_limit:
        return False
    end = expected_end(item, happened)
    was_here = happened.since is None or happened.since < end
    return now < end or (was_here and now < end + RECORD_UNATTENDED_FOR)


def intakes(plan: Plan, current: Cue, happened: AirState, now: datetime) -> tuple[Intake, ...]:
    """Every source to keep open now or soon, in order of opening; the same while nothing changes.

    A held live keeps its source open to a little past a guessed end that moves in steps.
    """
    sources = {source.id: source for source in plan.sources}
    wanted = []
    for item in plan.items:
        source = sources.get(item.source or "")
        if item.kind is ContentKind.LIVE and source is not None:
            intake = _of_item(item, source, current, happened, now)
            if (
                intake is not None
                and intake.closes > now
                and intake.opens <= now + INTAKE_NAMED_AHEAD
            ):
                wanted.append(intake)
    if current.item is None and current.kind is ContentKind.LIVE:
        source = sources.get(current.source or "")
        if source is not None:
            wanted.append(Intake(source, current.start, current.end))
    return tuple(sorted(wanted, key=lambda intake: (intake.opens, intake.airing or "")))


def with_previews(
    wanted: tuple[Intake, ...], plan: Plan, looking: Iterable[str], now: datetime, room: int
) -> tuple[Intake, ...]:
    """The intakes, and those of sources somebody looks at before air, unrecorded.

    Only where one of the `room` sources that can be open at once is free: nobody's look costs a
    meeting its picture. The same for whole minutes, so that nothing is opened anew meanwhile.
    """
    looks: list[Intake] = []
    open_now = {intake.source.id for intake in wanted}
    minute = now.replace(second=0, microsecond=0)
    for source in plan.sources:
        if source.id in looking and source.id not in open_now and len(open_now) < room:
            open_now.add(source.id)
            looks.append(
                Intake(source, minute - BEGINNING_MISSED_AFTER, minute + 2 * BEGINNING_MISSED_AFTER)
            )
    return (*wanted, *looks)


def _of_item(
    item: Item, source: Source, current: Cue, happened: AirState, now: datetime
) -> Intake | None:
    closes = _closes(item, current, happened, now)
    if closes is None:
        return None
    opens = item.start - item.pre_roll
    airing = item.airing if is_recorded(item, current, happened) else None
    recess = item.id in happened.recess and item.id in happened.begun
    return Intake(source, min(opens, _first(item, happened) or opens), closes, airing, recess)


def _closes(item: Item, current: Cue, happened: AirState, now: datetime) -> datetime | None:
    """When its source is let go; None where it need not be opened at all."""
    if item.id in happened.skipped and item.id not in happened.aired:
        return None
    if item.id in happened.over:
        return happened.over[item.id] + item.post_roll
    if item.id in happened.provisional:
        return happened.provisional[item.id] + RESUMABLE_FOR
    if current.item == item.id:
        return current.end + item.post_roll
    end = expected_end(item, happened)
    if in_session(item, current, happened, now):
        return guess(end, now) + item.post_roll
    return _was_over(item, happened, end, now) + item.post_roll


def _was_over(item: Item, happened: AirState, end: datetime, now: datetime) -> datetime:
    """The end of what aired of it; the expected end where nothing has."""
    pieces = [cue for cue in happened.pinned if cue.item == item.id and cue.start <= now]
    if not pieces:
        return end
    last = pieces[-1]
    if last.id in happened.ended:
        return happened.ended[last.id]
    return (item.hard_limit or end) if last.held else last.end


def is_recorded(item: Item, current: Cue, happened: AirState) -> bool:
    """Whether it is recorded: as planned, and always where another live keeps it off the air."""
    other = (
        current.kind is ContentKind.LIVE and current.item != item.id and current.rank >= Rank.HELD
    )
    first = _first(item, happened)
    return (
        item.record or other or (first is not None and first - item.start >= BEGINNING_MISSED_AFTER)
    )


def _first(item: Item, happened: AirState) -> datetime | None:
    """When it first was on air."""
    return next((cue.start for cue in happened.pinned if cue.item == item.id), None)


RESUMABLE_FOR = timedelta(hours=1)
"""For so long a live that was adjourned can come back, by hand or by good signal."""


def within_limit(item: ItemId | None, plan: Plan, now: datetime) -> bool:
    """Whether the limit that staff set, if any, lies ahead: it is never passed."""
    known = plan.item(item)
    return known is None or known.hard_limit is None or now < known.hard_limit


def resumed_cue(last: Cue, now: datetime) -> Cue:
    """The next piece of a live that comes back after its last."""
    base, _, piece = last.id.rpartition("#")
    name = CueId(f"{base}#{int(piece) + 1}") if base else CueId(f"{last.id}#2")
    rank = max(last.rank, Rank.HELD)
    return replace(last, id=name, start=now, end=guess(last.end, now), held=True, rank=rank)
