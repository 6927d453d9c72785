"""Caption packets at the pace of a field (pure): lumps of pairs spread, packets made whole.

A picture of 24 a second carries up to two pairs of a field. A caption track of its own, and user
data of a DVD, bring those of many pictures at once: they are spread, one a picture of 29.97.
"""

from collections.abc import Iterable

from media.captions.encode import PAIR_RATE
from media.captions.track import (
    DTVCC_DATA,
    FIELD_1,
    FIELD_2,
    LONGEST_MICROSECONDS,
    MOST_TRIPLETS,
    TRIPLET_BYTES,
    CaptionPacket,
    CaptionTrack,
    triplets_of,
)

LUMP = 4
"""Pairs of one field at one time from which they are those of several pictures."""
Timed = tuple[int, bytes]
"""A time in microseconds, and triplets that belong there."""


def spread(pieces: Iterable[Timed], lump: int = LUMP) -> CaptionTrack:
    """Return the track of triplets by time, in any order.

    From `lump` pairs of one field at one time they are spread.

    What lies before the media's first picture or days after it is left out. A pair never stands
    before one that came earlier. Raises CaptionError where they are too many for one file.
    """
    placed: dict[int, bytes] = {}
    free = {FIELD_1: 0, FIELD_2: 0}
    for time, triplets in sorted(pieces, key=lambda piece: piece[0]):
        if 0 <= time <= LONGEST_MICROSECONDS:
            for at, triplet in _places(time, _apart(triplets), free, lump):
                placed[at] = placed.get(at, b"") + triplet
    return CaptionTrack(packet for time in placed for packet in _whole(time, placed[time]))


def _apart(triplets: bytes) -> list[bytes]:
    return list(triplets_of(triplets))


def _places(time: int, triplets: list[bytes], free: dict[int, int], lump: int) -> list[Timed]:
    """Return the triplets with the time of each; `free` is the first free time of each field."""
    lumps = {kind: sum(one[0] == kind for one in triplets) >= lump for kind in free}
    placed = []
    for triplet in triplets:
        kind = triplet[0]
        at = time if kind >= DTVCC_DATA else max(time, free[kind])
        placed.append((at, triplet))
        if kind < DTVCC_DATA and (lumps[kind] or at > time):
            free[kind] = at + round(1_000_000 / PAIR_RATE)
    return placed


def _whole(time: int, triplets: bytes) -> list[CaptionPacket]:
    """Return packets of at most 31 triplets, a microsecond apart."""
    most = MOST_TRIPLETS * TRIPLET_BYTES
    return [
        CaptionPacket(time + place, triplets[at : at + most])
        for place, at in enumerate(range(0, len(triplets), most))
    ]
