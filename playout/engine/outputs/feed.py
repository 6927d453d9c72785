"""The frames of an output: the program's frame of every tick, or a stand-in when it is late."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np

from config.clock import Clock
from playout.engine.format.stills import house_slate
from playout.engine.format.ticks import NS, Ticks, sound_before
from playout.engine.links.ring import EPOCH, TAKERS, Picture, Ring, Sound

LATE_TICK_GRACE = 0.2
"""Seconds that a tick may be late before the output repeats a picture instead."""
PICTURE_HELD_FOR = 0.5
"""Seconds that the last picture is repeated before the output's own slate takes over."""
TICKS_KEPT = 12
"""Ticks kept, because libVLC asks for picture and sound separately and never in the same order."""
JUMP_WHEN_BEHIND = 20
"""Ticks behind the clock from which an output jumps ahead: the ring holds no older ones."""
_NAP = 0.002


@dataclass(frozen=True)
class FeedTick:
    """One tick as an output airs it."""

    tick: int
    picture: Picture
    sound: Sound
    captions: bytes = b""
    """Its captions, and those of ticks before it that came too late to be aired."""
    is_lent: bool = False
    """Whether the picture lies in the program ring, where the bus will overwrite it. When
    `at` returns it, half of the ring's pictures lie before the bus comes to this one."""


class ProgramFeed:
    """Reads the program ring in step with the house clock, and never waits long for a late bus."""

    def __init__(self, ring: Ring, place: int, clock: Clock) -> None:
        self._ring, self._place, self._clock = ring, place, clock
        self.rate = ring.shape.format.rate
        self._ticks = Ticks(self.rate, ring.word(EPOCH))
        self._first: int | None = None
        self._heard: int | None = None
        """The last tick whose captions were read."""
        self._fetched = 0
        self.skipped = 0
        """Ticks jumped over because the output was stalled for longer than the ring lasts."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, FeedTick] = OrderedDict()
        self._slate = house_slate(ring.shape.format)
        self._picture = self._slate
        """The picture that is repeated while the bus delivers nothing."""
        self._newest: int | None = None
        """The last tick that the bus delivered."""
        self._missing = 0
        self.repeated = 0
        """Ticks for which the bus delivered nothing."""

    def at(self, number: int) -> FeedTick:
        """Return the program for the output's frame `number` (0, 1, ...); blocks until about its
        due time.
        """
        with self._lock:
            while number not in self._kept and number >= self._fetched:
                self._fetch(self._fetched)
                self._fetched += 1
            kept = self._kept.get(number)
            if kept is None:
                return self._nothing(self._tick_of(number))
            if kept.is_lent and self._ring.head - kept.tick > self._ring.shape.pictures // 2:
                return replace(kept, picture=self._copied(kept.tick), is_lent=False)
            return kept

    def forget_picture(self, number: int) -> None:
        """Do nothing: these pictures lie in the ring."""

    def microseconds(self, number: int) -> int:
        """Return the timestamp of the output's frame `number`; it starts at 1 second and has no
        holes.
        """
        return 1_000_000 + number * 1_000_000 * self.rate.denominator // self.rate.numerator

    def _tick_of(self, number: int) -> int:
        """Return the tick of the output's frame `number`. Frame 0 is the first tick after the
        output starts; an output that was stalled for longer than the ring holds jumps to the
        present.
        """
        now = self._ticks.last(self._clock.monotonic())
        if self._first is None:
            self._first = now + 1
        tick = self._first + number + self.skipped
        if now - tick > JUMP_WHEN_BEHIND:
            self.skipped += now - tick
            return now
        return tick

    def _fetch(self, number: int) -> None:
        tick = self._tick_of(number)
        slot = self._ring.look(tick) if self._await(tick) else None
        sound = slot.sound[: self._samples(tick)].copy() if slot is not None else None
        if slot is not None and sound is not None and self._ring.look(tick) is slot:
            self._newest, self._missing = tick, 0
            captions = self._captions(tick)
            self._keep(number, FeedTick(tick, slot.picture, sound, captions, is_lent=True))
        else:
            self._keep(number, self._nothing(tick))
        self._ring.put_word(TAKERS + self._place, tick)

    def _copied(self, tick: int) -> Picture:
        """Return a copy of a tick's picture; of the newest one where it was overwritten, and the
        slate where there is none.
        """
        picture: Picture = np.empty(self._ring.shape.format.picture_bytes, dtype=np.uint8)
        for one in (tick, self._ring.head - 1):
            if self._ring.copy_picture(one, picture):
                return picture
        return self._slate

    def _captions(self, tick: int) -> bytes:
        """Return the captions of a tick, after those of late ticks that are still in the ring."""
        first = tick if self._heard is None else self._heard + 1
        self._heard = tick
        still = range(max(first, tick - self._ring.shape.slots + 2), tick + 1)
        return b"".join(self._ring.captions(one) for one in still)

    def _await(self, tick: int) -> bool:
        """Wait for a tick; return False when the bus is later than LATE_TICK_GRACE."""
        limit = self._ticks.due(tick) + round(LATE_TICK_GRACE * NS)
        early = self._ticks.due(tick) - self._clock.monotonic()
        if early > 0:
            self._clock.wait(early / NS)
        while self._ring.look(tick) is None:
            if self._clock.monotonic() > limit or self._ring.head > tick + 1:
                return False
            self._clock.wait(_NAP)
        return True

    def _nothing(self, tick: int) -> FeedTick:
        """Return the last picture in silence, and after half a second the output's own slate."""
        self.repeated += 1
        self._missing += 1
        if self._missing == 1 and self._newest is not None:
            self._picture = self._copied(self._newest)
        if self._missing > PICTURE_HELD_FOR * self.rate:
            self._picture = self._slate
        silence: Sound = np.zeros((self._samples(tick), 2), dtype=np.int16)
        return FeedTick(tick, self._picture, silence)

    def _samples(self, tick: int) -> int:
        return sound_before(self.rate, tick + 1) - sound_before(self.rate, tick)

    def _keep(self, number: int, fed: FeedTick) -> None:
        self._kept[number] = fed
        while len(self._kept) > TICKS_KEPT:
            self._kept.popitem(last=False)
