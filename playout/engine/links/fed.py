"""The line from the encoder to the relay, for what libVLC does not carry: the captions of a frame.

The output hands them over when it feeds the frame. The relay finds the coded picture of that frame
later, by its time stamp. libVLC adds a constant to the stamps of a run, which the relay measures:
the first picture of a run is the first frame that was fed.
"""

import os
import struct
from dataclasses import dataclass

_HEAD = struct.Struct("<QQQ")
_LONGEST_BYTES = 4096


@dataclass(frozen=True)
class FedFrame:
    """One frame as the output fed it to libVLC."""

    run: int
    """Number by which the output names its run."""
    microseconds: int
    """Its time stamp, as fed."""
    triplets: bytes = b""
    """Its captions: cc_data, three bytes each."""
    tick: int = 0
    """The house's tick that it shows."""


class FedLine:
    """The output's end. It never waits, and drops what the relay does not take."""

    def __init__(self, handle: int, run: int) -> None:
        self._handle, self._run = handle, run
        self._is_first = True

    def feed(self, microseconds: int, triplets: bytes = b"", tick: int = 0) -> None:
        """Hand over the captions of a frame. The first frame of a run is handed over without
        captions too.
        """
        if not triplets and not self._is_first:
            return
        try:
            os.write(self._handle, _HEAD.pack(self._run, microseconds, tick) + triplets)
        except OSError:
            return
        self._is_first = False


def read_fed(handle: int) -> list[FedFrame]:
    """Return all frames that wait on the relay's end."""
    frames: list[FedFrame] = []
    while True:
        try:
            message = os.read(handle, _LONGEST_BYTES)
        except OSError:
            return frames
        if len(message) < _HEAD.size:
            return frames
        run, microseconds, tick = _HEAD.unpack_from(message)
        frames.append(FedFrame(run, microseconds, message[_HEAD.size :], tick))
