"""Orders of the bus, as a deck receives them."""

from typing import Any

from config.clock import Clock
from playout.engine.format.ticks import NS
from playout.engine.links.port import Port
from playout.engine.links.ring import GENERATION, Ring

ORDER_LOST_AFTER = 1.0
"""Seconds after which an order that the ring announced and that did not come counts as lost."""


class DeckOrders:
    """A reader of the bus's orders. Only the last one counts. One that never comes is noticed,
    because the bus writes each order's number into the ring before it sends it.
    """

    def __init__(self, port: Port, ring: Ring, clock: Clock) -> None:
        self._port, self._ring = port, ring
        port.receive()  # these were for the previous process; the bus sends them again to this one
        self.generation = ring.word(GENERATION)
        """Number of the last order obeyed."""
        self._obeyed = clock.monotonic()

    def newest(self) -> dict[str, Any] | None:
        """Return the order to obey now; None when none came."""
        orders = self._port.receive()
        if not orders:
            return None
        self.generation = int(orders[-1].get("generation", 0))
        return orders[-1]

    def is_one_lost(self, now: int) -> bool:
        """Return whether an order should have come by `now` (monotonic nanoseconds) and did not."""
        if self._ring.word(GENERATION) == self.generation:
            self._obeyed = now
        return now - self._obeyed > ORDER_LOST_AFTER * NS
