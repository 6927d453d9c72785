"""The search for free time on a channel, for one airing, within the hours staff allow."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.steps import next_step
from scheduler.domain.model.spans import TimeSpan, is_free
from scheduler.domain.series.wall_time import instant

SLOT_STEP = timedelta(minutes=5)
"""Free slots start on a multiple of this."""
SLOT_SOUGHT_DAYS = 14
"""Days ahead in which a slot is sought."""


def first_free_slot(
    length: timedelta,
    taken: Sequence[TimeSpan],
    after: datetime,
    zone: ZoneInfo,
    earliest: time,
    latest: time,
) -> datetime | None:
    """Return the first start after `after`, on a full five minutes, that overlaps nothing `taken`.

    The airing fits wholly between `earliest` and `latest`, local wall time, within fourteen days;
    None where there is no such slot.
    """
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(SLOT_SOUGHT_DAYS)):
        opens = max(instant(datetime.combine(day, earliest), zone), after)
        closes = instant(datetime.combine(day, latest), zone)
        for start in sorted({opens, *(end for _, end in taken if opens <= end <= closes)}):
            at = next_step(start, SLOT_STEP)
            free = is_free(at, length, taken)
            if free and at + length <= closes:
                return at
    return None
