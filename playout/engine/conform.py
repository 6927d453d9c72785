"""Conforming a media to the house: where its picture sits, which frame when, and its sound."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from config.clock import Clock
from config.names import SAMPLE_RATE, HouseFormat
from playout.engine.opening import Opening
from playout.engine.ring import NO_PICTURE, REPEATED, Picture, Ring, Sound, planes
from playout.engine.sound import Gain, Tape
from playout.engine.ticks import sound_before

ANCHOR_FRAMES = 6
"""Frames seen before the time of the first is believed; the first itself may come early."""
LATE_SOUND = 250_000
"""Microseconds a picture waits for its sound before it goes on without."""
JUMP = SAMPLE_RATE * 40 // 1000
"""Sound this far from where it was expected has a hole or an overlap, not a rounding."""
SAME_RATE = Fraction(1, 2000)


@dataclass(frozen=True)
class Box:
    """Where a picture sits inside the house picture; all even."""

    x: int
    y: int
    width: int
    height: int


def fit(width: int, height: int, sar: Fraction, house: HouseFormat) -> Box:
    """The largest box of the picture's true shape inside the house picture, centred."""
    aspect = Fraction(width, height) * sar
    across, down = house.width, house.height
    if abs(aspect - Fraction(across, down)) * down <= 2:
        return Box(0, 0, across, down)
    if aspect > Fraction(across, down):
        down = max(2, int(across / aspect / 2 + Fraction(1, 2)) * 2)
    else:
        across = max(2, int(down * aspect / 2 + Fraction(1, 2)) * 2)
    x, y = (house.width - across) // 4 * 2, (house.height - down) // 4 * 2
    return Box(x, y, across, down)


def place(target: Picture, house: HouseFormat, box: Box, source: Sequence[Picture]) -> None:
    """Copy the planes of a picture into its box and make the rest black."""
    sides = planes(target, house.width, house.height)
    for index, (plane, part) in enumerate(zip(sides, source, strict=True)):
        half = 1 if index == 0 else 2
        x, y = box.x // half, box.y // half
        across, down = box.width // half, box.height // half
        dark = 16 if index == 0 else 128
        plane[:y], plane[y + down :] = dark, dark
        plane[y : y + down, :x], plane[y : y + down, x + across :] = dark, dark
        plane[y : y + down, x : x + across] = part[:down, :across]


def source_frame(slot: int, source: Fraction, house: Fraction) -> int:
    """Which source frame stands at house slot `slot`, both counted from 0; evenly spread."""
    if abs(source / house - 1) < SAME_RATE:
        return slot
    return int(slot * source / house + Fraction(1, 1000))


@dataclass(frozen=True)
class Run:
    """One filling of the ring: which load, from which house frame, and what the media has."""

    generation: int
    first: int
    rate: Fraction
    """Source frames a second."""
    box: Box
    gain_db: float = 0.0
    has_picture: bool = True
    has_sound: bool = True
    still: bool = False
    opening: Opening | None = None
    """The first pictures, to mend what libVLC loses while it starts on a busy machine."""
    pictures: int = 0
    """House slots the picture should fill from the first one on; 0 when that is not known."""


