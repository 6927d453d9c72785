"""Conforming of a file to the house format: which frame is shown when, and with which sound."""

import threading
from collections.abc import Sequence

import numpy as np

from config.clock import Clock
from config.names import SAMPLE_RATE
from playout.engine.decks.conform_job import ConformJob, is_drawn_in_place
from playout.engine.decks.dates import PictureDates
from playout.engine.format.framing import place
from playout.engine.format.sound import Gain, SoundTrack
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import (
    NO_PICTURE,
    REPEATED,
    SAME_PICTURE,
    Picture,
    Ring,
    Slot,
    Sound,
    planes,
)
from playout.engine.vlc.callbacks import Canvas

LATE_SOUND_US = 250_000
"""Microseconds that a picture waits for its sound before it goes on without."""


class Conformer:
    """The worker that turns decoded pictures and sound into whole slots of a deck's ring.

    The decoder's threads call `picture` and `sound`, which block while the ring is full. That is
    the back-pressure that paces libVLC.

    A picture gets a slot as soon as it comes; the slot is committed once its sound is there too.
    Where the dates of later pictures show that some never came, their slots repeat the picture
    before them, so that what follows is in its place.

    Worked example, a film of 25 pictures a second in a house format of 29.97:

        slot   begins   shows        samples of its sound
        0      0.000    picture 0        0 to 1601
        1      0.033    picture 0     1601 to 3203
        2      0.067    picture 1     3203 to 4804
        3      0.100    picture 2     4804 to 6406
        4      0.133    picture 3     6406 to 8008; if 3 never came, picture 2 again (REPEATED)
        5      0.167    picture 4     8008 to 9609
    """

    def __init__(self, ring: Ring, run: ConformJob, clock: Clock) -> None:
        self._ring, self._run, self._clock = ring, run, clock
        self._house = ring.shape.format
        self._lock = threading.Condition()
        self._gain = Gain(run.gain_db)
        self._dates = PictureDates(run.rate)
        self._canvases: dict[int, Canvas] = {}
        self._lent: Canvas | None = None  # the place of the ring that is drawn into
        self._is_drawn_in_place = is_drawn_in_place(run, self._house)
        self._doubted: list[tuple[Sequence[Picture], int]] = []
        self._placed = 0
        self._waiting: list[tuple[int, int]] = []
        """Date and flags of slots that have their picture and wait for their sound."""
        self._cancelled = self._finished = False
        self._source_end = 1 << 62
        self._ends_still = False
        """The picture was still at the end, so pictures missing there do not count as missing."""
        self.frames = 0
        """Source frames so far, including those that never came."""
        self.mended = 0
        """Pictures that libVLC lost while it started, replaced from the first pictures."""
        self.missed = 0
        """Source frames that never came, by the dates of later ones."""
        self.slots = 0
        """House slots committed so far."""
        self.track = SoundTrack(self._sample(0))

    def cancel(self) -> None:
        """Stop at once. Whatever the decoder still brings is dropped."""
        self._cancelled = True

    def lend(self, shown: Canvas | None) -> Canvas | None:
        """Return a place of the ring to draw the next picture into, not that of `shown`; None where
        a picture must be copied to be conformed.
        """
        if not self._is_drawn_in_place:
            return None
        with self._lock:
            place_shown = shown.place if shown else None
            number = self._ring.lend(self._ring.head + len(self._waiting), place_shown)
            self._lent = self._canvas(number) if number is not None else None
        return self._lent

    def _canvas(self, number: int) -> Canvas:
        if number not in self._canvases:
            parts = planes(self._ring.place(number), self._house.width, self._house.height)
            self._canvases[number] = Canvas.on(parts, number)
        return self._canvases[number]

    def picture(self, source: Sequence[Picture], date: int, sharp: bool) -> None:
        """Take the next source frame, shown at `date` (microseconds); `sharp` when in time."""
        with self._lock:
            opening, number = self._run.opening, self.frames + len(self._doubted)
            lost = opening.lost_before(number, source) if opening is not None else []
            if lost is None:
                return
            for picture in lost:
                self.mended += 1
                self._place(picture, date)
            if self._run.still:
                self._place(source, date)
            else:
                self._place_by_date(source, date, sharp)

    def _place_by_date(self, source: Sequence[Picture], date: int, sharp: bool) -> None:
        """Place a picture by its date: after the slots of the missing ones, or later, while in
        doubt.
        """
        missing = self._dates.missing(self.frames + len(self._doubted), date, sharp)
        if missing is None:
            self._doubted.append(([plane.copy() for plane in source], date))
            return
        if self._dates.start is not None and not self.track.is_placed:
            self.track.place(self._dates.start)
        self.frames += missing
        self.missed += max(0, missing)
        flags = REPEATED | SAME_PICTURE
        if missing > 0 and self._is_still(self._doubted[0][0] if self._doubted else source):
            flags = 0
        while not self._cancelled and self._source_frame(self._placed) < self.frames:
            if not self._make_room():
                return
            self._repeat(date, flags)
        doubted, self._doubted = self._doubted, []
        for picture, at in [*doubted, (source, date)]:
            self._place(picture, at)

    def _place(self, source: Sequence[Picture], date: int) -> None:
        number, self.frames = self.frames, self.frames + 1
        if self._run.still and number:
            return
        while not self._cancelled and self._source_frame(self._placed) == number:
            if not self._make_room():
                return
            self._put(source)
            self._waiting.append((date, 0))
            self._placed += 1
            if self._run.still:
                break
        self._commit()

    def _put(self, source: Sequence[Picture]) -> None:
        """Give the next slot this picture, which lies there already where it was drawn in place."""
        position, lent = self._ring.head + len(self._waiting), self._lent
        if lent is not None and lent.planes is source:
            self._lent = None
            self._ring.begin(position, lent.place)
            return
        slot = self._ring.begin(position)
        place(slot.picture, self._house, self._run.box, source, self._run.matrix)

    def _is_still(self, source: Sequence[Picture] | None = None) -> bool:
        """Return whether the picture is still: the last two are equal, or `source` equals the last.

        Then the missing ones looked like it too, and no viewer notices. libVLC repeats a picture
        without a date, which cannot be told from an equal one that came late.
        """
        if self._placed > 1 and np.array_equal(self._last(1).picture, self._last(2).picture):
            return True
        if source is None or not self._placed:
            return False
        shown: Picture = np.empty(self._house.picture_bytes, dtype=np.uint8)
        place(shown, self._house, self._run.box, source, self._run.matrix)
        return np.array_equal(shown, self._last(1).picture)

    def _last(self, back: int) -> Slot:
        """Return the slot placed last, or `back` places earlier."""
        return self._ring.peek(self._ring.head + len(self._waiting) - back)

    def _repeat(self, date: int, flags: int) -> None:
        """Fill the next slot with the picture of the one before it."""
        position = self._ring.head + len(self._waiting)
        before = self._ring.peek(position - 1) if self._placed else None
        slot = self._ring.begin(position)
        if before is not None:
            np.copyto(slot.picture, before.picture)
        self._waiting.append((date, flags))
        self._placed += 1
        self._commit()

    def _source_frame(self, slot: int) -> int:
        return self._run.source_frame(slot, self._house.rate)

    def sound(self, block: Sound, date: int) -> None:
        """Take the next block of sound, which belongs at `date` (microseconds)."""
        with self._lock:
            if self._cancelled or self._run.still:
                return
            if not self._run.has_picture and not self.track.is_placed:
                self.track.place(date)
            self.track.put(self._gain.apply(block).copy(), date)
            if not self._run.has_picture:
                self._fill_blind()
            self._commit()

    def _sample(self, slot: int) -> int:
        return sound_before(self._house.rate, self._run.first + slot)

    def _fill_blind(self) -> None:
        while self.track.tape.end > self._sample(self._placed + 1) and self._make_room():
            self._ring.begin(self._ring.head + len(self._waiting))
            self._waiting.append((0, 0))
            self._placed += 1
            self._commit()

    def _make_room(self) -> bool:
        """Wait until the ring has a free slot. Return False when cancelled meanwhile."""
        while self._ring.room() <= len(self._waiting):
            self._commit()
            self._lock.wait(0.004)
            if self._cancelled:
                return False
        return not self._cancelled

    def _commit(self) -> None:
        while self._waiting and not self._cancelled:
            first, after = self._sample(self.slots), self._sample(self.slots + 1)
            date, flags = self._waiting[0]
            if not self._sound_is_there(after + 1, date):
                return
            count = after - first + 2
            slot = self._ring.begin(self._ring.head)
            slot.sound[:count] = self.track.tape.cut(first - 1, count)
            flags |= (0 if self._run.has_picture else NO_PICTURE) | self._repeated_flag()
            number = self._run.first + self.slots
            captions = self._run.captions(number)
            self._ring.commit(self._ring.head, self._run.generation, number, flags, count, captions)
            self._waiting.pop(0)
            self.slots += 1
            self.track.tape.forget(first - SAMPLE_RATE)

    def _repeated_flag(self) -> int:
        """Return the flag of a slot whose own picture never came."""
        if self._ends_still:
            return 0
        return REPEATED if self._source_end <= self.slots < self._run.pictures else 0

    def _sound_is_there(self, until: int, date: int) -> bool:
        if self._finished or self._run.still or not self._run.has_sound:
            return True
        if self.track.has_begun and self.track.tape.end >= until:
            return True
        late = self._clock.monotonic() // 1000 - date
        return self._run.has_picture and late > LATE_SOUND_US

    def pump(self) -> None:
        """Work without the decoder: a still's next slots, and pictures whose sound never came."""
        with self._lock:
            if self._cancelled:
                return
            self._commit()
            while self._run.still and self.slots and self._ring.room() > 0:
                self._repeat(0, 0)

    def finish(self) -> bool:
        """Hand out the rest, once the file has ended. Return False while the ring is too full for
        it.
        """
        with self._lock:
            if not self._cancelled and not self._give_doubted():
                return False
            if not self._finished:
                self._finished, self._source_end = True, self._placed
                self._ends_still = self._is_still()
            if not self.track.is_placed and self.track.first_date is not None:
                self._dates.settle()
                start = self._dates.start
                self.track.place(self.track.first_date if start is None else start)
            self._commit()
            while (
                not self._cancelled
                and self.track.has_begun
                and self.track.tape.end >= self._sample(self.slots + 1)
            ):
                if self._ring.room() <= 0:
                    return False
                self._repeat(0, SAME_PICTURE)
            return True

    def _give_doubted(self) -> bool:
        """Place the pictures that no later one will decide about. Return False while there is no
        room.
        """
        most = int(self._house.rate / self._run.rate) + 1
        while self._doubted:
            if self._ring.room() < len(self._waiting) + most:
                return False
            self._place(*self._doubted.pop(0))
        return True
