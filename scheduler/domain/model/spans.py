"""Spans of time on a channel, and whether one is free."""

from collections.abc import Iterable
from datetime import datetime, timedelta

TimeSpan = tuple[datetime, datetime]
"""[start, end), both UTC."""


def is_free(start: datetime, length: timedelta, taken: Iterable[TimeSpan]) -> bool:
    """Return whether nothing taken overlaps the span; one that only touches it does not."""
    return all(start >= end or start + length <= begin for begin, end in taken)