class Conformer:
    """Turns decoded pictures and sound into whole slots of a deck's ring.

    `picture` and `sound` come from the decoder's threads and block while the ring is full.
    """

    def __init__(self, ring: Ring, run: Run, clock: Clock) -> None:
        self._ring, self._run, self._clock = ring, run, clock
        self._house = ring.shape.format
        self._lock = threading.Condition()
        self._gain = Gain(run.gain_db)
        self._tape = Tape()
        self._early: list[tuple[Sound, int]] = []
        self._base: int | None = None
        self._guess: float | None = None
        self._placed = 0
        self._waiting: list[int] = []
        self._sounding = False
        self._cancelled = self._finished = False
        self._source_end = 1 << 62
        self.frames = 0
        """Source frames seen."""
        self.mended = 0
        """Pictures libVLC lost while it started, put back."""
        self.slots = 0
        """House slots committed."""

    def cancel(self) -> None:
        """Let go at once; what comes now is dropped."""
        self._cancelled = True

    @property
    def has_begun(self) -> bool:
        """True when a still has its picture, or anything else its first slot."""
        return self._placed > 0

    def picture(self, source: Sequence[Picture], date: int) -> None:
        """The next source frame, shown at `date` (microseconds)."""
        with self._lock:
            opening = self._run.opening
            lost = opening.lost_before(self.frames, source) if opening is not None else []
            if lost is None:
                return
            for picture in lost:
                self.mended += 1
                self._take(picture, date)
            self._take(source, date)

    def _take(self, source: Sequence[Picture], date: int) -> None:
        number, self.frames = self.frames, self.frames + 1
        if self._run.still and number:
            return
        self._anchor(number, date)
        while not self._cancelled and self._wanted(self._placed) == number:
            if not self._make_room():
                return
            slot = self._ring.begin(self._ring.head + len(self._waiting))
            place(slot.picture, self._house, self._run.box, source)
            self._waiting.append(date)
            self._placed += 1
            if self._run.still:
                break
        self._commit()

    def _wanted(self, slot: int) -> int:
        return source_frame(slot, self._run.rate, self._house.rate)

    def _anchor(self, number: int, date: int) -> None:
        if number and self._base is None:
            starts = date - float(number / self._run.rate) * 1e6
            self._guess = starts if self._guess is None else min(self._guess, starts)
            if number >= ANCHOR_FRAMES:
                self._settle_base(round(self._guess))

    def _settle_base(self, base: int) -> None:
        self._base = base
        early, self._early = self._early, []
        for block, date in early:
            self._lay(block, date)

    def sound(self, block: Sound, date: int) -> None:
        """The next block of sound, which belongs at `date` (microseconds)."""
        with self._lock:
            if self._cancelled or self._run.still:
                return
            block = self._gain.apply(block)
            if self._base is None and not self._run.has_picture:
                self._base = date
            if self._base is None:
                self._early.append((block.copy(), date))
                return
            self._lay(block.copy(), date)
            if not self._run.has_picture:
                self._fill_blind()
            self._commit()

    def _sample(self, slot: int) -> int:
        return sound_before(self._house.rate, self._run.first + slot)

    def _lay(self, block: Sound, date: int) -> None:
        assert self._base is not None
        where = self._sample(0) + round((date - self._base) * SAMPLE_RATE / 1e6)
        if not self._sounding:
            self._tape.start_at(where)
            self._sounding = True
        off = where - self._tape.end
        if off > JUMP:
            self._tape.put(np.zeros((min(off, 10 * SAMPLE_RATE), 2), dtype=np.int16))
        elif off < -JUMP:
            block = block[-off:]
        self._tape.put(block)

    def _fill_blind(self) -> None:
        while self._tape.end > self._sample(self._placed + 1) and self._make_room():
            self._ring.begin(self._ring.head + len(self._waiting))
            self._waiting.append(0)
            self._placed += 1
            self._commit()

    def _make_room(self) -> bool:
        """Wait until the ring has a free slot; False when cancelled meanwhile."""
        while self._ring.room() <= len(self._waiting):
            self._commit()
            self._lock.wait(0.004)
            if self._cancelled:
                return False
        return not self._cancelled

    def _commit(self) -> None:
        while self._waiting and not self._cancelled:
            first, after = self._sample(self.slots), self._sample(self.slots + 1)
            if not self._sound_is_there(after + 1):
                return
            count = after - first + 2
            slot = self._ring.begin(self._ring.head)
            slot.sound[:count] = self._tape.cut(first - 1, count)
            flags = (0 if self._run.has_picture else NO_PICTURE) | self._repeated()
            number = self._run.first + self.slots
            self._ring.commit(self._ring.head, self._run.generation, number, flags, count)
            self._waiting.pop(0)
            self.slots += 1
            self._tape.forget(first - SAMPLE_RATE)

    def _repeated(self) -> int:
        """The flag of a slot whose own picture never came."""
        return REPEATED if self._source_end <= self.slots < self._run.pictures else 0

    def _sound_is_there(self, until: int) -> bool:
        if self._finished or self._run.still or not self._run.has_sound:
            return True
        if self._sounding and self._tape.end >= until:
            return True
        late = self._clock.monotonic() // 1000 - self._waiting[0]
        return self._run.has_picture and late > LATE_SOUND

    def pump(self) -> None:
        """Go on without the decoder: a still's next slots, and pictures whose sound never came."""
        with self._lock:
            if self._cancelled:
                return
            self._commit()
            while self._run.still and self.slots and self._ring.room() > 0:
                self._repeat()

    def _repeat(self) -> None:
        before = self._ring.begin(self._ring.head - 1) if self.slots else None
        slot = self._ring.begin(self._ring.head + len(self._waiting))
        if before is not None:
            before.words[0] = self._ring.head
            np.copyto(slot.picture, before.picture)
        self._waiting.append(0)
        self._placed += 1
        self._commit()

    def finish(self) -> bool:
        """The media has ended: hand out the rest. False while the ring is too full for it."""
        with self._lock:
            if not self._finished:
                self._finished, self._source_end = True, self._placed
            if self._base is None and self._early:
                self._settle_base(self._early[0][1] if self._guess is None else round(self._guess))
            self._commit()
            while (
                not self._cancelled
                and self._sounding
                and self._tape.end >= self._sample(self.slots + 1)
            ):
                if self._ring.room() <= 0:
                    return False
                self._repeat()
            return True
