"""All that lies over the picture of the bus: graphics with transparency, and above them the one
opaque graphic.
"""

from playout.engine.bus.key import Keyer
from playout.engine.format.ticks import HouseClock
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.engine.links.covered import Box, tell_covered
from playout.engine.links.ring import Picture, Ring
from playout.model.engine import Desired
from playout.model.layer import Layer


class OverPicture:
    """Both keyers of a channel, in their order."""

    def __init__(self, ring: Ring, time: HouseClock) -> None:
        house = ring.shape.format
        self.key, self.layers, self._time = Keyer(house), LayerKeyer(house), time
        self._ring, self._width = ring, house.width
        self._told: tuple[Box, ...] | None = None

    def use(self, desired: Desired) -> None:
        """Lay over every picture from now on what the agent wants."""
        self.key.use(desired.graphic)
        self.layers.use(desired.graphics)

    def lay(self, picture: Picture, tick: int, layer: Layer) -> None:
        """Write what lies over the picture of a tick into it; `layer` is on air beneath."""
        time = self._time
        if self.layers.is_bare:
            self.layers.lay_nothing()
        else:
            laid = LaidTick(tick, time.instant(tick), layer, time.first_at, self.key.rows)
            self.layers.lay(picture, laid)
        self.key.lay(picture)
        if self._told != (boxes := self._boxes()):
            self._told = boxes
            tell_covered(self._ring, boxes)

    def _boxes(self) -> tuple[Box, ...]:
        """Return the boxes of the last picture that something covers, but not all of it."""
        first, last = self.key.rows
        strip = first < last and not self.key.is_full
        rows = ((0, first, self._width, last - first),) if strip else ()
        return (*rows, *self.layers.boxes)

    def uncover(self, picture: Picture) -> None:
        """Put back what lay beneath, in a copy of the last picture."""
        self.key.uncover(picture)
        self.layers.uncover(picture)
