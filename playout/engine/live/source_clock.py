"""Clock of a live source: it maps the source's own time to the house's monotonic time.

A source has a clock of its own, and a network that delays its packets. The house must show each
picture after the last packet it needs has come, must not run empty, and must not jump. So every
packet waits a *depth* of 0.6 s. Its *slack* is the time it still has to wait when it arrives: `at +
base - arrival`. With a perfect clock and network every slack equals the depth.

Three rules move `base`. Take a source at 25 pictures a second whose first packet, with source time
0, arrives at 100.000 s. Then `base` is 100.600 s: picture 0 is due at 100.600.

* Settling, for 0.7 s. The gateway held up the packets it probed, so the earliest one counts.
  Packet 1 (0.040) arrives at 100.010, which is 30 ms early: `base` becomes 100.570.
* Late packet, at once. A packet 0.45 s late has a slack of 0.15 s, below the least of 0.2 s. It
  gets 0.3 s: `base` and depth both grow by 0.15 s and stay there (`steps` counts 1). Viewers see
  one pause of that length.
* Drift, slowly. Every second notes its lowest slack, and the lowest of the last 12 s counts,
  because jitter only ever delays a packet. Up to 0.12 s off the depth is a dead band. The excess
  beyond it is worked off over 60 s, by 0.05 % at most, which nobody hears. Let the source's clock
  be 100 ppm slow, so that slack falls by 0.1 ms a second. It leaves the dead band after 20
  minutes. From then on `base` follows by 0.1 ms a second, and slack rests at 0.474 s: an excess
  of 6 ms, over 60 s, is 100 ppm.

The dead band has a reason: without it every live began with minutes of corrections, because an
encoder that sends unevenly looks like a clock that drifts.
"""

from collections import deque

NS = 1_000_000_000
DEPTH = 0.6
"""Least seconds from a packet's arrival to its tick: the network delay that costs nothing."""
LEAST_SLACK = 0.2
"""Seconds of slack below which a packet may come too late to be decoded, placed and shown."""
MOST_DEPTH = 4.0
"""Seconds that the depth may grow to."""
MOST_SLEW = 0.0005
"""Most by which the source is played faster or slower, as a part of its speed. Nobody hears it."""
CORRECT_OVER = 60.0
"""Seconds over which an excess beyond the dead band is worked off."""
DEAD_BAND = 0.12
"""Seconds that the lowest slack may be off the depth and be ignored: uneven sending, not drift."""
SLACK_WINDOW = 12
"""Seconds over which the lowest slack is looked for. Longer than a segment of HLS, which shows its
lowest slack once, at its first packet."""
SETTLE_FOR = 0.7
"""Seconds in which a new stretch finds its place: packets that the gateway probed before it handed
them on arrive late."""
SEGMENTS_EARLY_BY = 1.0
"""Seconds by which a segmented source may come earlier than its depth. Beyond that, the earliness
becomes its depth instead of being worked off."""


class SourceClock:
    """A map from source time to house time: add `base` nanoseconds to the source's time."""

    def __init__(self, bursty: bool) -> None:
        self._bursty = bursty
        self._began: int | None = None
        self._depth = DEPTH
        self._lows: deque[tuple[int, float]] = deque()
        self._early: dict[int, int] = {}
        self.base = 0
        self.steps = 0
        """How often the source had to be moved at once."""

    @property
    def running(self) -> bool:
        """Tell whether a packet has arrived."""
        return self._began is not None

    def observe(self, at: int, arrival: int, track: int = 0) -> None:
        """Take note of a packet of a track: source time `at` (ns), arrived at `arrival` (monotonic
        ns).
        """
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
        """Place a new stretch by each track's earliest packet, which the gateway did not hold up;
        of two tracks the later one counts, so that both have their depth.
        """
        self._early[track] = min(self._early.get(track, arrival - at), arrival - at)
        base = max(self._early.values()) + round(self._depth * NS)
        if base != self.base:
            self.base = base
            self._lows.clear()

    def _deepen(self, slack: float) -> None:
        """Allow at once for a packet that arrives later than the depth covers, and from now on."""
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
        """Return by how many nanoseconds `base` should move while `tick` nanoseconds pass."""
        if len(self._lows) < 2:
            return 0
        low = min(slack for _, slack in self._lows)
        if self._bursty and low - self._depth > SEGMENTS_EARLY_BY:
            self._depth = low
        off = self._depth - low
        beyond = max(0.0, off - DEAD_BAND) + min(0.0, off + DEAD_BAND)
        return round(max(-MOST_SLEW, min(MOST_SLEW, beyond / CORRECT_OVER)) * tick)

    def follow(self, moved: int) -> None:
        """Move `base` by the result of `drift`, once the frame that used it is made."""
        self._shift(moved)
