"""Chunks of the stream that are made a little ahead and wait for their time.

A relay that sleeps 2.3 ms between two chunks finds the caches of its processor full of the
encoder's data. So what a turn costs is how much code it walks through, and most turns only send a
chunk that lies ready.

Worked example, one slot each millisecond. At slot 70 the chunks of slots 70 to 76 and 77 to 83 are
made. The relay sends the first one when slot 76 is due, and then stands still until slot 900. The
other chunk leaves in slots 900 to 906, and says the time of those.
"""

from collections import deque
from typing import NamedTuple

from playout.engine.relay.datagrams import CHUNK_PACKETS
from playout.engine.relay.mux import Mux
from playout.engine.relay.slots import SlotClock

PREPARE_SECONDS = 0.01
"""Seconds of the stream that are made in one go. What comes meanwhile waits so long for its place,
but the place of a run follows from its earliest pictures, so the stream has no more delay."""


class PreparedChunk(NamedTuple):
    """One chunk that waits for its time."""

    instant: int
    """Monotonic nanoseconds at which it leaves."""
    data: bytes
    stamp: int
    """The stream's time at its first byte, in units of 90 kHz."""
    counters: bytes
    """The continuity counters once it was sent."""
    end: int
    """The slot after its last."""


class PreparedChunks:
    """The chunks that wait, and the slot after them."""

    def __init__(self, mux: Mux, slots: SlotClock, counters: bytearray, slot: int) -> None:
        """Make the line of chunks that begins with this slot. `counters` are those of the
        multiplexer.
        """
        self._mux, self._slots, self._counters = mux, slots, counters
        self.slot = slot
        """The next slot to be made."""
        self._at_once = max(1, slots.slots(PREPARE_SECONDS) // CHUNK_PACKETS)
        self.waiting: deque[PreparedChunk] = deque()

    def make(self) -> None:
        """Make the next chunks of what the multiplexer has."""
        for _ in range(self._at_once):
            data = self._mux.packets(self.slot, CHUNK_PACKETS)
            self._put(data, bytes(self._counters))

    def leave_out(self, now: int) -> int:
        """Leave out all slots that are due at this monotonic instant. Chunks that wait are sent in
        the slots after them, with the time of those. Return the number of slots left out.
        """
        before, ready = self.slot, [*self.waiting]
        self.waiting.clear()
        self.slot = self._slots.due(now)
        for chunk in ready:
            self._put(self._mux.with_clock(chunk.data, self.slot), chunk.counters)
        return self.slot - before

    def begin_again(self) -> None:
        """Drop the chunks that wait, and go on in their slots."""
        if self.waiting:
            self.slot = self.waiting[0].end - CHUNK_PACKETS
            self.waiting.clear()

    def _put(self, data: bytes, counters: bytes) -> None:
        stamp = self._slots.stamp(self.slot)
        self.slot += CHUNK_PACKETS
        instant = self._slots.instant(self.slot - 1)
        self.waiting.append(PreparedChunk(instant, data, stamp, counters, self.slot))
