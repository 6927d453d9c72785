"""The channels in use, and the zone of what belongs to none of them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.domain.model.channel import Channel


def channels_in_use(session: Session) -> tuple[Channel, ...]:
    """Return every channel in use, by slug."""
    return tuple(load.plan.channel(row, number) for row, number in find.plan.channels(session))


def zone_of(channels: Sequence[Channel]) -> ZoneInfo:
    """Return the zone of the first channel, for what belongs to no channel; UTC before there is
    one.
    """
    return channels[0].tz if channels else ZoneInfo("UTC")
