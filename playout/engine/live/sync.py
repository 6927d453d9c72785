"""Placement of a live source in house frames, one for each tick, with picture and sound in step.

The source runs on its own clock, ours on the house clock. Both pictures and sound are placed by one
map (`source_clock`), so they cannot part: at each tick its source time is `due - base`, and picture
and sound are both looked up there. What does not come out even is made up for differently. A
picture is shown again or dropped. Sound is stretched by a hair, since a repeated or missing sample
would click.

Example, house and source at 25 a second, tick n due at n x 40 ms. Picture 0 arrives at 100.010 s,
so `base` is 100.610 s.

    tick   due      source time  picture (its time)  samples of the source
    2515   100.600  -0.010       0 (0.000)           -480 up to 1440
    2516   100.640   0.030       1 (0.040)           1440 up to 3360

Picture 1 belongs at 0.040 and is shown at 0.030: a picture may be off by half a tick, and its sound
never is. Once the rates are known to be alike, pictures go on one for one up to 0.6 of a tick off
(24 ms). Without that margin jitter round the half would show one picture twice and drop the next.

Now let the source be 100 ppm slow. After 20 minutes its clock is followed (see `source_clock`), by
4,000 ns a tick: 1,919.81 samples of the source fill the 1,920 of a tick, and a picture is shown
again when it is 24 ms off, here after 1,398 s and then about every 400 s.

Captions come with pictures, and leave with ticks. A picture's captions are queued when the picture
is reached, whether it is shown or skipped, and each tick sends what its fields may
(`captions/queue`). So nothing is lost with a skipped picture, and a repeated one says nothing
again.

A frame is made as soon as all it needs is there, up to 0.85 s before its tick, so the ring is full
when the live is taken. What is still missing 0.13 s before the tick is left out: the last picture
stays for up to 0.45 s while sound goes on. Then the tick gets no slot, and the bus covers it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from config.names import SAMPLE_RATE
from playout.engine.captions.queue import CaptionQueue
from playout.engine.format.ticks import NS, Ticks
from playout.engine.links.ring import NO_PICTURE, REPEATED, Picture, Ring, Sound
from playout.engine.live.sound import TAPS, SourceTape, resampled
from playout.engine.live.source_clock import SourceClock

RING_LEAD = 0.85
"""Seconds that a house frame may lie in the ring before its tick."""
URGENT_BEFORE = 0.13
"""Seconds before its tick at which a frame is made of whatever has come."""
HOLD_SECONDS = 0.45
"""Seconds that the last picture may stay while sound goes on. After that the bus holds it, then
shows the slate."""
STEP_BAND = 0.6
"""Part of a tick that a picture may be off while source and house have the same rate."""
SPACINGS, RATE_TOLERANCE = 31, 0.01
"""Number of spacings between pictures that tell the source's rate, and part of a tick that their
mean may be off. Thirty-one cover a second, so one odd time stamp does not decide."""
CAPTION_PATIENCE = 3
"""Turns for which a control code waits for its double, which comes with the next picture."""
CAPTIONS_APART = 2
"""Pictures from a control code to its double at most: at 59.94 the fields take turns."""
Draw = Callable[[Picture], None]
"""A function that draws a picture into a slot."""


@dataclass(frozen=True)
class DecodedPicture:
    """A decoded picture: its time (ns, source time), and a function that draws it."""

    at: int
    draw: Draw
    captions: bytes = b""
    """Its captions, as triplets."""


@dataclass
class SyncCounts:
    """The cost of keeping a source in step: pictures repeated, pictures skipped, house frames
    missed.
    """

    repeated: int = 0
    skipped: int = 0
    missed: int = 0


class LiveSync:
    """One unbroken stretch of one source. Give it pictures and sound in order, and call `pump`
    often.
    """

    def __init__(
        self,
        ring: Ring,
        ticks: Ticks,
        generation: int,
        *,
        clock: SourceClock,
        has_picture: bool = True,
        has_sound: bool = True,
        counts: SyncCounts | None = None,
    ) -> None:
        self._ring, self._ticks, self._generation = ring, ticks, generation
        self.clock = clock
        self._has_picture, self._has_sound = has_picture, has_sound
        self._tick_ns = NS / ticks.rate
        self._stride, self._spaces = 0, deque[int](maxlen=SPACINGS)
        self._pictures: deque[DecodedPicture] = deque()
        self._current: DecodedPicture | None = None
        self._captions = CaptionQueue(ticks.rate, CAPTION_PATIENCE, CAPTIONS_APART)
        self._reached = 0
        """Pictures reached so far."""
        self._sound = SourceTape()
        self._next: int | None = None
        self.counts = counts if counts is not None else SyncCounts()

    def picture(self, shown: DecodedPicture) -> None:
        """Queue the next picture."""
        before = self._pictures[-1] if self._pictures else self._current
        if before is not None:
            self._spaces.append(shown.at - before.at)
            self._stride = _stride(self._spaces, float(self._tick_ns))
        self._pictures.append(shown)

    def sound(self, block: Sound, at: int) -> None:
        """Queue the next block of 48 kHz sound, which belongs at `at` (ns, source time)."""
        self._sound.lay(block, round(at * SAMPLE_RATE / NS))

    def ahead(self, now: int) -> tuple[float, float]:
        """Return seconds of decoded material that waits for its tick: the lesser of picture and
        sound, then the greater. A track that has not begun does not count.
        """
        newest = self._pictures[-1] if self._pictures else self._current
        ends = [newest.at] if newest is not None else []
        if self._sound.has_begun:
            ends.append(self._sound.end * NS // SAMPLE_RATE)
        if not ends:
            return 0.0, 0.0
        return (min(ends) + self.clock.base - now) / NS, (max(ends) + self.clock.base - now) / NS

    def pump(self, now: int) -> None:
        """Make every house frame that can be made at `now` (monotonic ns)."""
        if not self.clock.running:
            return
        soonest = self._ticks.first(now)
        if self._next is None or self._next < soonest:
            if self._next is not None and self._current is not None:
                self.counts.missed += soonest - self._next
            self._next = soonest
        while self._ticks.due(self._next) - now <= RING_LEAD * NS and self._ring.room() > 0:
            if not self._make(self._next, now):
                return
            self._next += 1

    def _make(self, tick: int, now: int) -> bool:
        """Make the frame of one tick, or skip it. Return False while it must wait."""
        due = self._ticks.due(tick)
        urgent = due - now <= URGENT_BEFORE * NS
        at = due - self.clock.base
        moved = self.clock.drift(round(self._tick_ns))
        edges = self._edges(tick, moved)
        if not urgent and not self._is_ready(at, edges[1]):
            return False
        picture = self._pick(at)
        silent = self._has_sound and self._sound.end < edges[0] + SAMPLE_RATE // 100
        if self._has_picture and not self._is_fresh(at):
            self.counts.missed += self._current is not None
        elif not self._has_picture and silent:
            self.counts.missed += 1
        else:
            self._commit(tick, edges, picture)
        self.clock.follow(moved)
        self._sound.forget(round(edges[0]) - SAMPLE_RATE // 2)
        return True

    def _edges(self, tick: int, moved: int) -> tuple[float, float]:
        """Return where on the source's tape this tick's sound begins and ends. The end is the next
        tick's begin, so no sample is lost or heard twice between them.
        """
        shift = (self._ticks.epoch - self.clock.base) * SAMPLE_RATE / NS
        begin = self._ticks.sound_before(tick) + shift
        end = self._ticks.sound_before(tick + 1) + shift - moved * SAMPLE_RATE / NS
        return begin, end

    def _is_ready(self, at: int, sound_until: float) -> bool:
        pictures = (
            not self._has_picture
            or bool(self._pictures)
            and self._pictures[-1].at > at + self._tick_ns * STEP_BAND
        )
        sounds = not self._has_sound or self._sound.end > sound_until + TAPS + 2
        return pictures and sounds

    def _is_fresh(self, at: int) -> bool:
        return self._current is not None and at - self._current.at < HOLD_SECONDS * NS

    def _pick(self, at: int) -> bool:
        """Advance to the picture that belongs at `at`. Return True when it is a new one."""
        count, begun = self._steps(at), self._current is not None
        for _ in range(count):
            self._current = self._pictures.popleft()
            self._reached += 1
            self._captions.put(self._current.captions, self._reached)
        if self._stride and begun:
            self.counts.skipped += max(0, count - self._stride)
            self.counts.repeated += not count
        return count > 0

    def _steps(self, at: int) -> int:
        """Return by how many pictures to advance: by the stride while that one is near enough, else
        to the last picture within half a tick.
        """
        half = float(self._tick_ns) / 2
        stride = self._stride
        if stride and self._current is not None and len(self._pictures) >= stride:
            off = self._pictures[stride - 1].at - at
            if abs(off) <= STEP_BAND * self._tick_ns:
                return stride
        return sum(1 for shown in self._pictures if shown.at <= at + half)

    def _commit(self, tick: int, edges: tuple[float, float], new: bool) -> None:
        position = self._ring.head
        slot = self._ring.begin(position)
        if self._current is not None:
            self._current.draw(slot.picture)
        own = self._ticks.sound_before(tick + 1) - self._ticks.sound_before(tick)
        count = own + 2
        slot.sound[:count] = self._heard(edges, own)
        flags = 0 if self._has_picture else NO_PICTURE
        if self._stride and not new:
            flags |= REPEATED
        captions = self._captions.take(tick)
        self._ring.commit(position, self._generation, tick, flags, count, captions)

    def _heard(self, edges: tuple[float, float], own: int) -> Sound:
        if not self._has_sound:
            return np.zeros((own + 2, 2), dtype=np.int16)
        begin, end = edges
        positions = begin + (end - begin) / own * np.arange(-1.0, own + 1)
        return resampled(self._sound.tape, positions)


def _stride(spaces: Sequence[int], tick: float) -> int:
    """Return how many pictures of the source make one tick, where that is a whole number; otherwise
    0, and 0 until SPACINGS of them are known.
    """
    if len(spaces) < SPACINGS:
        return 0
    space = sorted(spaces)[len(spaces) // 2]
    even = sum(spaces) / len(spaces)
    whole = round(tick / space) if space > 0 else 0
    fits = whole >= 1 and abs(even * whole / tick - 1) < RATE_TOLERANCE
    return whole if fits and max(spaces) < 1.9 * space else 0
