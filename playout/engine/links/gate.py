"""The gate of a channel that two machines may send: a deadline in shared memory.

The peer link writes until when this machine may send; the relay and the processes of targets look
at it before each chunk, by the machine's monotonic clock. So one that stood still and wakes up late
sends nothing, whatever became of the link meanwhile. Each word is written in one piece.
"""

import mmap
import os

_BYTES = 4096
_UNTIL, _SENT, _PICTURE, _SENT_COUNTERS, _START, _START_COUNTERS = range(6)
_CUT, _DRAINED, _KEY, _GROUP, _OPENED = range(6, 11)


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

    def open(self, until: int, now: int) -> None:
        """Let chunks pass until an instant."""
        if not self.is_open(now):
            self._words[_OPENED] = now
        self._words[_UNTIL] = until

    @property
    def opened_at(self) -> int:
        """The instant at which it was opened last."""
        return self._words[_OPENED]

    def close(self) -> None:
        """Let nothing pass from now on, and forget a planned change."""
        self._words[_UNTIL] = 0
        self._words[_START] = 0
        self.cut_at(0)

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

    def cut_at(self, stamp: int) -> None:
        """Hold pictures back from this stamp on, which is that of a key picture; 0 for none. What
        comes before it is sent; what is held back leaves, if at all, when the gate opens.
        """
        self._words[_DRAINED] = 0
        self._words[_CUT] = stamp

    @property
    def cut(self) -> int:
        """The stamp from which pictures are held back, in units of 90 kHz; 0 for none."""
        return self._words[_CUT]

    def note_drained(self) -> None:
        """Note that every picture before the cut was sent, and that the next one has come."""
        self._words[_DRAINED] = 1

    @property
    def is_drained(self) -> bool:
        """True once nothing before the cut is left to send."""
        return bool(self._words[_DRAINED])

    def go_on_from(self, slot: int, counters: bytes) -> None:
        """Let the stream that leaves when the gate opens go on where another machine's ended."""
        self._words[_START_COUNTERS] = int.from_bytes(counters[:8].ljust(8, b"\0"), "little")
        self._words[_START] = slot

    @property
    def start(self) -> tuple[int, bytes]:
        """The first slot to send when the gate opens, and the counters before it; 0 for a stream
        that begins.
        """
        return self._words[_START], self._words[_START_COUNTERS].to_bytes(8, "little")

    def note_key(self, stamp: int) -> None:
        """Note the stamp of a key picture that came, in units of 90 kHz."""
        before = self._words[_KEY]
        self._words[_GROUP] = max(0, stamp - before) if before else 0
        self._words[_KEY] = stamp

    @property
    def key(self) -> tuple[int, int]:
        """The stamp of the newest key picture, and its distance from the one before; 0 for not
        known.
        """
        return self._words[_KEY], self._words[_GROUP]

    def note_picture(self, at: int) -> None:
        """Note that the relay got a picture at this instant."""
        self._words[_PICTURE] = at

    @property
    def picture_at(self) -> int:
        """The instant at which the relay got its last picture; 0 for never."""
        return self._words[_PICTURE]
