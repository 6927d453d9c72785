"""The health of the whole station, and its numbers, in a few cheap queries, for programs that watch
it.

Nothing is judged here: the verdicts are those of the pages and of the alerts.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import ChannelId
from playout.alerts.conditions import OFF_AIR, Condition
from playout.alerts.tracking import Alert
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.reading.host_state import is_silent, last_report
from scheduler.reading.pulse import scheduler_pulse


class SchedulerState(StrEnum):
    """The state of the scheduler process."""

    RUNNING = "running"
    STOPPED = "stopped"
    NEVER = "never started"


class ChannelState(StrEnum):
    """The state of a channel, as far as the server knows."""

    ON_AIR = "on air"
    FAULT = "fault"
    """Its broadcast machine is heard, and an alert says that viewers see nothing."""
    SILENT = "silent"
    """Its broadcast machine has not reported lately, so nobody knows."""
    OFF = "off"
    """No broadcast machine was ever given it to air, so nothing is wrong."""


@dataclass(frozen=True)
class ChannelHealth:
    """One channel in use, at one instant."""

    channel: ChannelId
    state: ChannelState
    heard: datetime | None
    """When its broadcast machine last reported; None before the first time."""
    as_run: datetime | None
    """When the newest airing of the as-run report ended; None before the first."""
    faults: tuple[Condition, ...]
    """The open alerts that mean that viewers see nothing of it."""


@dataclass(frozen=True)
class StationHealth:
    """All that must work for the station to be on air and to stay right."""

    scheduler: SchedulerState
    channels: tuple[ChannelHealth, ...]

    @property
    def ready(self) -> bool:
        """True when the scheduler runs and every channel that should be on air is."""
        well = {ChannelState.ON_AIR, ChannelState.OFF}
        return self.scheduler is SchedulerState.RUNNING and all(
            one.state in well for one in self.channels
        )


def station_health(db: Database, now: datetime) -> StationHealth:
    """Return the station's health at `now`. Raises DatabaseError, also where the database's file
    is gone, and NewerDatabase.
    """
    db.check_file()
    db.refuse_newer()
    with db.read() as session:
        alerts = [load.alerts.alert(row) for row in find.alerts.open_alerts(session)]
        channels = [row.id for row, _ in find.plan.channels(session)]
        return StationHealth(
            _scheduler(session, now),
            tuple(_channel(session, ChannelId(one), alerts, now) for one in channels),
        )


def _scheduler(session: Session, now: datetime) -> SchedulerState:
    pulse = scheduler_pulse(session)
    if pulse.at is None:
        return SchedulerState.NEVER
    return SchedulerState.STOPPED if pulse.away(now) else SchedulerState.RUNNING


def _channel(
    session: Session, channel: ChannelId, alerts: list[Alert], now: datetime
) -> ChannelHealth:
    heard = find.health.heard_at(session, channel)
    faults = tuple(
        sorted(
            {
                one.key.condition
                for one in alerts
                if one.raised and one.key.channel == channel and one.key.condition in OFF_AIR
            }
        )
    )
    return ChannelHealth(
        channel,
        _state(heard, faults, now),
        heard,
        find.health.newest_as_run(session, channel),
        faults,
    )


def _state(heard: datetime | None, faults: tuple[Condition, ...], now: datetime) -> ChannelState:
    if heard is None:
        return ChannelState.OFF
    if is_silent(heard, now):
        return ChannelState.SILENT
    return ChannelState.FAULT if faults else ChannelState.ON_AIR


@dataclass(frozen=True)
class PlanHeld:
    """The schedule of one channel, here and on its broadcast machine."""

    published: int
    """Revision of the newest plan; 0 before the first."""
    held: int
    """Revision that the machine reported; 0 before its first plan."""
    current: bool
    """True when the machine has the newest plan."""


@dataclass(frozen=True)
class StationMetrics:
    """The numbers of the station at one instant."""

    health: StationHealth
    pulse: datetime | None
    """When the scheduler last said that it runs."""
    plans: Mapping[ChannelId, PlanHeld]
    alerts: Mapping[tuple[str, str], int]
    """Open alerts that were raised, by condition and channel; the channel is empty for the whole
    station."""
    jobs: Mapping[str, int]
    """Checks of files and captions, by state."""


def station_metrics(db: Database, now: datetime) -> StationMetrics:
    """Return the numbers at `now`. Raises DatabaseError, as `station_health` does."""
    health = station_health(db, now)
    with db.read() as session:
        alerts = [load.alerts.alert(row) for row in find.alerts.open_alerts(session)]
        return StationMetrics(
            health,
            scheduler_pulse(session).at,
            {one.channel: _plan_held(session, one.channel) for one in health.channels},
            Counter((one.key.condition.value, one.key.channel) for one in alerts if one.raised),
            find.health.jobs_by_state(session),
        )


def _plan_held(session: Session, channel: ChannelId) -> PlanHeld:
    last = last_report(session, channel)
    held = last.status.revision if last is not None else None
    digest = find.house.published_digest(session, channel)
    published = find.house.published_number(session, channel)
    current = last is not None and published > 0 and last.has_plan(digest, published)
    return PlanHeld(published, held or 0, current)
