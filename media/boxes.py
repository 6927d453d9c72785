"""The boxes that make up an MP4 or QuickTime file (ISO 14496-12, 4.2)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

MOST_BOXES = 100_000

Box = tuple[bytes, int, int]
"""Its kind, and where its content begins and ends in the file."""


def boxes(file: BinaryIO, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets of a file, in order; the last may end beyond the
    second."""
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if at >= end or len(head) < 8:
            return
        length, begin = int(struct.unpack(">I", head[:4])[0]), at + 8
        if length == 1 and len(head) == 16:
            length, begin = int(struct.unpack(">Q", head[8:])[0]), at + 16
        over = end if length == 0 else at + length
        yield head[4:8], begin, over
        if over <= at:
            return
        at = over


def inside(file: BinaryIO, at: int, end: int, kind: bytes) -> list[Box]:
    """Return the boxes of one kind between two offsets of a file."""
    return [box for box in boxes(file, at, end) if box[0] == kind]
