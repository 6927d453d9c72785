"""The pace of fetching: slower than the network can, so that sources and the stream have theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from config.clock import Clock
from playout.model.wire import Status

STRAINED_FOR = timedelta(seconds=30)
"""How long fetching rests after air was late."""
LONGEST_REST = 5.0
"""Seconds. A rest is cut into these, so that the server does not give the request up."""
NS = 1_000_000_000


def never() -> bool:
    """Say that air is never late: for a machine that fetches before it airs."""
    return False


@dataclass
class Pace:
    """Waits between two pieces of a file. Without a clock, it never does."""

    clock: Clock | None = None
    bytes_per_second: float = 0.0
    """Zero for no limit."""
    is_strained: Callable[[], bool] = never
    hurries: bool = False
    """True while the file is needed at once: then nothing holds it up."""
    _free_at: int = 0
    """When the next piece may come, in nanoseconds of the monotonic clock."""

    def after(self, count: int) -> None:
        """Wait after `count` bytes have come, as long as their share of the rate asks for."""
        if self.clock is None or self.hurries:
            return
        if self.is_strained():
            self.clock.wait(LONGEST_REST)
        if self.bytes_per_second:
            now = self.clock.monotonic()
            # What was not used before is not caught up: a burst is what air would feel.
            self._free_at = max(self._free_at, now) + round(count / self.bytes_per_second * NS)
            self.clock.wait(min(LONGEST_REST, (self._free_at - now) / NS))


class AirStrain:
    """Remembers when the engine was last late, by the count in the channel's status."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._late: int | None = None
        self._since: int | None = None

    def look(self, status: Status | None) -> bool:
        """Return whether air was late a short while ago. A count that fell began anew."""
        now = self._clock.monotonic()
        if status is not None:
            if self._late is not None and status.late_ticks > self._late:
                self._since = now
            self._late = status.late_ticks
        rest = STRAINED_FOR.total_seconds() * NS
        return self._since is not None and now - self._since < rest
