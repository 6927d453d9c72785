"""Rings of house frames in shared memory: one writer, no locks, sequence numbers and generations.

A slot is valid only while its sequence number is that of the position asked for. The writer clears
it first and sets it last, so a reader can tell a slot that is being overwritten.
"""

import mmap
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from playout.engine.links.ring_shape import (
    CAPTIONS_AT,
    MOST_CAPTION_BYTES,
    PAGE_BYTES,
    SLOT_HEADER_BYTES,
    RingShape,
    read_shape,
)
from playout.model.layer import Layer

Picture: TypeAlias = npt.NDArray[np.uint8]
Sound: TypeAlias = npt.NDArray[np.int16]
Words: TypeAlias = memoryview
"""Words of 64 bits, each read and written by one instruction. A process of the channel asks for
hundreds a tick, and numpy takes three times as long for one."""

HEAD, TAIL, GENERATION, ENDED, END_FRAME, EPOCH, OFFSET, HEARD, TAKERS = range(8, 17)
"""Words of the header. HEARD names the live that the captioner is to hear. TAKERS is the first of
sixteen in which readers leave the tick they took."""
TAKER_WORDS = 16
NO_PICTURE = 1
"""Flag of a slot with sound alone: the layer below supplies its picture."""
REPEATED = 2
"""Flag of a slot that repeats the picture before it because its own never came."""
SAME_PICTURE = 4
"""Flag of a file's slot that repeats the picture before it for whatever reason: its own never came,
or the file's sound goes on after its last picture."""
LAYER_NUMBERS = {Layer.SLATE: 1, Layer.BOARD: 2, Layer.DECK: 3}
"""The number by which a slot of the program names its layer."""
SEQ, _GENERATION, _FRAME, _FLAGS, _SAMPLES, _CAPTION_BYTES = range(6)
PLACE = SLOT_HEADER_BYTES // 8 - 1
"""The last word of a slot's header names the place of its picture."""


@dataclass
class Slot:
    """One slot, as views into shared memory. Copy what must outlast the ring's next turn."""

    words: Words
    sound: Sound
    places: list[Picture]
    """All pictures of the ring."""

    @property
    def picture(self) -> Picture:
        """Its picture. In a ring with fewer pictures than slots only the newest slots have one."""
        return self.places[self.words[PLACE]]

    @property
    def generation(self) -> int:
        """Number of the load that filled it."""
        return self.words[_GENERATION]

    @property
    def frame(self) -> int:
        """Number of its house frame: in the file for a deck, the tick for a live deck and the
        program.
        """
        return self.words[_FRAME]

    @property
    def flags(self) -> int:
        """NO_PICTURE, REPEATED and SAME_PICTURE in a deck's ring; the layer's number in the
        program's.
        """
        return self.words[_FLAGS]

    @property
    def samples(self) -> int:
        """Samples of sound it holds."""
        return self.words[_SAMPLES]

    @property
    def captions(self) -> bytes:
        """Captions of its tick, as cc_data triplets; empty for none. A copy: use it only where the
        slot is still whole afterwards.
        """
        size = min(self.words[_CAPTION_BYTES], MOST_CAPTION_BYTES)
        if not size:
            return b""
        return bytes(self.words.cast("B")[CAPTIONS_AT : CAPTIONS_AT + size])


