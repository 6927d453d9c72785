"""FakeMusic: music of one steady level, for the bus without files."""

from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import Ring


class FakeMusic:
    """Fills a ring as `MusicPlayer` does, with samples of one value."""

    def __init__(self, ring: Ring, level: int) -> None:
        self.ring, self._level = ring, level

    def step(self) -> None:
        """Fill the ring as far as there is room."""
        rate = self.ring.shape.format.rate
        while self.ring.room() > 0:
            position = self.ring.head
            count = sound_before(rate, position + 1) - sound_before(rate, position)
            self.ring.begin(position).sound[:count] = self._level
            self.ring.commit(position, 1, position, 0, count)
