"""The station's numbers in the text form of Prometheus.

Each scrape reads them from the database. They are facts of the station and not of a process, so
every worker and every server gives the same answer, and nothing is lost in a restart.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from config.clock import Clock
from config.disk import free_bytes
from config.metrics import Metric, Numbers, metrics_text
from scheduler.db.store import Database, DatabaseError
from scheduler.queries.station_health import (
    ChannelHealth,
    ChannelState,
    PlanHeld,
    StationMetrics,
    station_metrics,
)
from web.kit.bounded_look import BoundedLook
from web.probes.readiness import PATIENCE_SECONDS

log = logging.getLogger(__name__)
JOB_STATES = ("waiting", "working", "failed")
"""States that are always told, so that a rule on them never finds no number."""


def metrics_look(
    db: Database, clock: Clock, patience: float = PATIENCE_SECONDS
) -> BoundedLook[StationMetrics | None]:
    """Return the look that all scrapes share; it sees None where the database refuses to answer.
    `patience` is in seconds.
    """

    def look() -> StationMetrics | None:
        try:
            return station_metrics(db, clock.utc())
        except DatabaseError as error:
            log.warning("there are no metrics: %s", error)
            return None

    return BoundedLook(look, clock, patience=patience)


def exposition(seen: StationMetrics | None, folders: Mapping[str, Path], now: datetime) -> bytes:
    """Return the text of a scrape at `now`, of MEDIA_TYPE. `seen` is None while the database gives
    no answer; `folders` are those whose disk is measured, by a name for it.
    """
    return metrics_text(_metrics(seen, folders, now))


def _metrics(
    seen: StationMetrics | None, folders: Mapping[str, Path], now: datetime
) -> Iterator[Metric]:
    """Yield every metric; those of the database only while it answers."""
    answers = seen is not None
    yield Metric("gavel_database_up", "1 while the database answers.", (), {(): answers})
    free: Numbers = {(name,): free_bytes(folder) for name, folder in folders.items()}
    yield Metric("gavel_disk_free_bytes", "Bytes free on the server's disks.", ("folder",), free)
    if seen is not None:
        yield from _station(seen, now)
        for name, words, value in CHANNEL_METRICS:
            numbers: Numbers = {
                (str(one.channel),): value(one, seen.plans[one.channel], now)
                for one in seen.health.channels
            }
            yield Metric(f"gavel_channel_{name}", words, ("channel",), numbers)


def _station(seen: StationMetrics, now: datetime) -> Iterator[Metric]:
    yield Metric("gavel_ready", "1 while /readyz answers 200.", (), {(): seen.health.ready})
    yield Metric(
        "gavel_scheduler_seconds_since_pulse",
        "Seconds since the scheduler last said that it runs.",
        (),
        {(): _age(seen.pulse, now)},
    )
    alerts: Numbers = {(kind, channel): n for (kind, channel), n in seen.alerts.items()}
    yield Metric(
        "gavel_alerts_open",
        "Open alerts by condition and channel; the channel is empty for the whole station.",
        ("condition", "channel"),
        alerts,
    )
    yield Metric(
        "gavel_jobs",
        "Checks of files and captions, by state.",
        ("state",),
        {(state,): seen.jobs.get(state, 0) for state in JOB_STATES},
    )


def _age(at: datetime | None, now: datetime) -> float | None:
    """Return seconds since `at`; 0 for what another machine's clock puts in the future."""
    return None if at is None else max(0.0, (now - at).total_seconds())


ChannelNumber = Callable[[ChannelHealth, PlanHeld, datetime], float | None]
CHANNEL_METRICS: tuple[tuple[str, str, ChannelNumber], ...] = (
    (
        "on_air",
        "1 while the channel is on air, as /readyz says.",
        lambda one, _plan, _now: one.state is ChannelState.ON_AIR,
    ),
    (
        "expected_on_air",
        "1 once a broadcast machine airs the channel; 0 while it is off.",
        lambda one, _plan, _now: one.state is not ChannelState.OFF,
    ),
    (
        "host_seconds_since_heard",
        "Seconds since its broadcast machine last reported.",
        lambda one, _plan, now: _age(one.heard, now),
    ),
    (
        "as_run_age_seconds",
        "Seconds since the end of the newest airing of the as-run report.",
        lambda one, _plan, now: _age(one.as_run, now),
    ),
    (
        "plan_revision_published",
        "Revision of the newest plan; 0 before the first.",
        lambda _one, plan, _now: plan.published,
    ),
    (
        "plan_revision_held",
        "Revision that its broadcast machine reported; 0 before its first plan.",
        lambda _one, plan, _now: plan.held,
    ),
    (
        "plan_current",
        "1 while its broadcast machine has the newest plan.",
        lambda _one, plan, _now: plan.current,
    ),
)
"""Name, words and number of each metric of a channel."""