class Ring:
    """A mapped ring. Positions count up for ever; position p lives in slot p mod slots."""

    def __init__(self, handle: int) -> None:
        self._memory = mmap.mmap(handle, 0)
        self.shape: RingShape = read_shape(self._memory[:PAGE_BYTES])
        every = np.frombuffer(self._memory, dtype=np.uint8)
        self.words: Words = memoryview(self._memory)[:PAGE_BYTES].cast("Q")
        starts = [
            self.shape.pictures_at + n * self.shape.place_bytes for n in range(self.shape.pictures)
        ]
        places = [every[one : one + self.shape.format.picture_bytes] for one in starts]
        self._slots = [self._slot(every, n, places) for n in range(self.shape.slots)]

    def _slot(self, every: Picture, number: int, places: list[Picture]) -> Slot:
        start = PAGE_BYTES + number * self.shape.slot_bytes
        sound_end = start + SLOT_HEADER_BYTES + self.shape.samples * 4
        return Slot(
            words=memoryview(self._memory)[start : start + SLOT_HEADER_BYTES].cast("Q"),
            sound=every[start + SLOT_HEADER_BYTES : sound_end].view(np.int16).reshape(-1, 2),
            places=places,
        )

    def word(self, number: int) -> int:
        """Return one word of the header."""
        return self.words[number]

    def put_word(self, number: int, value: int) -> None:
        """Write one word of the header. It is one machine store, so a reader sees the old or the
        new value.
        """
        self.words[number] = value

    @property
    def head(self) -> int:
        """Position after the newest whole slot."""
        return self.words[HEAD]

    @property
    def tail(self) -> int:
        """Position of the oldest slot that the ring's one reader still needs."""
        return self.words[TAIL]

    def room(self) -> int:
        """Return how many slots the writer may fill before it overwrites one that the reader still
        needs.
        """
        return self.shape.slots - (self.words[HEAD] - self.words[TAIL])

    def begin(self, position: int, drawn: int | None = None) -> Slot:
        """Return the slot for `position`, marked as not whole. `drawn` is the place that its
        picture was drawn into, where this ring lends places.
        """
        del drawn
        slot = self._slots[position % self.shape.slots]
        slot.words[SEQ] = 0
        slot.words[PLACE] = position % self.shape.pictures
        return slot

    def lend(self, position: int, shown: int | None) -> int | None:
        """Return no place: only the ring of a deck lends them."""
        del position, shown
        return None

    def place(self, number: int) -> Picture:
        """Return the memory of one place for a picture."""
        return self._slots[0].places[number]

    def commit(
        self,
        position: int,
        generation: int,
        frame: int,
        flags: int,
        samples: int,
        captions: bytes = b"",
    ) -> None:
        """Mark the slot for `position` as whole, with what it holds. Captions are triplets, at most
        MOST_CAPTION_BYTES. Raises ValueError for more.
        """
        if len(captions) > MOST_CAPTION_BYTES:
            raise ValueError(f"{len(captions)} bytes of captions do not fit a slot")
        words = self._slots[position % self.shape.slots].words
        if captions:
            words.cast("B")[CAPTIONS_AT : CAPTIONS_AT + len(captions)] = captions
        words[_CAPTION_BYTES] = len(captions)
        words[_GENERATION] = generation
        words[_FRAME] = frame
        words[_FLAGS] = flags
        words[_SAMPLES] = samples
        words[SEQ] = position + 1
        self.words[HEAD] = position + 1

    def look(self, position: int) -> Slot | None:
        """Return the slot for `position`; None when it is not there, or no longer."""
        slot = self._slots[position % self.shape.slots]
        return slot if slot.words[SEQ] == position + 1 else None

    def captions(self, position: int) -> bytes:
        """Return the captions of the slot for `position`; none if it was overwritten meanwhile."""
        slot = self.look(position)
        captions = slot.captions if slot is not None else b""
        return captions if self.look(position) is slot else b""

    def peek(self, position: int) -> Slot:
        """Return the slot for `position`, whole or not. For the writer only."""
        return self._slots[position % self.shape.slots]

    def give_back(self) -> None:
        """Empty every slot and give its memory back to the machine. For the writer only, once its
        reader needs none of them.
        """
        self._memory.madvise(mmap.MADV_REMOVE, PAGE_BYTES, len(self._memory) - PAGE_BYTES)

    def copy(self, position: int, picture: Picture, sound: Sound) -> Slot | None:
        """Copy out the slot for `position`. Return None when it or its picture was overwritten
        meanwhile.
        """
        slot = self.look(position)
        if slot is None or not self.copy_picture(position, picture):
            return None
        np.copyto(sound[: len(slot.sound)], slot.sound)
        is_whole = self.look(position) is slot and self.has_picture(position)
        return slot if is_whole else None

    def copy_picture(self, position: int, picture: Picture) -> bool:
        """Copy out the picture for `position`. Return False when it was overwritten meanwhile."""
        slot = self.look(position)
        if slot is None:
            return False
        np.copyto(picture, slot.picture)
        return self.look(position) is slot and self.has_picture(position)

    def has_picture(self, position: int) -> bool:
        """Return whether the picture of the slot for `position` is not being overwritten."""
        return position > self.head - self.shape.pictures


def black(shape: RingShape) -> Picture:
    """Return a black house picture."""
    picture: Picture = np.full(shape.format.picture_bytes, 128, dtype=np.uint8)
    picture[: shape.format.width * shape.format.height] = 16
    return picture


def planes(picture: Picture, width: int, height: int) -> tuple[Picture, Picture, Picture]:
    """Return luma and both chroma planes of an I420 picture, as views."""
    luma, quarter = width * height, width * height // 4
    return (
        picture[:luma].reshape(height, width),
        picture[luma : luma + quarter].reshape(height // 2, width // 2),
        picture[luma + quarter : luma + 2 * quarter].reshape(height // 2, width // 2),
    )


def address(array: npt.NDArray[Any]) -> int:
    """Return the address of an array's bytes in this process."""
    return int(array.ctypes.data)
