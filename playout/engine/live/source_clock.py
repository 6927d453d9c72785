"""Maps a live source's own time to the house's, following its clock without a jump or a guess."""

from collections import deque

NS = 1_000_000_000
DEPTH = 0.6
"""Seconds a packet waits before it is seen, at the least: what the network may be late by."""
LEAST_SLACK = 0.2
"""Seconds below which a packet is too late to be decoded, placed and shown."""
MOST_DEPTH = 4.0
MOST_SLEW = 0.0005
"""Most by which the source is played faster or slower, as a part: nobody hears it."""
CORRECT_OVER = 60.0
"""Seconds over which a difference is made up for."""
DEAD_BAND = 0.12
"""Seconds by which packets may come earlier or later than meant without being followed: an encoder
that sends unevenly is no clock that is off."""
SLACK_WINDOW = 12
"""Seconds over which the latest packet is looked for; longer than a segment of HLS."""
SETTLE_FOR = 0.7
"""Seconds from its beginning in which a stretch finds its place: what was looked at before it was
handed on came late."""
SEGMENTS_EARLY_BY = 1.0
"""Seconds by which segments may come earlier than they must before that is taken for their way."""


class SourceClock:
    """`base` nanoseconds added to the source's own time give the house's monotonic time."""

    def __init__(self, bursty: bool) -> None:
        self._bursty = bursty
        self._began: int | None = None
        self._depth = DEPTH
        self._lows: deque[tuple[int, float]] = deque()
        self._early: dict[int, int] = {}
        self.base = 0
        self.steps = 0
        """Times that the source had to be moved at once."""

    @property
    def running(self) -> bool:
        """A packet has come."""
        return self._began is not None

    def observe(self, at: int, arrival: int, track: int = 0) -> None:
        """A packet of a track that belongs at `at` of the source's time (ns) came at `arrival`."""
        if self._began is None:
            self._began = arrival
        if not self._bursty and arrival - self._began < SETTLE_FOR * NS:
            self._settle(at, arrival, track)
        elif not self._early:
            self._early[track] = arrival - at
            self.base = arrival - at + round(self._depth * NS)
        slack = (at + self.base - arrival) / NS
        self._note(arrival // NS, slack)
        if slack < LEAST_SLACK:
            self._deepen(slack)

    def _note(self, second: int, slack: float) -> None:
        if not self._lows or self._lows[-1][0] < second:
            self._lows.append((second, slack))
            while self._lows[0][0] <= second - SLACK_WINDOW:
                self._lows.popleft()
        elif slack < self._lows[-1][1]:
            self._lows[-1] = (second, slack)

    def _settle(self, at: int, arrival: int, track: int) -> None:
        """While it is new: each track's earliest packet was not held up; the later track counts."""
        self._early[track] = min(self._early.get(track, arrival - at), arrival - at)
        base = max(self._early.values()) + round(self._depth * NS)
        if base != self.base:
            self.base = base
            self._lows.clear()

    def _deepen(self, slack: float) -> None:
        """It comes later than was allowed for: allow for more from now on."""
        more = min(LEAST_SLACK + 0.1 - slack, MOST_DEPTH)
        self._depth = min(self._depth + more, MOST_DEPTH)
        self._move(more)

    def _move(self, seconds: float) -> None:
        self._shift(round(seconds * NS))
        self.steps += 1

    def _shift(self, ns: int) -> None:
        self.base += ns
        self._lows = deque((second, slack + ns / NS) for second, slack in self._lows)

    def drift(self, tick: int) -> int:
        """By how many nanoseconds `base` should move while `tick` nanoseconds go by."""
        if len(self._lows) < 2:
            return 0
        low = min(slack for _, slack in self._lows)
        if self._bursty and low - self._depth > SEGMENTS_EARLY_BY:
            self._depth = low
        off = self._depth - low
        beyond = max(0.0, off - DEAD_BAND) + min(0.0, off + DEAD_BAND)
        return round(max(-MOST_SLEW, min(MOST_SLEW, beyond / CORRECT_OVER)) * tick)

    def follow(self, moved: int) -> None:
        """Move by what `drift` said."""
        self._shift(moved)
