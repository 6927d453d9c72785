"""The ripple: later airings pushed along as far as they must, across midnight, round fixed ones."""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from config.names import AiringId
from config.steps import next_step
from scheduler.domain.model.airing import AiringDraft, moved

SLOT_STEP = timedelta(minutes=5)
"""Free slots start on a multiple of this."""
SLOT_SOUGHT_WITHIN = timedelta(days=2)
"""A slot farther away is no way out: staff would not find the airing again."""


def overlap(one: AiringDraft, other: AiringDraft) -> bool:
    """Return whether the planned times of both have an instant in common."""
    return one.start < other.start + other.length and other.start < one.start + one.length


def push_along(
    plan: Mapping[AiringId, AiringDraft], first: AiringId, fixed: Set[AiringId]
) -> dict[AiringId, AiringDraft]:
    """Return the airings that move when `first` is left to finish, each at its new start.

    Order is kept and gaps absorb the push, so the ripple ends at the first gap that is long enough.
    An airing that would run into a fixed one goes behind it. Fixed airings, and those that began
    before `first`, never move.

    For example `first` runs to 20:15. Planning 20:00–21:00 moves to 20:15–21:15. News 21:30 stays,
    for the gap before it absorbs the quarter of an hour.
    """
    start = plan[first].start
    walls = sorted((plan[id] for id in fixed if id in plan), key=lambda draft: draft.start)
    away: dict[AiringId, AiringDraft] = {}
    at = start + plan[first].length
    for id, draft in sorted(plan.items(), key=lambda pair: (pair[1].start, pair[0])):
        if id == first or id in fixed or draft.start < start:
            continue
        if draft.start >= at:
            break
        begins = _past(walls, at, draft.length)
        away[id] = moved(draft, begins)
        at = begins + draft.length
    return away


def _past(walls: list[AiringDraft], at: datetime, length: timedelta) -> datetime:
    """Return the first moment from `at` with room for `length` between or after the fixed
    airings."""
    for wall in walls:
        if at < wall.start + wall.length and wall.start < at + length:
            at = wall.start + wall.length
    return at


def free_slot(
    plan: Mapping[AiringId, AiringDraft], airing: AiringId, after: datetime
) -> datetime | None:
    """Return the next start from `after` with room for the airing, at a full five minutes.

    None where there is none within two days.
    """
    length = plan[airing].length
    others = sorted((d for id, d in plan.items() if id != airing), key=lambda d: d.start)
    at = next_step(after, SLOT_STEP)
    for other in others:
        if at < other.start + other.length and other.start < at + length:
            at = next_step(other.start + other.length, SLOT_STEP)
    return at if at - after <= SLOT_SOUGHT_WITHIN else None
