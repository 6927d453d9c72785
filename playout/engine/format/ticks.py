"""The house clock: exact ticks on the monotonic clock, and which instant UTC each of them is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from config.names import SAMPLE_RATE

NS = 1_000_000_000
GRACE_NS = 500_000
"""An instant at most this far past a tick is that tick's: instants are written in microseconds."""
MOST_SLEW = 0.005
WALL_JUMP_NS = NS // 2
LATE_TAKE_SECONDS = 2
"""Seconds a take may come late and still be meant; past them it is left to the house clock."""
CLOCK_NOISE_NS = 1_000_000
"""Errors below this are the noise of reading two clocks and are left alone."""
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def to_ns(instant: datetime) -> int:
    """Nanoseconds since 1970, UTC, of an aware instant."""
    return (instant - _ZERO) // timedelta(microseconds=1) * 1000


def from_ns(ns: int) -> datetime:
    """The instant `ns` nanoseconds after 1970 began, UTC, to the nearest microsecond."""
    return _ZERO + timedelta(microseconds=(ns + 500) // 1000)


@dataclass(frozen=True)
class Ticks:
    """Tick n is due at `epoch` + n / `rate`, exactly; `epoch` is monotonic nanoseconds."""

    rate: Fraction
    epoch: int

    def due(self, tick: int) -> int:
        """Monotonic nanoseconds at which `tick` is due."""
        return self.epoch + tick * NS * self.rate.denominator // self.rate.numerator

    def first(self, monotonic: int) -> int:
        """First tick due at or after `monotonic` nanoseconds."""
        over = (monotonic - self.epoch) * self.rate.numerator
        return -(-over // (NS * self.rate.denominator))

    def last(self, monotonic: int) -> int:
        """Last tick due at or before `monotonic` nanoseconds."""
        tick = self.first(monotonic)
        return tick if self.due(tick) <= monotonic else tick - 1

    def sound_before(self, tick: int) -> int:
        """House samples in all ticks before `tick`; the remainder is carried, never lost."""
        return sound_before(self.rate, tick)


def sound_before(rate: Fraction, tick: int) -> int:
    """Samples at 48 kHz in the `tick` ticks from 0 on at `rate`."""
    return tick * SAMPLE_RATE * rate.denominator // rate.numerator


@lru_cache(maxsize=1024)
def house_slot(rate: Fraction, seconds: float) -> int:
    """Number of the house frame of a media that stands at `seconds`."""
    return round(Fraction(seconds).limit_denominator(10**9) * rate)


class WallMap:
    """Which instant UTC a monotonic instant is: slewed gently, stepped only when told it may be."""

    def __init__(self, monotonic: int, utc: datetime) -> None:
        self._offset = to_ns(utc) - monotonic
        self._last = monotonic
        self._waiting = 0
        self.stepped = 0.0
        """Seconds the wall clock was last seen to jump; 0 when it never did."""

    @classmethod
    def resumed(cls, monotonic: int, offset: int) -> "WallMap":
        """The map another process kept before: `offset` is its `offset`."""
        kept = cls(monotonic, _ZERO)
        kept._offset = offset
        return kept

    @property
    def offset(self) -> int:
        """UTC nanoseconds minus monotonic nanoseconds, as now believed."""
        return self._offset

    def utc(self, monotonic: int) -> datetime:
        """The instant UTC of a monotonic instant."""
        return from_ns(monotonic + self._offset)

    def monotonic(self, instant: datetime) -> int:
        """The monotonic nanoseconds of an instant UTC."""
        return to_ns(instant) - self._offset

    def steer(self, monotonic: int, utc: datetime) -> bool:
        """Follow the wall clock by at most 0.5 % of the time passed; True when it jumped.

        A jump of more than half a second is remembered and not followed until `join`.
        """
        passed, self._last = max(0, monotonic - self._last), monotonic
        error = to_ns(utc) - (monotonic + self._offset)
        if abs(error) > WALL_JUMP_NS:
            new = abs(error - self._waiting) > WALL_JUMP_NS
            self._waiting = error
            if new:
                self.stepped = error / NS
            return new
        self._waiting = 0
        if abs(error) > CLOCK_NOISE_NS:
            most = round(passed * MOST_SLEW)
            self._offset += max(-most, min(most, error))
        return False

    @property
    def ahead(self) -> int:
        """Nanoseconds by which the wall clock jumped forward and is not followed yet."""
        return max(0, self._waiting)

    def join(self) -> None:
        """Nothing on air can be torn now: follow a jump that waited."""
        self._offset += self._waiting
        self._waiting = 0


@dataclass(frozen=True)
class HouseClock:
    """Ticks and their instants together."""

    ticks: Ticks
    wall: WallMap

    def instant(self, tick: int) -> datetime:
        """The instant UTC of `tick`."""
        return self.wall.utc(self.ticks.due(tick))

    def first_at(self, instant: datetime) -> int:
        """The first tick at or after `instant`, within half a millisecond."""
        return self.ticks.first(self.wall.monotonic(instant) - GRACE_NS)

    def take_at(self, instant: datetime, tick: int) -> int:
        """The tick at which a take at `instant` happens, asked on `tick`.

        By the wall clock, where that jumped forward and the take is not behind it already: the
        item on air is not torn, but what comes next comes on time.
        """
        first = self.first_at(instant)
        if not self.wall.ahead:
            return first
        sooner = self.ticks.first(self.wall.monotonic(instant) - self.wall.ahead - GRACE_NS)
        missed = tick - sooner > LATE_TAKE_SECONDS * self.ticks.rate
        return first if missed else sooner
