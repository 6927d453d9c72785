"""The drawing of a lower third: who speaks, or which item of the agenda."""

from media.graphics.panel import most_text, panel
from media.graphics.stage import DrawnGraphic, Stage
from media.typeset import fit_heading, fit_text


def draw(stage: Stage, first: str, second: str = "") -> DrawnGraphic:
    """Draw two lines on a panel; a long one is set smaller and takes up to two lines."""
    room = most_text(stage)
    upper = fit_heading(
        first, room, round(stage.height * 0.135), stage.sizes(0.058, 0.044), face=stage.face
    )
    lower = fit_text(second, room, round(stage.height * 0.13), stage.sizes(0.046), face=stage.face)
    return panel(stage, upper, lower)
