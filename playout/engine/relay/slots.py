"""The clock of the stream: slot k leaves at epoch + k × 1504 bits / rate, whatever happens.

The epoch is that of the house clock, and outlives every process. So a relay that starts again goes
on with the slot that is due, and the stream's clock (PCR) has no step. At 4,512,000 bits a second
slot 3000 leaves one second after the epoch and carries the time 90,000 in stamps.
"""

from dataclasses import dataclass

from playout.engine.transport import CLOCK_HZ, PACKET_BITS, STAMPS_A_SECOND

_NS = 1_000_000_000
_PCR_BITS = 8 * 11
"""Bits of a packet up to the end of the byte that holds the last bit of the PCR's base: the place
to which a PCR refers."""


@dataclass(frozen=True)
class SlotClock:
    """The slots of a stream of constant rate."""

    epoch: int
    """Monotonic nanoseconds at which slot 0 leaves."""
    rate: int
    """Bits a second, headers and null packets included."""

    def due(self, now: int) -> int:
        """Return the first slot that is not yet due at this monotonic instant."""
        return max(0, (now - self.epoch) * self.rate // (PACKET_BITS * _NS) + 1)

    def instant(self, slot: int) -> int:
        """Return the monotonic nanoseconds at which a slot leaves."""
        return self.epoch + -(-slot * PACKET_BITS * _NS // self.rate)

    def stamp(self, slot: int) -> int:
        """Return the stream's time at a slot, in units of 90 kHz, not wrapped."""
        return slot * PACKET_BITS * STAMPS_A_SECOND // self.rate

    def first_slot(self, stamp: int) -> int:
        """Return the first slot at which the stream's time is at least this, in units of 90 kHz."""
        return -(-stamp * self.rate // (PACKET_BITS * STAMPS_A_SECOND))

    def clock(self, slot: int) -> int:
        """Return the PCR for a packet in this slot, in units of 27 MHz, not wrapped."""
        return (slot * PACKET_BITS + _PCR_BITS) * CLOCK_HZ // self.rate

    def slots(self, seconds: float) -> int:
        """Return how many slots fit into so many seconds, at least one."""
        return max(1, int(seconds * self.rate / PACKET_BITS))
