"""The one algebra: items with rules, and the state of air, become a rundown without a hole."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from config.names import AssetKey
from playout.model.plan import ContentKind, Plan, Rank
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState
from playout.timing.durations import CUE_LEAD, PlacedItems
from playout.timing.filler import fill
from playout.timing.filler_pool import FillerPool, pool_of
from playout.timing.placement import place

RUNDOWN_PAST_NOW = timedelta(hours=2)
"""A rundown reaches at least this far past now, when the plan has run out."""
LONGEST_SLIVER = timedelta(seconds=0.4)
"""A gap too short to show anything. The bus can hold a last picture for 0.45 s, so the file
before it is stretched over it."""


def settle(
    plan: Plan, happened: AirState, now: datetime, *, horizon: datetime | None = None
) -> Rundown:
    """Return the rundown: the one function that turns rules into times.

    Everything before `now` is as `happened` says. The cue on air stays as it is, and the rest
    follows by the rules. With an empty `AirState` all goes as planned, so the same call makes
    preview, published rundown and prediction. Covers the plan without a hole, or up to `horizon` if
    that comes first. Settling again without news changes nothing.
    """
    ends = _ends(plan, happened, now)
    placement = place(plan, happened, now, ends)
    if _is_stale(placement, happened, pool_of(plan, happened.unplayable), now, ends):
        still = happened.pinned[-1].id
        happened = replace(happened, ended={**happened.ended, still: now + CUE_LEAD})
        placement = place(plan, happened, now, ends)
    limit = min(ends, horizon) if horizon is not None else ends
    limit = max(limit, placement.starts + CUE_LEAD)
    cues = tuple(_cover(placement, happened, pool_of(plan, happened.unplayable), ends, limit))
    last = cues[-1]
    if last.end > limit:
        cues = (*cues[:-1], replace(last, end=limit))
    return Rundown(plan.channel, plan.revision, cues, placement.displaced)


def _ends(plan: Plan, happened: AirState, now: datetime) -> datetime:
    """Return where the rundown ends; past the plan it grows by whole hours, so that it is
    stable."""
    if not happened.pinned and happened.since is None:
        return max(plan.ends, plan.starts + CUE_LEAD)
    if plan.ends >= now + RUNDOWN_PAST_NOW:
        return plan.ends
    hour = now.replace(minute=0, second=0, microsecond=0)
    latest = max(cue.end for cue in happened.pinned) if happened.pinned else now
    return max(hour + timedelta(hours=1) + RUNDOWN_PAST_NOW, latest + RUNDOWN_PAST_NOW)


def _is_stale(
    placement: PlacedItems, happened: AirState, pool: FillerPool, now: datetime, ends: datetime
) -> bool:
    """Return whether the board or slate on air fills a gap that would now be filled otherwise.

    A host that was on air before its first plan would else show the slate for an hour.
    """
    last = happened.pinned[-1] if happened.pinned else None
    if last is None or happened.gap is None or last.rank > Rank.BOARD:
        return False
    if last.id in happened.ended or last.end <= now + 2 * CUE_LEAD:
        return False
    end = min((cue.start for cue in placement.cues if cue.start > last.start), default=ends)
    whole = _whole(happened, happened.gap, end, pool, max(now, last.start) + CUE_LEAD)
    return not any((c.id, c.start, c.kind) == (last.id, last.start, last.kind) for c in whole)


def _whole(
    happened: AirState, gap: datetime, end: datetime, pool: FillerPool, until: datetime
) -> tuple[Cue, ...]:
    """Return the filling of the present gap as it was begun, from the pool as it is now."""
    lead = CUE_LEAD if gap in happened.ended.values() else timedelta(0)
    return fill(gap, end, pool, happened.gap_filler, lead=lead, until=until)


def _cover(
    placement: PlacedItems, happened: AirState, pool: FillerPool, ends: datetime, limit: datetime
) -> Iterable[Cue]:
    """Yield the placed stretches with every gap between them filled, up to `limit`."""
    history = dict(happened.filler)
    at = placement.starts
    for cue in (*_without_slivers(placement.cues), None):
        gap_end = ends if cue is None else cue.start
        if gap_end > at:
            for filler in _gap(at, gap_end, happened, pool, history, limit):
                _remember(history, filler)
                yield filler
        if cue is None or cue.start >= limit:
            return
        yield cue
        _remember(history, cue)
        at = cue.end
        if at >= limit:
            return


def _without_slivers(cues: tuple[Cue, ...]) -> Iterable[Cue]:
    """Stretch a file over a sliver after it: one of 44:59.9 in a slot of 45 minutes."""
    for cue, after in pairwise(cues):
        sliver = timedelta(0) < after.start - cue.end <= LONGEST_SLIVER
        yield replace(cue, end=after.start) if sliver and cue.kind is ContentKind.FILE else cue
    yield from cues[-1:]


def _remember(history: dict[AssetKey, datetime], cue: Cue) -> None:
    if cue.rank == Rank.FILLER and cue.media is not None:
        history[cue.media.material] = cue.start


def _gap(
    start: datetime,
    end: datetime,
    happened: AirState,
    pool: FillerPool,
    history: dict[AssetKey, datetime],
    limit: datetime,
) -> tuple[Cue, ...]:
    """Fill one gap; one that is already being filled goes on as it was begun."""
    rest = _begun(start, end, happened, pool, limit)
    if rest:
        return rest
    lead = CUE_LEAD if start in happened.ended.values() else timedelta(0)
    return fill(start, end, pool, history, lead=lead, until=limit)


def _begun(
    start: datetime, end: datetime, happened: AirState, pool: FillerPool, limit: datetime
) -> tuple[Cue, ...]:
    last = happened.pinned[-1] if happened.pinned else None
    if last is None or happened.gap is None or last.end != start:
        return ()
    whole = _whole(happened, happened.gap, end, pool, limit)
    known = {(cue.id, cue.start, cue.media and cue.media.key) for cue in whole}
    if (last.id, last.start, last.media and last.media.key) not in known:
        return ()
    rest = tuple(cue for cue in whole if cue.start >= start)
    return rest if rest and rest[0].start == start else ()
