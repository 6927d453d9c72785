"""A picture as 32 by 18 block means of its luma: small enough to keep, and enough to compare.

A signature is taken of the frame that was placed and of the coded picture that left, whatever the
size of each: the same 160 by 90 points of the picture are read, five by five for a block. All rows
that are read belong to the upper field, so of a woven frame one house picture is read, not two.
"""

from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

COLUMNS, ROWS = 32, 18
BLOCKS = COLUMNS * ROWS
_POINTS = 5
"""Points of a block in each direction."""
Luma: TypeAlias = npt.NDArray[np.uint8]
Signature: TypeAlias = npt.NDArray[np.uint8]
"""The BLOCKS means of a picture, row by row."""
Index: TypeAlias = slice | npt.NDArray[np.intp]


def signature(luma: Luma) -> Signature:
    """Return the signature of a picture of any size."""
    rows, columns = _index(luma.shape[0], ROWS), _index(luma.shape[1], COLUMNS)
    points = np.ascontiguousarray(luma[rows][:, columns])
    tall = points.reshape(ROWS, _POINTS, COLUMNS * _POINTS).sum(axis=1, dtype=np.uint16)
    sums = tall.reshape(BLOCKS, _POINTS).sum(axis=1, dtype=np.uint16)
    means: Signature = ((sums + _POINTS**2 // 2) // _POINTS**2).astype(np.uint8)
    return means


@cache
def _index(size: int, blocks: int) -> Index:
    """Return the places of the points along one side, even ones: in the middle of their cells."""
    points = blocks * _POINTS
    step = size // points
    if size % points == 0 and step % 2 == 0:
        return slice(step // 2 & ~1, None, step)
    middles = (2 * np.arange(points) + 1) * size // (2 * points)
    places: npt.NDArray[np.intp] = middles.astype(np.intp) & ~1
    return places


def blocks_off(
    one: Signature, others: npt.NDArray[np.uint8], tolerance: int
) -> npt.NDArray[np.intp]:
    """Return, for each of several signatures, how many blocks differ from `one` by more than the
    tolerance.
    """
    apart = np.maximum(others, one) - np.minimum(others, one)
    counts: npt.NDArray[np.intp] = (apart > tolerance).sum(axis=-1)
    return counts
