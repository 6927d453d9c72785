"""Lines and messages of alerts, counted on by a clock that was set."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.clock_steps import on_present_clock
from scheduler.db import find
from scheduler.db.store import Session

LONGEST_RETRY = timedelta(minutes=30)
"""The longest pause before a message that failed is tried again."""
HOUR = timedelta(hours=1)
"""The span in which the messages to one contact are counted."""


def follow_clock(
    session: Session, open_alerts: Sequence[str], now: datetime, step: timedelta
) -> None:
    """Count reminders, the messages of an hour, and tries on by a clock that was set by `step`.

    A try that is still further off than the longest pause is due at once.
    """
    for line in find.alerts.lines_of(session, open_alerts, now - step - HOUR):
        line.at = on_present_clock(line.at, now, step)
    for row in find.alerts.unsent(session):
        assert row.next_try is not None
        row.made = on_present_clock(row.made, now, step)
        row.next_try = on_present_clock(row.next_try, now, step, LONGEST_RETRY)
