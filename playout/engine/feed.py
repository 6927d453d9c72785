"""What an output feeds on: the program frame of every tick, or the best there is when it is due."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from config.clock import Clock
from playout.engine.ring import EPOCH, TAKERS, Picture, Ring, Sound
from playout.engine.stillstore import house_slate
from playout.engine.ticks import NS, Ticks, sound_before

GRACE = 0.06
"""Seconds a tick may come late before the output goes on without it."""
HOLD = 0.5
KEPT = 12
"""Ticks kept for whichever of picture and sound is asked for later."""
_NAP = 0.002


@dataclass(frozen=True)
class Fed:
    """One tick as an output sees it."""

    tick: int
    picture: Picture
    sound: Sound


class Feed:
    """Reads the program ring in step with the house clock; never waits for the bus in vain."""

    def __init__(self, ring: Ring, place: int, clock: Clock) -> None:
        self._ring, self._place, self._clock = ring, place, clock
        self.rate = ring.shape.format.rate
        self._ticks = Ticks(self.rate, ring.word(EPOCH))
        self.first = self._ticks.last(clock.monotonic()) + 1
        """The tick at which the output's own time is 0."""
        self._next = self.first
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Fed] = OrderedDict()
        self._slate = house_slate(ring.shape.format)
        self._picture = self._slate
        self._missing = 0
        self.repeated = 0
        """Ticks for which the bus brought nothing."""

    def at(self, tick: int) -> Fed:
        """The program at `tick`, at about the instant it is due; blocks until then."""
        with self._lock:
            while tick not in self._kept and tick >= self._next:
                self._fetch(self._next)
                self._next += 1
            kept = self._kept.get(tick)
            return kept if kept is not None else self._nothing(tick)

    def microseconds(self, tick: int) -> int:
        """The output's own time of `tick`, from 1 second on."""
        gone = tick - self.first
        return 1_000_000 + gone * 1_000_000 * self.rate.denominator // self.rate.numerator

    def _fetch(self, tick: int) -> None:
        house = self._ring.shape.format
        picture: Picture = np.empty(house.picture_bytes, dtype=np.uint8)
        sound: Sound = np.zeros((self._ring.shape.samples, 2), dtype=np.int16)
        if self._await(tick) and self._ring.copy(tick, picture, sound) is not None:
            self._picture, self._missing = picture, 0
            self._keep(Fed(tick, picture, sound[: self._samples(tick)]))
        else:
            self._keep(self._nothing(tick))
        self._ring.put_word(TAKERS + self._place, tick)

    def _await(self, tick: int) -> bool:
        """Wait for the tick; False when the bus is late beyond patience."""
        limit = self._ticks.due(tick) + round(GRACE * NS)
        early = self._ticks.due(tick) - self._clock.monotonic()
        if early > 0:
            self._clock.wait(early / NS)
        while self._ring.look(tick) is None:
            if self._clock.monotonic() > limit or self._ring.head > tick + 1:
                return False
            self._clock.wait(_NAP)
        return True

    def _nothing(self, tick: int) -> Fed:
        """The last picture in silence, and after half a second the output's own slate."""
        self.repeated += 1
        self._missing += 1
        if self._missing > HOLD * self.rate:
            self._picture = self._slate
        silence: Sound = np.zeros((self._samples(tick), 2), dtype=np.int16)
        return Fed(tick, self._picture, silence)

    def _samples(self, tick: int) -> int:
        return sound_before(self.rate, tick + 1) - sound_before(self.rate, tick)

    def _keep(self, fed: Fed) -> None:
        self._kept[fed.tick] = fed
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
