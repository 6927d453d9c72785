"""Conversion of local wall time to instants: over clock changes, from a form, and along a drag.

In New York the clocks go back on 1 November 2026 at 2:00, so 1:30 comes twice, and forward on 14
March 2027 at 2:00, so 2:30 does not come at all:

    wall time         instant        which
    1 Nov 01:30       05:30 UTC      the first of the two (the second is 06:30 UTC)
    14 Mar 02:30      07:30 UTC      03:30 by the clock: moved forward by the missing hour
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a naive local time.

    A time that the clocks skip moves forward by the gap: 02:30 becomes 03:30. A time that comes
    twice means the first. Raises ValueError for an aware time.
    """
    if local.tzinfo is not None:
        raise ValueError("a local time has no zone of its own")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def instant_from_form(
    local: datetime, zone: ZoneInfo, stood: datetime | None, *, seconds: bool = True
) -> datetime:
    """Return the UTC instant of a local time typed into a form, keeping an instant that was not
    edited.

    A form shows whole minutes or, with `seconds`, whole seconds, and cannot show which of two equal
    wall times is meant. Where the form still reads as it did when it was filled from `stood`,
    return `stood` itself: the second of two 01:30s stays the second, and 15:00:00.5 keeps its half
    second.
    """
    if stood is not None:
        shown = stood.astimezone(zone).replace(tzinfo=None, fold=0, microsecond=0)
        if local == (shown if seconds else shown.replace(second=0)):
            return stood.astimezone(UTC)
    return instant(local, zone)


def dragged_start(start: datetime, by: timedelta, zone: ZoneInfo, to: ZoneInfo) -> datetime:
    """Return the start of an airing that was dragged by `by` of wall time, from `zone` into `to`.

    The wall time moves, so a drag over a change of clocks lands on the hour it was dropped on. An
    airing in the second of two equal hours stays in the second, as long as it is dropped into it.
    """
    if not by and zone == to:
        return start
    local = start.astimezone(zone)
    wall = local.replace(tzinfo=None, fold=0) + by
    first, second = (wall.replace(tzinfo=to, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if local.fold and second > first else first
