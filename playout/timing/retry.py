"""Retries of a file that failed: some minutes later, twice at most, or once it is replaced.

The deck may have been starved, the disk slow, the copy repaired since. Each try is an event, so the
journal stays the truth.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from config.names import ItemId
from playout.model.events import Event, Retried
from playout.model.plan import ContentKind, Item, Plan
from playout.state.air_state import AirState

ITEM_RETRY_PAUSES = (timedelta(minutes=2), timedelta(minutes=10))
"""How long an item rests after each failure; after one more it is not tried again."""
CLIP_RETRY_PAUSES = (timedelta(minutes=10), timedelta(hours=6))
"""The same for a filler clip; another clip airs in its place meanwhile."""
LEAST_LEFT_TO_RETRY = timedelta(minutes=1)
"""An item with less time left than this is not tried again."""


def due_retries(plan: Plan, happened: AirState, now: datetime) -> Iterator[Event]:
    """Yield a retry for each item and file that has rested long enough."""
    if not (happened.failed or happened.broken or happened.unplayable):
        return
    for item in plan.items:
        rested = _rested(happened.failures.get(item.id, ()), ITEM_RETRY_PAUSES, now)
        if rested and _has_time_left(item, now) and _is_out(item, happened):
            yield Retried(now, item=item.id)
    for key in happened.unplayable:
        if _rested(happened.failures.get(key, ()), CLIP_RETRY_PAUSES, now):
            yield Retried(now, asset=key)


def retries_of_replaced_files(
    before: Plan, after: Plan, happened: AirState, now: datetime
) -> Iterator[Event]:
    """Yield a retry for each item whose file failed, and which has another file in the new plan."""
    keys = {item.id: item.media.key for item in before.items if item.media is not None}
    for item in after.items:
        known = keys.get(item.id)
        if known is None or item.media is None or item.media.key == known:
            continue
        if _has_time_left(item, now) and _is_out(item, happened):
            yield Retried(now, item=item.id)


def coming_back(plan: Plan, happened: AirState, now: datetime) -> frozenset[ItemId]:
    """Return the items whose file failed and may still be tried again."""
    if not (happened.failed or happened.broken):
        return frozenset()
    most = len(ITEM_RETRY_PAUSES)
    return frozenset(
        item.id
        for item in plan.items
        if len(happened.failures.get(item.id, ())) <= most
        and _has_time_left(item, now)
        and _is_out(item, happened)
    )


def _has_time_left(item: Item, now: datetime) -> bool:
    return item.start + item.length - now >= LEAST_LEFT_TO_RETRY


def _rested(failures: Sequence[datetime], pauses: Sequence[timedelta], now: datetime) -> bool:
    tries = len(failures)
    return 0 < tries <= len(pauses) and now - failures[-1] >= pauses[tries - 1]


def _is_out(item: Item, happened: AirState) -> bool:
    """Return whether the item failed before its start, or on air, and has not come back since."""
    if item.kind is not ContentKind.FILE or item.id in happened.interrupted:
        return False
    return item.id in happened.failed or happened.broke(item.id)
