"""The drawing of a countdown: the title of what begins, and room for the digits beside it."""

from dataclasses import dataclass

from media.graphics.digits import DrawnCells, cells
from media.graphics.panel import most_text, panel
from media.graphics.stage import DrawnGraphic, Stage, even
from media.typeset import fit_heading, fit_text


@dataclass(frozen=True)
class DrawnTime:
    """A graphic with digits: its face, its cells, and where the first of them stands on it."""

    face: DrawnGraphic
    cells: DrawnCells
    left: int
    top: int


def draw(stage: Stage, title: str, heading: str) -> DrawnTime:
    """Draw the title and the heading on a panel, and minutes and seconds at its right."""
    drawn = cells(round(stage.height * 0.09), stage.palette.heading, stage.face)
    gap = even(stage.height * 0.03)
    digits = drawn.width(4, 1) + gap
    room = most_text(stage, beside=digits)
    upper = fit_heading(
        title, room, round(stage.height * 0.135), stage.sizes(0.054, 0.042), face=stage.face
    )
    lower = fit_text(heading, room, round(stage.height * 0.07), stage.sizes(0.042), face=stage.face)
    face = panel(stage, upper, lower, beside=digits)
    left = even(face.image.width - drawn.width(4, 1) - stage.height * 0.028)
    top = max(0, even((face.image.height - drawn.height) / 2))
    if face.image.height < drawn.height:
        raise ValueError(f"{stage.height} rows are too few for a countdown")
    return DrawnTime(face, drawn, left, min(top, face.image.height - drawn.height))
