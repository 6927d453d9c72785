"""Where there is room on a channel: the first free time that is long enough, at a decent hour."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.steps import next_step
from scheduler.domain.series.recurrence import instant

STEP = timedelta(minutes=5)
DAYS = 14

Span = tuple[datetime, datetime]


def first_room(
    length: timedelta,
    taken: Sequence[Span],
    after: datetime,
    zone: ZoneInfo,
    earliest: time,
    latest: time,
) -> datetime | None:
    """The first start after `after`, on a full five minutes, that overlaps nothing `taken`.

    It airs wholly between `earliest` and `latest`, local wall time, within fourteen days; None
    where there is no such place.
    """
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(DAYS)):
        opens = max(instant(datetime.combine(day, earliest), zone), after)
        closes = instant(datetime.combine(day, latest), zone)
        for start in sorted({opens, *(end for _, end in taken if opens <= end <= closes)}):
            at = _on_step(start)
            free = all(at >= end or at + length <= begin for begin, end in taken)
            if free and at + length <= closes:
                return at
    return None


def _on_step(at: datetime) -> datetime:
    """The same instant or the next full five minutes."""
    return next_step(at, STEP)
