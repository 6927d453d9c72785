"""Pushing airings along: as far as they must, across midnight, round what nothing may move."""

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import AiringId
from config.steps import next_step
from scheduler.domain.model.airing import AiringDraft

SLOT_STEP = timedelta(minutes=5)
SLOT_SOUGHT_WITHIN = timedelta(days=2)


def overlap(one: AiringDraft, other: AiringDraft) -> bool:
    """Whether both are planned for the same second."""
    return one.start < other.start + other.length and other.start < one.start + one.length


def push_along(
    plan: Mapping[AiringId, AiringDraft], first: AiringId, fixed: Set[AiringId]
) -> dict[AiringId, AiringDraft]:
    """Those that move when `first` is left to finish, each to where it then begins.

    Order is kept, a gap takes up what it can, and what would run into something fixed goes
    behind it; something fixed, and whatever began before `first`, never moves.
    """
    start = plan[first].start
    walls = sorted((plan[id] for id in fixed if id in plan), key=lambda draft: draft.start)
    moved: dict[AiringId, AiringDraft] = {}
    at = start + plan[first].length
    for id, draft in sorted(plan.items(), key=lambda pair: (pair[1].start, pair[0])):
        if id == first or id in fixed or draft.start < start:
            continue
        if draft.start >= at:
            break
        begins = _past(walls, at, draft.length)
        shift = begins - draft.start
        limit = draft.hard_limit + shift if draft.hard_limit else None
        moved[id] = replace(draft, start=begins, hard_limit=limit)
        at = begins + draft.length
    return moved


def _past(walls: list[AiringDraft], at: datetime, length: timedelta) -> datetime:
    """The first moment from `at` with room for `length` before or behind what is fixed."""
    for wall in walls:
        if at < wall.start + wall.length and wall.start < at + length:
            at = wall.start + wall.length
    return at


def free_slot(
    plan: Mapping[AiringId, AiringDraft], airing: AiringId, after: datetime
) -> datetime | None:
    """The next time from `after` with room for the airing, at a full five minutes; None if none."""
    length = plan[airing].length
    others = sorted((d for id, d in plan.items() if id != airing), key=lambda d: d.start)
    at = next_step(after, SLOT_STEP)
    for other in others:
        if at < other.start + other.length and other.start < at + length:
            at = next_step(other.start + other.length, SLOT_STEP)
    return at if at - after <= SLOT_SOUGHT_WITHIN else None
