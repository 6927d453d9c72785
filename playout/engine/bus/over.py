"""All that lies over the picture of the bus: graphics with transparency, and above them the one
opaque graphic.
"""

from config.names import HouseFormat
from playout.engine.bus.key import Keyer
from playout.engine.format.ticks import HouseClock
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.engine.links.ring import Picture
from playout.model.engine import Desired
from playout.model.layer import Layer


class OverPicture:
    """Both keyers of a channel, in their order."""

    def __init__(self, house: HouseFormat, time: HouseClock) -> None:
        self.key, self.layers, self._time = Keyer(house), LayerKeyer(house), time

    def use(self, desired: Desired) -> None:
        """Lay over every picture from now on what the agent wants."""
        self.key.use(desired.graphic)
        self.layers.use(desired.graphics)

    def lay(self, picture: Picture, tick: int, layer: Layer) -> None:
        """Write what lies over the picture of a tick into it; `layer` is on air beneath."""
        time = self._time
        laid = LaidTick(tick, time.instant(tick), layer, time.first_at, self.key.rows)
        self.layers.lay(picture, laid)
        self.key.lay(picture)

    def uncover(self, picture: Picture) -> None:
        """Put back what lay beneath, in a copy of the last picture."""
        self.key.uncover(picture)
        self.layers.uncover(picture)
