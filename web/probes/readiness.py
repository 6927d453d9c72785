"""The station's health as `/readyz` says it: who asks is a program, and anybody may."""

import logging
from datetime import datetime
from typing import Any

from config.clock import Clock
from scheduler.db.store import Database, DatabaseError
from scheduler.queries.station_health import ChannelHealth, StationHealth, station_health
from web.kit.bounded_look import BoundedLook

log = logging.getLogger(__name__)


PATIENCE_SECONDS = 1.5
"""How long a caller of `/readyz` waits for the database."""


def readiness_look(
    db: Database, clock: Clock, patience: float = PATIENCE_SECONDS
) -> BoundedLook[StationHealth | None]:
    """Return the look that all callers of `/readyz` share; it sees None where the database refuses
    to answer. `patience` is in seconds.
    """

    def look() -> StationHealth | None:
        try:
            return station_health(db, clock.utc())
        except DatabaseError as error:
            log.warning("the station is not ready: %s", error)
            return None

    return BoundedLook(look, clock, patience=patience)


def readiness(health: StationHealth | None, now: datetime) -> dict[str, Any]:
    """Return the answer of `/readyz`. It names no machine, program, address or error: those are in
    the log and on the pages of staff.
    """
    if health is None:
        return {"ready": False, "database": "no answer", "scheduler": "unknown", "channels": {}}
    return {
        "ready": health.ready,
        "database": "ok",
        "scheduler": health.scheduler.value,
        "channels": {one.channel: _channel(one, now) for one in health.channels},
    }


def _channel(one: ChannelHealth, now: datetime) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "faults": [condition.value for condition in one.faults],
        "heard": one.heard.isoformat(timespec="seconds") if one.heard else None,
        "heard_seconds_ago": _age(one.heard, now),
        "as_run_seconds_ago": _age(one.as_run, now),
    }


def _age(at: datetime | None, now: datetime) -> int | None:
    """Return whole seconds since `at`; 0 for what another machine's clock puts in the future."""
    return None if at is None else max(0, int((now - at).total_seconds()))
