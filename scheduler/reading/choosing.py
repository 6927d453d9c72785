"""The files that airings of saved searches would show, by what is known now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from config.names import AiringId, ChannelId, Revision
from playout.timing.choosing import resolve_choices
from scheduler.db.store import Session
from scheduler.domain.air.build_plan import PLAN_REACHES_BACK, build_plan
from scheduler.domain.air.choosing import Chosen, chosen_of
from scheduler.domain.model.airing import Airing
from scheduler.reading.host_state import folded_state
from scheduler.reading.snapshot import snapshot


def chosen(session: Session, airings: Iterable[Airing], now: datetime) -> dict[AiringId, Chosen]:
    """Return what each of these airings would show that draws from a saved search.

    Airings without one, cancelled ones and those that are over are left out.
    """
    asking: dict[ChannelId, list[Airing]] = {}
    for one in airings:
        if one.draft.search and not one.cancelled and one.end > now:
            asking.setdefault(one.channel, []).append(one)
    found: dict[AiringId, Chosen] = {}
    for channel, some in asking.items():
        found |= _on_channel(session, channel, some, now)
    return found


def _on_channel(
    session: Session, channel: ChannelId, airings: list[Airing], now: datetime
) -> dict[AiringId, Chosen]:
    starts, ends = now - PLAN_REACHES_BACK, max(one.end for one in airings)
    read = replace(snapshot(session, channel, starts, ends), blocks=(), slides=(), filler=())
    plan = build_plan(read, starts, ends, now, Revision(0))
    settled = resolve_choices(plan, folded_state(session, channel, now))
    return {one.id: chosen_of(one, settled, read.pools, read.channel.tz, now) for one in airings}
