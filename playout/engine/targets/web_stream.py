"""The stream for the web: its pictures as they are, captions included, and its sound as AAC."""

from dataclasses import dataclass

from playout.engine.relay.demux import Demux
from playout.engine.targets.aac import AacSound
from playout.engine.transport import STAMPS_A_SECOND, near

LONGEST_WAIT = 2 * STAMPS_A_SECOND
"""Time for which pictures wait for sound, or sound for pictures, in units of 90 kHz."""


@dataclass(frozen=True, slots=True)
class WebUnit:
    """One picture of H.264 (Annex B), or one frame of AAC without a header."""

    is_video: bool
    is_key: bool
    pts: int
    dts: int
    """Units of 90 kHz that never wrap."""
    data: bytes


class WebStream:
    """Reads chunks of the stream, and returns units in the order of their DTS.

    It begins at a key picture. After a loss it goes on at the next one.
    """

    def __init__(self) -> None:
        self._demux, self._sound = Demux(), AacSound()
        self._waiting: list[WebUnit] = []
        self._picture: int | None = None
        self._frame: int | None = None
        """DTS of the last picture and of the last frame of sound."""

    def take(self, chunks: bytes) -> list[WebUnit]:
        """Take chunks; return the units whose turn it is."""
        for unit in self._demux.take(chunks):
            dts = unit.dts if self._picture is None else near(unit.dts, self._picture)
            pts = near(unit.pts, dts)
            if unit.is_video:
                self._picture = dts
                self._waiting.append(WebUnit(True, unit.is_key, pts, dts, unit.data))
                continue
            for at, frame in self._sound.take(pts, unit.data):
                self._frame = at
                self._waiting.append(WebUnit(False, True, at, at, frame))
        return self._due()

    def _due(self) -> list[WebUnit]:
        """Return the units that nothing earlier can come before."""
        ends = [end for end in (self._picture, self._frame) if end is not None]
        if not ends:
            return []
        until = max(ends) - LONGEST_WAIT
        if len(ends) == 2:
            until = max(until, min(ends))
        due = [unit for unit in self._waiting if unit.dts <= until]
        self._waiting = [unit for unit in self._waiting if unit.dts > until]
        return sorted(due, key=lambda unit: (unit.dts, not unit.is_video))
