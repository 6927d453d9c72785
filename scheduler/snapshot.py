"""Reads what plans, previews and pages are made from, in one look at the database."""

from datetime import datetime, timedelta

from config.names import ChannelId
from scheduler.db import find, find_live, load, load_live
from scheduler.db.store import Session
from scheduler.db.tables import ChannelRow, PlanVersionRow
from scheduler.domain.expand import Snapshot
from scheduler.refusals import Missing

LONG_LIVE = timedelta(hours=24)
"""A live may still be held this long after its planned end."""


def read_channel(session: Session, channel: ChannelId) -> Snapshot | None:
    """The channel alone, without any airing; None where there is none."""
    row = session.get(ChannelRow, channel)
    if row is None:
        return None
    version = session.get(PlanVersionRow, channel)
    return Snapshot(load.channel(row, version.number if version else 0), (), {}, (), ())


def snapshot(session: Session, channel: ChannelId, since: datetime, until: datetime) -> Snapshot:
    """Everything about [since, until) of the channel. Raises Missing."""
    bare = read_channel(session, channel)
    if bare is None:
        raise Missing("channel")
    airings = tuple(load.airing(row) for row in find.airings(session, channel, since, until))
    named = [id for airing in airings for id in (airing.draft.asset, airing.draft.substitute)]
    assets = find.assets_by_id(session, named)
    live = {airing.draft.source for airing in airings if airing.draft.source}
    sources = {row.id: row for row in find_live.sources(session)}
    sources |= find_live.sources_by_id(session, live - set(sources))
    return Snapshot(
        channel=bare.channel,
        airings=airings,
        assets={asset.id: asset for asset in map(load.asset, assets.values())},
        filler=tuple(load.asset(row) for row in find.filler(session, channel)),
        slides=tuple(load.slide(row) for row in find.slides(session, channel)),
        sources=tuple(load_live.source(sources[id]) for id in sorted(sources)),
    )
