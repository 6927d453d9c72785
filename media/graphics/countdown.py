"""The drawing of a countdown: what begins, and room for the digits, in the rows of a crawl.

There it lies over the foot of a bulletin and hides none of its text.
"""

from dataclasses import dataclass

from PIL import ImageDraw

from media.graphics.crawl import band
from media.graphics.digits import DrawnCells, cells
from media.graphics.panel import ground
from media.graphics.stage import DrawnGraphic, Stage, even
from media.typeset import fit_text


@dataclass(frozen=True)
class DrawnTime:
    """A graphic with digits: its face, its cells, and where the first of them stands on it."""

    face: DrawnGraphic
    cells: DrawnCells
    left: int
    top: int


def draw(stage: Stage, title: str, heading: str) -> DrawnTime:
    """Draw title and heading on one line, and minutes and seconds at the right. Nothing of a
    bulletin shines through.
    """
    top, rows = band(stage)
    drawn = cells(round(stage.height * 0.056), stage.palette.heading, stage.face)
    pad, digits = even(stage.height * 0.02), drawn.width(4, 1)
    width = stage.width - 2 * stage.margin
    left = even(width - pad - digits)
    if rows < drawn.height or left + digits > width:
        raise ValueError(f"{stage.width}x{stage.height} is too small for a countdown")
    image = ground(width, rows, stage.palette)
    image.putalpha(255)
    pen, rim = ImageDraw.Draw(image), stage.line
    pen.rectangle((0, 0, width, rim - 1), fill=(*stage.palette.accent, 255))
    words = fit_text(
        f"{title} {heading}".strip(), left - 2 * pad, rows - rim, stage.sizes(0.048), bold=True,
        face=stage.face,
    )  # fmt: skip
    words.draw(image, pad, rim + (rows - rim - words.height) // 2, stage.palette.heading)
    place = max(0, even((rows + rim - drawn.height) / 2))
    face = DrawnGraphic(image, stage.margin, top, cut=words.cut)
    return DrawnTime(face, drawn, left, min(place, rows - drawn.height))
