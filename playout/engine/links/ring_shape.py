"""Sizes of a ring, and the memory for one. It needs no numpy, because the supervisor makes the
rings.
"""

import os
import struct
from dataclasses import dataclass, replace
from fractions import Fraction

from config.names import SAMPLE_RATE, HouseFormat

MAGIC = 0x4741_5645_4C31
PAGE_BYTES = 4096
VERSION = 3
"""Version of the layout: 2 brought the captions of a tick into the slot's header, 3 parted the
pictures from the slots."""
SLOT_HEADER_BYTES = 128
CAPTIONS_AT = 48
"""Byte of a slot's header at which its captions start."""
MOST_CAPTION_BYTES = 60
"""Most bytes of captions in one slot: 20 triplets, as many as a frame of 29.97 carries."""
LARGEST_RING_BYTES = 256 * 2**20
FEWEST_SLOTS = 8
DRAWN_PLACES = 2
"""Places of a deck's ring for the picture that is being drawn and the one drawn before it."""
MUSIC_SECONDS = 4
MARGIN_SAMPLES = 2
"""Samples that a slot holds beyond its own, one before and one after, so that any tick can be cut
out."""
_HEAD = struct.Struct("<8Q")


@dataclass(frozen=True)
class RingShape:
    """Contents of a ring: `slots` slots of a tick's sound and captions, and room for `pictures`.

    A picture takes a thousand times the memory of the rest of its slot, and is needed for less
    long. So the slots lie first, and after them the places of the pictures.
    """

    format: HouseFormat
    slots: int
    pictures: int
    """Places for pictures; a slot names the one that its picture is in."""

    @property
    def samples(self) -> int:
        """Most samples a slot holds, margins included."""
        rate = self.format.rate
        return SAMPLE_RATE * rate.denominator // rate.numerator + 1 + MARGIN_SAMPLES

    @property
    def slot_bytes(self) -> int:
        """Bytes of one slot, without its picture."""
        return SLOT_HEADER_BYTES + (self.samples * 4 + 63) // 64 * 64

    @property
    def pictures_at(self) -> int:
        """Byte at which the first picture starts."""
        return PAGE_BYTES + _whole_pages(self.slots * self.slot_bytes)

    @property
    def place_bytes(self) -> int:
        """Bytes of the place of one picture."""
        return _whole_pages(self.format.picture_bytes)

    @property
    def size(self) -> int:
        """Bytes of the whole ring."""
        return self.pictures_at + self.pictures * self.place_bytes


def _whole_pages(size: int) -> int:
    return (size + PAGE_BYTES - 1) // PAGE_BYTES * PAGE_BYTES


def ring_shape_for(house: HouseFormat, seconds: float, pictures: int | None = None) -> RingShape:
    """Return the shape of a ring of about `seconds`, with so many pictures at most; fewer where
    pictures are so large that it would exceed LARGEST_RING_BYTES.
    """
    one = RingShape(house, 1, 1)
    most = LARGEST_RING_BYTES // (one.slot_bytes + one.place_bytes)
    slots = max(FEWEST_SLOTS, min(round(seconds * house.rate), most))
    return RingShape(house, slots, min(slots, pictures or slots))


def deck_ring_shape(house: HouseFormat, seconds: float) -> RingShape:
    """Return the shape of a deck's ring of about `seconds`. Besides the picture of each slot it has
    places for those that are being drawn.
    """
    shape = ring_shape_for(house, seconds)
    return replace(shape, pictures=shape.slots + DRAWN_PLACES)


def music_shape(rate: Fraction) -> RingShape:
    """Return the shape of a ring for music: slots of a tick, and one picture, the smallest there
    is.
    """
    return RingShape(HouseFormat(64, 36, rate), round(MUSIC_SECONDS * rate), 1)


def make_ring(name: str, shape: RingShape) -> int:
    """Make an empty ring. Return its file descriptor, which children inherit."""
    handle = os.memfd_create(name)
    os.ftruncate(handle, shape.size)
    rate, house = shape.format.rate, shape.format
    size = (house.width, house.height)
    head = (MAGIC, VERSION, *size, rate.numerator, rate.denominator, shape.slots, shape.pictures)
    os.pwrite(handle, _HEAD.pack(*head), 0)
    return handle


def read_shape(head: bytes) -> RingShape:
    """Return the shape in a ring's first bytes. Raises ValueError when they are not a ring."""
    magic, version, width, height, over, under, slots, pictures = _HEAD.unpack_from(head)
    if magic != MAGIC or version != VERSION:
        raise ValueError("this memory is not a ring")
    return RingShape(HouseFormat(width, height, Fraction(over, under)), slots, pictures)
