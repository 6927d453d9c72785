"""The saved searches of a plan, with the files that may come up in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.names import AiringId
from playout.model.choosing import MOST_CHOICES, MOST_DECIDED
from playout.model.plan import Plan
from scheduler.domain.library.saved_search import SearchPool, carried
from scheduler.domain.model.ids import SearchId


def with_choices(
    plan: Plan,
    pools: Mapping[SearchId, SearchPool],
    decided: Sequence[AiringId],
    zone: ZoneInfo,
) -> Plan:
    """Return the plan with the saved searches that its items name."""
    moments: dict[SearchId, list[datetime]] = {}
    for item in plan.items:
        if item.choice:
            moments.setdefault(SearchId(item.choice), []).append(item.start)
    if not moments:
        return plan
    used = {id: pools[id] for id in sorted(moments)[:MOST_CHOICES]}
    keys = {one.media.material for pool in used.values() for one in pool.candidates}
    named = sum(item.media is not None and item.media.material in keys for item in plan.items)
    airings = sum(map(len, moments.values()))
    choices = tuple(
        carried(pool, moments[id], named + airings - len(moments[id]), zone)
        for id, pool in used.items()
    )
    return replace(plan, choices=choices, decided=tuple(decided)[-MOST_DECIDED:])
