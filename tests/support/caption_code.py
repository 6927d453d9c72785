"""Captions whose words end in a code of tall and low letters, so that a picture of them can be
read in any font of fixed width.

The text of caption 3 of clip 21 is `BUDGETS 21 3 .H.H.H.HHHH`: ten cells, of which the first six
are the clip, three the caption, and the last makes the number of tall ones even, and a tall one at
the end. Every text has as many
characters, so the cells lie at the same places of the black box that VLC draws behind them.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from support.marks import Luma

WORDS = ("COUNCIL", "LIBRARY", "HARBORS", "BUDGETS", "SCHOOLS", "GARDENS")
BITS = 10
LETTERS = 7 + 1 + 2 + 1 + 1 + 1 + BITS + 1
TALL, LOW = "H", "."
BOX_BELOW = 30
"""Luma of the box, below the darkest cell of a mark."""
INK_ABOVE = 56
"""Mean luma of the upper half of a cell with a tall letter; a low one leaves it black."""
SEARCHED = 0.16
"""Part of the picture, from its top, in which captions of the first row lie."""


def caption_text(ident: int, number: int) -> str:
    """Return the text of a caption of a clip: ident below 64, number below 8."""
    value = ident << 3 | number
    bits = f"{value:09b}"
    bits += str(bits.count("1") % 2)
    cells = "".join(TALL if bit == "1" else LOW for bit in bits)
    return f"{WORDS[ident % len(WORDS)]} {ident:02d} {number} {cells}{TALL}"


def text_ident(text: str) -> int | None:
    """Return the clip that a text names; None where it is not one of ours."""
    return _ident([cell == TALL for cell in text[-BITS - 1 : -1]]) if len(text) == LETTERS else None


def _ident(cells: list[bool]) -> int | None:
    value = sum(cell << place for place, cell in enumerate(reversed(cells)))
    if len(cells) != BITS or sum(cells) % 2:
        return None
    return value >> 4


def drawn_caption(luma: Luma) -> tuple[int, int] | None:
    """Return clip and number of the caption drawn into a picture; None where there is no box. One
    that cannot be read is (-1, -1).
    """
    box = _box(luma[: round(len(luma) * SEARCHED)])
    if box is None:
        return None
    top, bottom, left, right = box
    upper, width = luma[top : (top + bottom) // 2], (right - left) / LETTERS
    edges = [left + round((LETTERS - 1 - BITS + place) * width) for place in range(BITS + 1)]
    cells = [bool(upper[:, a:b].mean() > INK_ABOVE) for a, b in pairwise(edges)]
    ident = _ident(cells)
    if ident is None:
        return -1, -1
    value = sum(cell << place for place, cell in enumerate(reversed(cells)))
    return ident, value >> 1 & 7


def _box(part: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """Return top, bottom, left and right of the black box; None where there is none."""
    dark = part < BOX_BELOW
    rows = np.flatnonzero(dark.sum(axis=1) > part.shape[1] / 8)
    if len(rows) < 5:
        return None
    columns = np.flatnonzero(dark[rows[0]])
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]) + 1
