"""The 7-day simulation: each channel aired ahead of time by settle, and the problems it meets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import Revision
from playout.model.plan import Plan
from scheduler.db import find
from scheduler.db.store import Database, Session
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.air.dry_run import DryRunFinding, found, share, walk
from scheduler.domain.air.readiness import AiringView, Light
from scheduler.domain.model.channel import Channel
from scheduler.reading.airing_views import airing_views
from scheduler.reading.channels import channels_in_use
from scheduler.reading.host_state import folded_state
from scheduler.reading.snapshot import snapshot

SIMULATED_FOR = timedelta(days=7)
PLAN_STARTS_BEFORE = timedelta(hours=6)
PLAN_REACHES_PAST = timedelta(hours=56)
"""A step's plan reaches so far past it, so that the longest airing that begins in it is whole."""


@dataclass(frozen=True)
class DryRun:
    """The coming days of one channel as they would air."""

    channel: Channel
    starts: datetime
    ends: datetime
    airings: int
    found: tuple[DryRunFinding, ...]
    share: dict[str, timedelta]
    """How long programs, blocks, filler, bulletins and slate were on."""
    chosen: tuple[AiringView, ...] = ()
    """Airings of saved searches, with what each would show as things are."""


def simulate(db: Database, now: datetime, days: timedelta = SIMULATED_FOR) -> tuple[DryRun, ...]:
    """Simulate every channel from `now` on. Stores nothing, and takes well under a second a
    channel.
    """
    with db.read() as session:
        channels = channels_in_use(session)
        return tuple(_one(session, channel, now, now + days) for channel in channels)


def _one(session: Session, channel: Channel, now: datetime, ends: datetime) -> DryRun:
    read = snapshot(session, channel.id, now - PLAN_STARTS_BEFORE, ends + PLAN_REACHES_PAST)

    def plan(clock: datetime) -> Plan:
        return build_plan(
            read, clock - PLAN_STARTS_BEFORE, clock + PLAN_REACHES_PAST, now, Revision(0)
        )

    seen = walk(plan, folded_state(session, channel.id, now), now, ends)
    airings = [one for one in read.airings if one.start < ends and one.end > now]
    rows = [row for row in find.plan.airings(session, channel.id, now, ends) if row.end > now]
    views = airing_views(session, rows, now)
    calm = (Light.READY, Light.WAITS)
    return DryRun(
        channel=channel,
        starts=now,
        ends=ends,
        airings=len(airings),
        found=found(seen, read, views, now),
        share=share(seen.cues),
        chosen=tuple(one for one in views if one.airing.draft.search and one.readiness in calm),
    )
