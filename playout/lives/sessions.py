"""The session of a live airing: begun, off the air or over, and when its source is open.

All functions are pure: they take the plan, the state of air and `now`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import ItemId
from playout.model.cue_ids import next_piece_of
from playout.model.engine import Intake
from playout.model.plan import ContentKind, EndRule, Item, Plan, Rank
from playout.model.rundown import Cue
from playout.model.source import Source
from playout.state.air_state import AirState
from playout.timing.durations import guess

RECORD_UNATTENDED_FOR = timedelta(hours=12)
"""How long past its expected end the host records a live that is off the air and that no one ends:
longer than the longest meeting we know of (11 hours)."""
INTAKE_NAMED_AHEAD = timedelta(minutes=10)
"""The engine learns of an intake this long before it opens."""
BEGINNING_MISSED_AFTER = timedelta(minutes=1)
"""Viewers missed the beginning of a live that went on air this long after its planned start."""
_MINUTE = timedelta(minutes=1)


def expected_end(item: Item, happened: AirState) -> datetime:
    """Return when staff expect the live to end, UTC: as planned plus extensions.

    It is never past the hard limit.
    """
    end = item.start + item.length + happened.extended.get(item.id, timedelta(0))
    return min(end, item.hard_limit) if item.hard_limit is not None else end


def is_held(item: Item, happened: AirState) -> bool:
    """Return whether the live stays on air until it is adjourned."""
    return item.end_rule is EndRule.HOLD or item.id in happened.held


def may_begin(item: Item, happened: AirState) -> bool:
    """Return whether the live may still air: it was neither skipped nor ended."""
    return item.id not in happened.skipped and item.id not in happened.over


def in_session(item: Item, current: Cue, happened: AirState, now: datetime) -> bool:
    """Return whether a held live is going on while something else is on air.

    Either something else was on air when it began, or an operator took the air from it. Past its
    expected end this holds for `RECORD_UNATTENDED_FOR`, and only if the host was already running
    before that end.
    """
    if not may_begin(item, happened) or item.id in happened.provisional:
        return False
    if current.item == item.id or not is_held(item, happened):
        return False
    if item.start > now and item.id not in happened.aired:
        return False
    if item.hard_limit is not None and now >= item.hard_limit:
        return False
    end = expected_end(item, happened)
    # A host that starts after the expected end cannot tell whether the meeting goes on, and does
    # not record an empty room for half a day.
    was_here = happened.since is None or happened.since < end
    return now < end or (was_here and now < end + RECORD_UNATTENDED_FOR)


def intakes(plan: Plan, current: Cue, happened: AirState, now: datetime) -> tuple[Intake, ...]:
    """Return the sources to keep open now or soon, in order of opening.

    The result stays equal while nothing changes, so that no source is closed and reopened in
    between. That is why the source of a held live stays open to a little past a guessed end that
    moves in steps.
    """
    sources = {source.id: source for source in plan.sources}
    open_or_soon = []
    for item in plan.items:
        source = sources.get(item.source or "")
        if item.kind is ContentKind.LIVE and source is not None:
            intake = _of_item(item, source, current, happened, now)
            if intake is not None and intake.opens - INTAKE_NAMED_AHEAD <= now < intake.closes:
                open_or_soon.append(intake)
    if current.item is None and current.kind is ContentKind.LIVE:
        source = sources.get(current.source or "")
        if source is not None:
            open_or_soon.append(Intake(source, current.start, current.end))
    return tuple(sorted(open_or_soon, key=lambda intake: (intake.opens, intake.airing or "")))


def with_previews(
    planned: tuple[Intake, ...], plan: Plan, looking: Iterable[str], now: datetime, room: int
) -> tuple[Intake, ...]:
    """Add an unrecorded intake for each source that someone watches before air (`looking`).

    `room` is how many sources can be open at once: a preview takes only a free place, never that of
    a meeting. Its times are whole minutes, so that the source is not reopened every turn.
    """
    previews: list[Intake] = []
    open_now = {intake.source.id for intake in planned}
    minute = now.replace(second=0, microsecond=0)
    for source in plan.sources:
        if source.id in looking and source.id not in open_now and len(open_now) < room:
            open_now.add(source.id)
            previews.append(Intake(source, minute - _MINUTE, minute + 2 * _MINUTE))
    return (*planned, *previews)


def _of_item(
    item: Item, source: Source, current: Cue, happened: AirState, now: datetime
) -> Intake | None:
    closes = _closes(item, current, happened, now)
    if closes is None:
        return None
    opens = item.start - item.pre_roll
    airing = item.airing if is_recorded(item, current, happened) else None
    # A live that was told to wait is in recess before it begins; only a later recess is recorded
    # as one.
    recess = item.id in happened.recess and item.id in happened.begun
    return Intake(
        source, min(opens, _first_on_air(item, happened) or opens), closes, airing, recess
    )


def _closes(item: Item, current: Cue, happened: AirState, now: datetime) -> datetime | None:
    """Return when to close the live's source; None if it need not be opened at all."""
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
    return _aired_until(item, happened, end, now) + item.post_roll


def _aired_until(item: Item, happened: AirState, end: datetime, now: datetime) -> datetime:
    """Return the end of the live's last piece on air; its expected end if nothing of it aired."""
    pieces = [cue for cue in happened.pieces(item.id) if cue.start <= now]
    if not pieces:
        return end
    last = pieces[-1]
    if last.id in happened.ended:
        return happened.ended[last.id]
    return (item.hard_limit or end) if last.held else last.end


def is_recorded(item: Item, current: Cue, happened: AirState) -> bool:
    """Return whether the live is recorded: by plan, or because another live delays it."""
    other = (
        current.kind is ContentKind.LIVE and current.item != item.id and current.rank >= Rank.HELD
    )
    first = _first_on_air(item, happened)
    return (
        item.record or other or (first is not None and first - item.start >= BEGINNING_MISSED_AFTER)
    )


def _first_on_air(item: Item, happened: AirState) -> datetime | None:
    """Return when the live first went on air."""
    return next((cue.start for cue in happened.pieces(item.id)), None)


RESUMABLE_FOR = timedelta(hours=1)
"""How long after its adjournment a live can come back, by hand or by good signal."""


def within_limit(item: ItemId | None, plan: Plan, now: datetime) -> bool:
    """Return whether `now` is before the item's hard limit; True if it has none."""
    known = plan.item(item)
    return known is None or known.hard_limit is None or now < known.hard_limit


def resumed_cue(last: Cue, now: datetime) -> Cue:
    """Return the next cue of a live that comes back on air after `last`."""
    name, rank = next_piece_of(last.id), max(last.rank, Rank.HELD)
    return replace(last, id=name, start=now, end=guess(last.end, now), held=True, rank=rank)
