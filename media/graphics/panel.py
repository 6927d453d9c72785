"""The panel that carries the text of a lower third and of what comes next."""

import numpy as np
from PIL import Image, ImageDraw

from media.graphics.stage import (
    BAND_BOTTOM,
    BAND_SHARE,
    PANEL_ALPHA,
    DrawnGraphic,
    Stage,
    even,
)
from media.palette import Palette
from media.typeset import TextBlock


def ground(width: int, height: int, palette: Palette) -> Image.Image:
    """Draw the panel's background, from the palette's top colour to its bottom one."""
    shade = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    top, bottom = (np.array(colour, np.float32) for colour in (palette.top, palette.bottom))
    field = np.broadcast_to(top + (bottom - top) * shade + 0.5, (height, width, 3))
    panel = Image.fromarray(field.astype(np.uint8)).convert("RGBA")
    panel.putalpha(PANEL_ALPHA)
    return panel


def most_text(stage: Stage) -> int:
    """Return the columns that text may have on a panel."""
    return round(stage.width * BAND_SHARE) - 2 * _pad(stage) - _bar(stage)


def panel(stage: Stage, upper: TextBlock, lower: TextBlock) -> DrawnGraphic:
    """Draw two blocks of text, one above the other, on a panel in the lower third.

    The first is in the palette's heading colour, the second in that of its body. The panel is as
    wide as its text.
    """
    pad, bar = _pad(stage), _bar(stage)
    gap = stage.line * 2 if upper.lines and lower.lines else 0
    rise = round(stage.height * 0.018)
    width = even(bar + 2 * pad + max(upper.width, lower.width))
    height = even(upper.height + gap + lower.height + 2 * rise)
    image = ground(width, height, stage.palette)
    ImageDraw.Draw(image).rectangle((0, 0, bar - 1, height - 1), fill=(*stage.palette.accent, 255))
    top = upper.draw(image, bar + pad, rise, stage.palette.heading)
    lower.draw(image, bar + pad, top + gap, stage.palette.body)
    floor = even(stage.height * BAND_BOTTOM)
    return DrawnGraphic(image, stage.margin, floor - height, cut=upper.cut or lower.cut)


def _pad(stage: Stage) -> int:
    return round(stage.height * 0.028)


def _bar(stage: Stage) -> int:
    return even(stage.height * 0.014)
