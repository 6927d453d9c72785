"""The scheduler's word that it runs, as every page and probe reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock_steps import elapsed
from scheduler.db.store import Session
from scheduler.db.tables.alerts import PulseRow

SCHEDULER = "scheduler"
SCHEDULER_SILENT_AFTER = timedelta(seconds=60)
"""The scheduler says every few seconds that it runs."""


@dataclass(frozen=True)
class SchedulerPulse:
    """The scheduler's last word that it runs."""

    at: datetime | None
    """UTC; None before its first word."""

    def away(self, now: datetime) -> bool:
        """Return True when it has stopped saying so; False before its first word."""
        return self.at is not None and elapsed(self.at, now) > SCHEDULER_SILENT_AFTER


def scheduler_pulse(session: Session) -> SchedulerPulse:
    """Return the scheduler's last word."""
    row = session.get(PulseRow, SCHEDULER)
    return SchedulerPulse(row.at if row is not None else None)
