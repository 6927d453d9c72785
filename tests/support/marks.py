"""The barcode each numbered picture carries, drawn as big luma blocks and read back from any size.

A mark holds an ident (16 bit), a frame number (20 bit) and a checksum (8 bit) in a grid of 12 by 4
cells inside a grey border. The border makes the active area findable between letterbox or
pillarbox bars; a bright and a dark reference cell set the threshold; two flash cells are white on
the frames that go with a sound burst.
"""

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 12, 4
IDENT_BITS, FRAME_BITS, CHECK_BITS = 16, 20, 8
DARK, GREY, BRIGHT = 40, 112, 215
BRIGHT_CELL, DARK_CELL, FLASH_CELLS = 0, COLUMNS * ROWS - 1, (COLUMNS - 1, COLUMNS * (ROWS - 1))
DATA_CELLS = [
    cell for cell in range(COLUMNS * ROWS) if cell not in (BRIGHT_CELL, DARK_CELL, *FLASH_CELLS)
]
WEIGHTS = 1 << np.arange(len(DATA_CELLS) - 1, -1, -1, dtype=np.int64)
"""Value of each of these cells, the first one highest."""
BLACK_BELOW = 60
"""Luma under which a sample belongs to a bar, not to the picture."""

Luma = NDArray[np.uint8]


@dataclass(frozen=True)
class Mark:
    """The content of a mark: clip, frame number, and whether a sound burst goes with it."""

    ident: int
    frame: int
    flash: bool = False


def _checksum(ident: int, frame: int) -> int:
    return zlib.crc32(ident.to_bytes(2, "big") + frame.to_bytes(3, "big")) & 0xFF


def _cells(mark: Mark) -> Luma:
    value = (mark.ident << FRAME_BITS | mark.frame) << CHECK_BITS
    value |= _checksum(mark.ident, mark.frame)
    cells = np.full(COLUMNS * ROWS + 1, DARK, np.uint8)
    cells[-1] = GREY
    cells[BRIGHT_CELL] = BRIGHT
    if mark.flash:
        cells[list(FLASH_CELLS)] = BRIGHT
    for place, cell in enumerate(reversed(DATA_CELLS)):
        if value >> place & 1:
            cells[cell] = BRIGHT
    return cells


@lru_cache(maxsize=32)
def _cell_map(width: int, height: int) -> NDArray[np.intp]:
    """Return the cell of each pixel; the border is the cell after the last."""
    column = np.floor((np.arange(width) + 0.5) / width * (COLUMNS + 1) - 0.5).astype(np.intp)
    row = np.floor((np.arange(height) + 0.5) / height * (ROWS + 1) - 0.5).astype(np.intp)
    inside = ((row >= 0) & (row < ROWS))[:, None] & ((column >= 0) & (column < COLUMNS))[None, :]
    return np.where(inside, row[:, None] * COLUMNS + column[None, :], COLUMNS * ROWS)


def draw_mark(mark: Mark, width: int, height: int) -> Luma:
    """Return the luma plane (height, width) of a picture that is nothing but this mark."""
    if not 0 <= mark.ident < 1 << IDENT_BITS or not 0 <= mark.frame < 1 << FRAME_BITS:
        raise ValueError(f"{mark} does not fit the barcode")
    return _cells(mark)[_cell_map(width, height)]


def active_area(luma: Luma) -> tuple[int, int, int, int] | None:
    """Return (top, bottom, left, right) of the picture inside its black bars; None for a black
    frame.
    """
    height, width = luma.shape
    step_y, step_x = max(1, height // 240), max(1, width // 426)
    lit = luma[::step_y, ::step_x] > BLACK_BELOW
    ones = lit.view(np.uint8)
    rows = np.flatnonzero(ones.sum(axis=1, dtype=np.uint32) / lit.shape[1] > 0.05)
    columns = np.flatnonzero(ones.sum(axis=0, dtype=np.uint32) / lit.shape[0] > 0.05)
    if len(rows) < 8 or len(columns) < 8:
        return None
    bottom = min(height, (int(rows[-1]) + 1) * step_y)
    right = min(width, (int(columns[-1]) + 1) * step_x)
    return int(rows[0]) * step_y, bottom, int(columns[0]) * step_x, right


Patches = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Sample positions in the middles of a row of cells, one cell after the other, and where each
begins."""


def _patches(begin: int, unit: float, count: int, share: int) -> Patches:
    """Return the samples within a `share` of a unit of each cell's middle, without the border."""
    lines: list[int] = []
    starts: list[int] = []
    for place in range(count):
        middle = begin + (place + 1) * unit
        low = round(middle - unit / share)
        starts.append(len(lines))
        lines += range(low, max(round(middle + unit / share), low + 1))
    return np.array(lines), np.array(starts)


@lru_cache(maxsize=64)
def _cell_patches(area: tuple[int, int, int, int]) -> tuple[Patches, Patches] | None:
    """Return the patches of the rows and of the columns of a picture; None for one that is too
    small.
    """
    top, bottom, left, right = area
    unit_y, unit_x = (bottom - top) / (ROWS + 1), (right - left) / (COLUMNS + 1)
    if unit_x < 3 or unit_y < 3:
        return None
    return _patches(top, unit_y, ROWS, 4), _patches(left, unit_x, COLUMNS, 5)


def _read_cells(luma: Luma) -> NDArray[np.float64] | None:
    """Return the mean luma of the middle of each cell."""
    area = active_area(luma)
    patches = _cell_patches(area) if area is not None else None
    if patches is None:
        return None
    (rows, row_starts), (columns, column_starts) = patches
    lines = np.add.reduceat(luma[rows][:, columns], row_starts, axis=0, dtype=np.uint32)
    sums = np.add.reduceat(lines, column_starts, axis=1)
    heights = np.diff(row_starts, append=len(rows))
    widths = np.diff(column_starts, append=len(columns))
    means: NDArray[np.float64] = (sums / (heights[:, None] * widths)).ravel()
    return means


def read_mark(luma: Luma) -> Mark | None:
    """Return the mark in a luma plane of any size and with any bars; None when it cannot be
    trusted.

    A picture mixed from two frames, or one without a mark, reads as None (the checksum lets one in
    256 of the latter through).
    """
    cells = _read_cells(luma)
    if cells is None:
        return None
    bright, dark = cells[BRIGHT_CELL], cells[DARK_CELL]
    if bright - dark < 60:
        return None
    level = (cells - dark) / (bright - dark)
    if np.any((level > 0.38) & (level < 0.62)):
        return None
    value = int((level[DATA_CELLS] > 0.5) @ WEIGHTS)
    ident = value >> (FRAME_BITS + CHECK_BITS)
    frame = value >> CHECK_BITS & (1 << FRAME_BITS) - 1
    if value & 0xFF != _checksum(ident, frame):
        return None
    return Mark(ident, frame, bool(level[FLASH_CELLS[0]] > 0.5 and level[FLASH_CELLS[1]] > 0.5))
