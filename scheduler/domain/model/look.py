"""The station's look as staff set it: colours of each style, fonts and logo."""

from dataclasses import dataclass, replace

from media.palette import (
    LEAST_CONTRAST,
    PALETTES,
    Palette,
    contrast,
    grounds,
    least_contrast,
    palette_of,
    read_colour,
    write_colour,
)
from playout.model.look import LookFile, StationLook, StyleColours

LOOK_STYLES = ("plain", "notice", "urgent")
ACCENT_CONTRAST = 3.0
"""The least contrast of accents and large text (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""


@dataclass(frozen=True)
class Font:
    """A font that is stored for bulletins."""

    name: str
    """As its file gives it: `DejaVu Serif, Bold`."""
    file: LookFile


def usual_colours(style: str) -> StyleColours:
    """Return Gavel's own colours of a style, as a form shows them."""
    palette = PALETTES[style]
    top, accent, text = map(write_colour, (palette.top, palette.accent, palette.heading))
    return StyleColours(style, top, accent, text)


def colours_of(look: StationLook, style: str) -> StyleColours:
    """Return the station's colours of a style; Gavel's own where it has set none."""
    return next((one for one in look.colours if one.style == style), usual_colours(style))


def with_colours(look: StationLook, colours: tuple[StyleColours, ...]) -> StationLook:
    """Return the look with these colours. A style in Gavel's own colours is not named."""
    own = tuple(one for one in colours if one != usual_colours(one.style))
    return replace(look, colours=own)


def colour_problems(colours: StyleColours) -> dict[str, str]:
    """Return a sentence for each colour that cannot be read or not be seen on air."""
    read = [read_colour(text) for text in (colours.background, colours.accent, colours.text)]
    names = ("background", "accent", "text")
    wrong = {
        f"{colours.style}_{name}": "Choose a color, or type it like #1a344e."
        for name, colour in zip(names, read, strict=True)
        if colour is None
    }
    background, accent, text = read
    if background is None or accent is None or text is None:
        return wrong
    return _hard_to_read(colours.style, palette_of(background, accent, text))


def _hard_to_read(style: str, palette: Palette) -> dict[str, str]:
    wrong = {}
    if (least := least_contrast(palette)) < LEAST_CONTRAST:
        wrong[f"{style}_text"] = (
            f"The text is hard to read on this background: its contrast is {least:.1f}, and text "
            f"needs {LEAST_CONTRAST:g}. Choose a lighter text or a darker background, or the "
            "other way round."
        )
    seen = min(contrast(palette.accent, ground) for ground in grounds(palette))
    if seen < ACCENT_CONTRAST:
        wrong[f"{style}_accent"] = (
            f"The accent hardly shows on this background: its contrast is {seen:.1f}, and it "
            f"needs {ACCENT_CONTRAST:g}."
        )
    return wrong
