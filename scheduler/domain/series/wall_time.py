"""Local wall time into instants: over clock changes, from a form, and along a drag."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time.

    A time the clocks skip moves forward by the gap (02:30 becomes 03:30); of a time that comes
    twice the first is meant.
    """
    if local.tzinfo is not None:
        raise ValueError("a local time has no zone of its own")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def instant_from_form(
    local: datetime, zone: ZoneInfo, stood: datetime | None, *, seconds: bool = True
) -> datetime:
    """The instant of a local time that was read off a form.

    A form shows whole minutes or, with `seconds`, whole seconds. Where it still says what `stood`,
    the instant it was filled from, reads there, that instant is meant: the second of two 01:30s
    stays the second, and 15:00:00.5 keeps its half second. Anything else means what `instant` says.
    """
    if stood is not None:
        shown = stood.astimezone(zone).replace(tzinfo=None, fold=0, microsecond=0)
        if local == (shown if seconds else shown.replace(second=0)):
            return stood.astimezone(UTC)
    return instant(local, zone)


def dragged_start(start: datetime, by: timedelta, zone: ZoneInfo, to: ZoneInfo) -> datetime:
    """Where an airing starts that was dragged `by` so much wall time, from `zone` into `to`.

    Its wall time moves, so a drag over a change of clocks keeps the hour that was dropped on. From
    the second of two like hours it stays in the second, as long as it is dropped into that hour.
    """
    if not by and zone == to:
        return start
    local = start.astimezone(zone)
    wall = local.replace(tzinfo=None, fold=0) + by
    first, second = (wall.replace(tzinfo=to, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if local.fold and second > first else first
