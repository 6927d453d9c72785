"""The monitor's notes for the watcher: what the bus placed on each tick."""

from playout.engine.format.ticks import Ticks
from playout.engine.links.placed import PlacedWriter
from playout.engine.links.ring import EPOCH, Ring, Slot, planes
from playout.engine.watching.power import mean_square
from playout.engine.watching.signature import signature


class TickNotes:
    """Notes each tick of the program ring in memory that the watcher reads."""

    def __init__(self, ring: Ring, handle: int) -> None:
        self._ring, self._writer = ring, PlacedWriter(handle)
        self._ticks = Ticks(ring.shape.format.rate, ring.word(EPOCH))

    def note(self, tick: int, slot: Slot) -> None:
        """Note a tick whose slot was just looked up. One that was overwritten meanwhile is left
        out.
        """
        house = self._ring.shape.format
        blocks = signature(planes(slot.picture, house.width, house.height)[0])
        power, layer = mean_square(slot.sound[: slot.samples]), slot.flags
        if self._ring.look(tick) is slot and self._ring.has_picture(tick):
            self._writer.put(self._ticks.due(tick), layer, power, blocks)
