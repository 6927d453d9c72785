"""The orders of the bus, as a deck hears them."""

from typing import Any

from config.clock import Clock
from playout.engine.format.ticks import NS
from playout.engine.links.port import Port
from playout.engine.links.ring import GENERATION, Ring

ORDER_LOST_AFTER = 1.0
"""Seconds after which an order that the ring tells of and that did not come is lost."""


class DeckOrders:
    """The orders of the bus. The last one alone counts, and one that never comes is noticed: the
    bus writes the number of each into the ring before it sends it."""

    def __init__(self, port: Port, ring: Ring, clock: Clock) -> None:
        self._port, self._ring = port, ring
        port.receive()  # meant for the process before this one: the bus repeats them to this one
        self.generation = ring.word(GENERATION)
        """The number of the last order obeyed."""
        self._obeyed = clock.monotonic()

    def newest(self) -> dict[str, Any] | None:
        """The order to obey now, if one came."""
        orders = self._port.receive()
        if not orders:
            return None
        self.generation = int(orders[-1].get("generation", 0))
        return orders[-1]

    def is_one_lost(self, now: int) -> bool:
        """Is there an order that should have come by `now` (monotonic nanoseconds)?"""
        if self._ring.word(GENERATION) == self.generation:
            self._obeyed = now
        return now - self._obeyed > ORDER_LOST_AFTER * NS
