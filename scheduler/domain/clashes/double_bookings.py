"""Meetings that need one room, one source or one channel's air at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import ChannelId


class Need(StrEnum):
    """A thing that only one meeting can have at a time."""

    AIR = "air"
    SOURCE = "source"
    ROOM = "room"


@dataclass(frozen=True)
class Booking:
    """The time for which a meeting, or a live airing without one, needs air, source and room."""

    id: str
    """Of the meeting or airing; of one that is not kept yet, whatever its maker knows it by."""
    title: str
    start: datetime
    end: datetime
    """Both UTC; the end is expected, for a meeting lasts until it is adjourned."""
    channel: ChannelId | None
    """None where it is not televised."""
    source: str | None
    room: str


@dataclass(frozen=True)
class DoubleBooking:
    """Two meetings that overlap and need the same thing."""

    mine: Booking
    other: Booking
    needs: frozenset[Need]

    @property
    def token(self) -> str:
        """Name of exactly this collision, which staff accept; another time, meeting or need changes
        it.
        """
        times = (self.mine.start, self.other.start, self.other.end)
        parts = (*(f"{at:%Y%m%dT%H%M}" for at in times), *sorted(self.needs), self.other.title)
        return ":".join(parts)


def double_bookings(
    wanted: Iterable[Booking], standing: Sequence[Booking]
) -> tuple[DoubleBooking, ...]:
    """Return each pair of a wanted and a standing booking that cannot both be had, by time."""
    pairs = [
        DoubleBooking(mine, other, needs)
        for mine in wanted
        for other in standing
        if other.id != mine.id and _overlap(mine, other) and (needs := shared(mine, other))
    ]
    return tuple(sorted(pairs, key=lambda one: (one.mine.start, one.other.start, one.other.id)))


def new_double_bookings(
    wanted: Iterable[Booking], before: Iterable[Booking], standing: Sequence[Booking]
) -> tuple[DoubleBooking, ...]:
    """Return those that the change brings about; two that already collided in this way may go
    on."""
    stood = {_met(one): one.needs for one in double_bookings(before, standing)}
    return tuple(
        one
        for one in double_bookings(wanted, standing)
        if not one.needs <= stood.get(_met(one), frozenset())
    )


def _met(double: DoubleBooking) -> tuple[str, datetime, datetime, str]:
    """Return which two collide, and when the first of them is."""
    return double.mine.id, double.mine.start, double.mine.end, double.other.id


def shared(mine: Booking, other: Booking) -> frozenset[Need]:
    """Return the needs that both bookings have in common."""
    pairs = (
        (Need.AIR, mine.channel, other.channel),
        (Need.SOURCE, mine.source, other.source),
        (Need.ROOM, _folded(mine.room), _folded(other.room)),
    )
    return frozenset(need for need, one, two in pairs if one and one == two)


def _overlap(mine: Booking, other: Booking) -> bool:
    return mine.start < other.end and other.start < mine.end


def _folded(room: str) -> str:
    """Return the room's name without differences of case and spacing."""
    return " ".join(room.split()).casefold()
