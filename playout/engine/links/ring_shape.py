"""Sizes of a ring, and the memory for one. It needs no numpy, because the supervisor makes the
rings.
"""

import os
import struct
from dataclasses import dataclass
from fractions import Fraction

from config.names import SAMPLE_RATE, HouseFormat

MAGIC = 0x4741_5645_4C31
PAGE_BYTES = 4096
VERSION = 2
"""Version of the layout: 2 brought the captions of a tick into the slot's header."""
SLOT_HEADER_BYTES = 128
CAPTIONS_AT = 48
"""Byte of a slot's header at which its captions start."""
MOST_CAPTION_BYTES = 60
"""Most bytes of captions in one slot: 20 triplets, as many as a frame of 29.97 carries."""
LARGEST_RING_BYTES = 256 * 2**20
FEWEST_SLOTS = 8
MUSIC_SECONDS = 4
MARGIN_SAMPLES = 2
"""Samples that a slot holds beyond its own, one before and one after, so that any tick can be cut
out."""
_HEAD = struct.Struct("<8Q")


@dataclass(frozen=True)
class RingShape:
    """Contents of a ring: `slots` slots of one house picture and its sound."""

    format: HouseFormat
    slots: int

    @property
    def samples(self) -> int:
        """Most samples a slot holds, margins included."""
        rate = self.format.rate
        return SAMPLE_RATE * rate.denominator // rate.numerator + 1 + MARGIN_SAMPLES

    @property
    def picture_at(self) -> int:
        """Byte of a slot at which its picture starts."""
        return SLOT_HEADER_BYTES + (self.samples * 4 + 63) // 64 * 64

    @property
    def slot_bytes(self) -> int:
        """Bytes of one slot."""
        return (
            (self.picture_at + self.format.picture_bytes + PAGE_BYTES - 1)
            // PAGE_BYTES
            * PAGE_BYTES
        )

    @property
    def size(self) -> int:
        """Bytes of the whole ring."""
        return PAGE_BYTES + self.slots * self.slot_bytes


def ring_shape_for(house: HouseFormat, seconds: float) -> RingShape:
    """Return the shape of a ring of about `seconds`; fewer where pictures are so large that it
    would exceed LARGEST_RING_BYTES.
    """
    one = RingShape(house, 1).slot_bytes
    return RingShape(
        house, max(FEWEST_SLOTS, min(round(seconds * house.rate), LARGEST_RING_BYTES // one))
    )


def music_shape(rate: Fraction) -> RingShape:
    """Return the shape of a ring for music: slots of a tick, with the smallest picture there is."""
    return RingShape(HouseFormat(64, 36, rate), round(MUSIC_SECONDS * rate))


def make_ring(name: str, shape: RingShape) -> int:
    """Make an empty ring. Return its file descriptor, which children inherit."""
    handle = os.memfd_create(name)
    os.ftruncate(handle, shape.size)
    rate, house = shape.format.rate, shape.format
    size = (house.width, house.height)
    head = (MAGIC, VERSION, *size, rate.numerator, rate.denominator, shape.slots, 0)
    os.pwrite(handle, _HEAD.pack(*head), 0)
    return handle


def read_shape(head: bytes) -> RingShape:
    """Return the shape in a ring's first bytes. Raises ValueError when they are not a ring."""
    magic, version, width, height, over, under, slots, _ = _HEAD.unpack_from(head)
    if magic != MAGIC or version != VERSION:
        raise ValueError("this memory is not a ring")
    return RingShape(HouseFormat(width, height, Fraction(over, under)), slots)
