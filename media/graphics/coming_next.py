"""The drawing of what comes next: a heading, and the title beneath it."""

from dataclasses import replace

from media.graphics.panel import most_text, panel
from media.graphics.stage import DrawnGraphic, Stage
from media.typeset import fit_heading, fit_text


def draw(stage: Stage, heading: str, title: str) -> DrawnGraphic:
    """Draw the heading, small, above the title."""
    room, palette = most_text(stage), stage.palette
    upper = fit_text(heading, room, round(stage.height * 0.07), stage.sizes(0.04), face=stage.face)
    lower = fit_heading(
        title, room, round(stage.height * 0.135), stage.sizes(0.056, 0.044), face=stage.face
    )
    turned = replace(palette, heading=palette.body, body=palette.heading)
    return panel(replace(stage, palette=turned), upper, lower)
