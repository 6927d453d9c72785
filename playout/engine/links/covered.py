"""The boxes of the program that graphics cover, in its ring's header, so that a judge of the
picture can look past them.
"""

from collections.abc import Iterable

from playout.engine.links.ring import Ring

COVERED = 64
"""The first of the words."""
MOST_BOXES = 16
Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""
_BITS = 13


def tell_covered(ring: Ring, boxes: Iterable[Box]) -> None:
    """Write the boxes that are covered from this picture on; at most MOST_BOXES count."""
    packed = [_pack(box) for box in boxes][:MOST_BOXES]
    for place in range(MOST_BOXES):
        ring.put_word(COVERED + place, packed[place] if place < len(packed) else 0)


def covered(ring: Ring) -> list[Box]:
    """Return the boxes that are covered now."""
    words = (ring.word(COVERED + place) for place in range(MOST_BOXES))
    return [_unpack(word) for word in words if word]


def _pack(box: Box) -> int:
    packed = 0
    for number in box:
        packed = packed << _BITS | number
    return packed


def _unpack(word: int) -> Box:
    left, top, width, height = (word >> _BITS * place & (1 << _BITS) - 1 for place in (3, 2, 1, 0))
    return left, top, width, height
