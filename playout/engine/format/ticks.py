"""The house clock: exact ticks on the monotonic clock, and the UTC instant of each.

Tick n is due at epoch + n / rate. The rate is a fraction, so no rounding adds up: at 30000/1001
ticks a second, tick 30,000 is due after exactly 1,001 s.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

from config.names import SAMPLE_RATE

NS = 1_000_000_000
GRACE_NS = 500_000
"""Nanoseconds that an instant may lie past a tick and still mean it: instants are written in
microseconds."""
MOST_SLEW = 0.005
"""Most by which the house clock runs faster or slower to follow the wall clock, as a part."""
WALL_JUMP_NS = NS // 2
"""Nanoseconds of error from which the wall clock has jumped rather than drifted."""
LATE_TAKE_SECONDS = 2
"""Seconds that a take may be late and still follow the wall clock; a later one is left to the house
clock."""
CLOCK_NOISE_NS = 1_000_000
"""Error below which the difference is the noise of reading two clocks, and is ignored."""
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def to_ns(instant: datetime) -> int:
    """Return the nanoseconds from 1970, UTC, to an aware instant."""
    return (instant - _ZERO) // timedelta(microseconds=1) * 1000


def from_ns(ns: int) -> datetime:
    """Return the UTC instant `ns` nanoseconds after 1970 began, to the nearest microsecond."""
    return _ZERO + timedelta(microseconds=(ns + 500) // 1000)


@dataclass(frozen=True)
class Ticks:
    """The ticks of a channel: tick n is due at `epoch` (monotonic ns) + n / `rate`, exactly."""

    rate: Fraction
    epoch: int

    @cached_property
    def _length(self) -> tuple[int, int]:
        """Nanoseconds of a tick, as the two numbers of a fraction; a fraction would be reduced anew
        at each use.
        """
        return NS * self.rate.denominator, self.rate.numerator

    def due(self, tick: int) -> int:
        """Return when `tick` is due, in monotonic nanoseconds."""
        over, under = self._length
        return self.epoch + tick * over // under

    def first(self, monotonic: int) -> int:
        """Return the first tick due at or after `monotonic` nanoseconds."""
        over, under = self._length
        return -((self.epoch - monotonic) * under // over)

    def last(self, monotonic: int) -> int:
        """Return the last tick due at or before `monotonic` nanoseconds."""
        tick = self.first(monotonic)
        return tick if self.due(tick) <= monotonic else tick - 1

    def sound_before(self, tick: int) -> int:
        """Return how many samples lie before `tick`. The remainder is carried from tick to tick,
        never lost.
        """
        return sound_before(self.rate, tick)


def sound_before(rate: Fraction, tick: int) -> int:
    """Return how many 48 kHz samples the ticks 0 up to `tick` hold at `rate`."""
    return tick * SAMPLE_RATE * rate.denominator // rate.numerator


@lru_cache(maxsize=1024)
def house_slot(rate: Fraction, seconds: float) -> int:
    """Return the number of the house frame that belongs `seconds` into a file."""
    return round(Fraction(seconds).limit_denominator(10**9) * rate)


class WallMap:
    """The map from monotonic time to UTC: it follows the wall clock gently, and jumps only at a
    take.
    """

    def __init__(self, monotonic: int, utc: datetime) -> None:
        self._offset = to_ns(utc) - monotonic
        self._last = monotonic
        self._waiting = 0
        self.stepped = 0.0
        """Seconds of the wall clock's last jump; 0 when it never jumped."""

    @classmethod
    def resumed(cls, monotonic: int, offset: int) -> "WallMap":
        """Return the map that another process kept before, from its `offset`."""
        kept = cls(monotonic, _ZERO)
        kept._offset = offset
        return kept

    @property
    def offset(self) -> int:
        """UTC nanoseconds minus monotonic nanoseconds, as now believed."""
        return self._offset

    def utc(self, monotonic: int) -> datetime:
        """Return the UTC instant of a monotonic one."""
        return from_ns(monotonic + self._offset)

    def monotonic(self, instant: datetime) -> int:
        """Return the monotonic nanoseconds of a UTC instant."""
        return to_ns(instant) - self._offset

    def steer(self, monotonic: int, utc: datetime) -> bool:
        """Follow the wall clock by at most 0.5 % of the time passed. Return True when it jumped.

        A jump of more than half a second is remembered and not followed until `join`, so that it
        cannot tear what is on air.
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
        """Follow a jump that waited. Call it at a take, when nothing on air can be torn."""
        self._offset += self._waiting
        self._waiting = 0


@dataclass(frozen=True)
class HouseClock:
    """Ticks and their UTC instants together."""

    ticks: Ticks
    wall: WallMap

    def instant(self, tick: int) -> datetime:
        """Return the UTC instant of `tick`."""
        return self.wall.utc(self.ticks.due(tick))

    def first_at(self, instant: datetime) -> int:
        """Return the first tick at or after `instant`, within half a millisecond."""
        return self.ticks.first(self.wall.monotonic(instant) - GRACE_NS)

    def take_at(self, instant: datetime, tick: int) -> int:
        """Return the tick of a take at `instant`, asked on `tick`.

        After a jump ahead a coming take follows the wall clock at once: the item on air is not
        torn, but the next one starts on time. A take that the jump put more than two seconds into
        the past stays where the house clock has it.
        """
        first = self.first_at(instant)
        if not self.wall.ahead:
            return first
        sooner = self.ticks.first(self.wall.monotonic(instant) - self.wall.ahead - GRACE_NS)
        missed = tick - sooner > LATE_TAKE_SECONDS * self.ticks.rate
        return first if missed else sooner
