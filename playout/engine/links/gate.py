"""The gate of a channel that two machines may send: a deadline in shared memory.

The peer link writes until when this machine may send; the relay and the processes of targets look
at it before each chunk, by the machine's monotonic clock. So one that stood still and wakes up late
sends nothing, whatever became of the link meanwhile. Each word is written in one piece.
"""

import mmap
import os

_BYTES = 4096
_UNTIL, _STOP, _SENT, _PICTURE, _SENT_COUNTERS, _START, _START_COUNTERS, _CUT, _KEY = range(9)
NEVER = 1 << 62


def make_gate() -> int:
    """Return the handle of a closed gate; the memory outlives the processes that look at it."""
    handle = os.memfd_create("gavel-gate")
    os.ftruncate(handle, _BYTES)
    Gate(handle).close()
    return handle


class Gate:
    """One process's view of the gate. Instants are monotonic nanoseconds."""

    def __init__(self, handle: int) -> None:
        self._words = memoryview(mmap.mmap(handle, _BYTES)).cast("q")

    def is_open(self, now: int) -> bool:
        """Tell whether this machine may send at this instant."""
        return now < self._words[_UNTIL]

    def lets(self, end: int, now: int) -> bool:
        """Tell whether a chunk may leave whose last slot lies before `end`."""
        words = self._words
        return now < words[_UNTIL] and end <= words[_STOP]

    def open(self, until: int) -> None:
        """Let chunks pass until an instant."""
        self._words[_UNTIL] = until

    def close(self) -> None:
        """Let nothing pass from now on, and forget a planned hand-over."""
        self._words[_UNTIL] = 0
        self._words[_STOP] = NEVER
        self._words[_START] = 0
        self._words[_CUT] = 0

    @property
    def until(self) -> int:
        """The instant until which this machine may send; 0 for not at all."""
        return self._words[_UNTIL]

    def note_sent(self, end: int, counters: bytes) -> None:
        """Note that all slots before `end` were sent, and the counters after them."""
        self._words[_SENT_COUNTERS] = int.from_bytes(counters[:8].ljust(8, b"\0"), "little")
        self._words[_SENT] = end

    @property
    def sent(self) -> tuple[int, bytes]:
        """The slot after the last that was sent, and the continuity counters then."""
        return self._words[_SENT], self._words[_SENT_COUNTERS].to_bytes(8, "little")

    def note_picture(self, at: int) -> None:
        """Note that the relay got a picture at this instant."""
        self._words[_PICTURE] = at

    @property
    def picture_at(self) -> int:
        """The instant at which the relay got its last picture; 0 for never."""
        return self._words[_PICTURE]
