"""The frame of a coded picture: which of the frames that were fed became this access unit.

libVLC gives the stamp of a frame in microseconds back as a PTS in units of 90 kHz plus a constant
of the run. The constant is measured: the first picture of a run is the first frame that was fed.

Worked example: the output feeds frames at 1,000,000 and 1,033,366 µs. The first picture of the run
has the PTS 36,000, so the constant is 36,000 − 90,000 = −54,000. The next one has 39,003, which is
1,033,366.7 µs: it is the second frame.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playout.engine.links.fed import FedFrame
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import near


@dataclass
class FrameMatch:
    """Finds the frame of each picture, by run."""

    fed: Callable[[FedFrame], None]
    """Takes each frame, in the order of feeding."""
    run: int = 0
    constant: int | None = None
    """Difference of PTS and fed stamp in the current run, in units of 90 kHz."""
    first_tick: int = 0
    """The tick of the run's first frame."""
    first_pts: int | None = None
    """The PTS of the run's first picture."""
    _last: int = 0
    """Newest fed stamp that is known, in units of 90 kHz, not wrapped."""

    def take(self, frame: FedFrame) -> None:
        """Take a frame as fed; the first one of a run comes before the run's first picture."""
        fed = round(frame.microseconds * 9 / 100)
        if frame.run != self.run:
            self.run, self.constant, self._last = frame.run, None, fed
            self.first_tick, self.first_pts = frame.tick, None
        elif self.constant is not None:
            self._last = max(self._last, fed)
        self.fed(frame)

    def microseconds(self, unit: AccessUnit) -> int | None:
        """Return the stamp at which the frame of this picture was fed; None in a run that nobody
        announced. Pictures are asked for in the order in which they come, the first one included.
        """
        if unit.run != self.run or not self.run:
            return None
        if self.constant is None:
            self.constant, self.first_pts = unit.pts - self._last, unit.pts
        fed = near(unit.pts - self.constant, self._last)
        self._last = max(self._last, fed)
        return round(fed * 100 / 9)
