"""Instants rounded to a step, such as five minutes: one rule for plans, forms, pages and feeds.

Steps count from the start of the year 2000 by the clock of the instant's own zone. So every step
that divides a day evenly also begins at local midnight, and equal inputs always give equal steps.
"""

from datetime import datetime, timedelta


def next_step(at: datetime, step: timedelta) -> datetime:
    """Return the first whole step at or after an aware instant: 19:02 gives 19:05 for 5 minutes."""
    return at + (_origin(at) - at) % step


def last_step(at: datetime, step: timedelta) -> datetime:
    """Return the last whole step at or before an aware instant: 19:02 gives 19:00 for 5 minutes."""
    return at - (at - _origin(at)) % step


def _origin(at: datetime) -> datetime:
    return datetime(2000, 1, 1, tzinfo=at.tzinfo)
