"""Text drawn as a strip over the picture: a short emergency message."""

import numpy as np
from PIL import Image, ImageDraw

from media.palette import PALETTES, PLAIN
from media.slides.content import SAFE_SHARE
from media.typeset import fit_text

STRIP_SHARE = 0.24
"""Share of the picture's height that a strip covers, its safe margin included."""


def strip_rows(height: int) -> int:
    """Return the rows of a strip over a picture of `height` rows; even, because chroma rows pair
    up.
    """
    return max(2, round(height * STRIP_SHARE / 2) * 2)


def strip(text: str, style: str, width: int, height: int) -> Image.Image:
    """Draw the lowest rows of a picture of this size, opaque, with the text inside the safe
    area."""
    palette = PALETTES.get(style, PLAIN)
    rows = strip_rows(height)
    shade = np.linspace(0.0, 1.0, rows, dtype=np.float32)[:, None, None]
    top, bottom = (np.array(colour, np.float32) for colour in (palette.top, palette.bottom))
    field = np.broadcast_to(top + (bottom - top) * shade, (rows, width, 3))
    canvas = Image.fromarray((field + 0.5).astype(np.uint8))
    ImageDraw.Draw(canvas).rectangle((0, 0, width, max(2, height // 120)), fill=palette.accent)
    margin, lift = round(width * SAFE_SHARE), round(height * SAFE_SHARE)
    room = rows - lift - height // 40
    sizes = [*range(max(9, height // 16), max(8, height // 40), -1), max(8, height // 40)]
    block = fit_text(text, width - 2 * margin, room, sizes)
    block.draw(canvas, margin, height // 60 + max(0, (room - block.height) // 2), palette.heading)
    return canvas
