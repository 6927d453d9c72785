"""Colours of slides: the palette of each style, one made of a city's own colours, and contrast."""

from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255, in sRGB."""

LEAST_CONTRAST = 4.5
"""Ratio of luminances that text needs at least (WCAG 2.2, success criterion 1.4.3)."""
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
MUTED = (0.36, 0.3, 0.24, 0.18, 0.12, 0.06, 0.0)
"""Shares of the background in small text, tried until it can be read."""


@dataclass(frozen=True)
class Palette:
    """The colours of one style: background from top to bottom, accent, and text."""

    top: Colour
    bottom: Colour
    accent: Colour
    heading: Colour = WHITE
    body: Colour = (226, 233, 240)
    small: Colour = (160, 176, 192)


PLAIN = Palette((26, 52, 78), (12, 26, 42), (104, 184, 204))
NOTICE = Palette((70, 44, 22), (34, 22, 16), (245, 184, 76), body=(245, 236, 224))
URGENT = Palette(
    (132, 24, 28), (66, 10, 16), (255, 214, 90), body=(255, 240, 236), small=(236, 186, 182)
)
TITLE = Palette((38, 40, 74), (18, 18, 38), (150, 160, 230))
PALETTES = {"plain": PLAIN, "notice": NOTICE, "urgent": URGENT, "title": TITLE}


def between(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that is `share` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def read_colour(text: str) -> Colour | None:
    """Read a colour written `#1a344e`; None for any other text."""
    digits = text.strip().removeprefix("#")
    if len(digits) != 6 or not all(letter in "0123456789abcdefABCDEF" for letter in digits):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def write_colour(colour: Colour) -> str:
    """Write a colour as a form and a plan have it: `#1a344e`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Colour, other: Colour) -> float:
    """Return the ratio of the two luminances, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def least_contrast(palette: Palette) -> float:
    """Return the lowest contrast of any text of the palette, anywhere on its background."""
    texts = (palette.heading, palette.body, palette.small)
    return min(contrast(text, ground) for text in texts for ground in grounds(palette))


def grounds(palette: Palette) -> tuple[Colour, Colour]:
    """Return the two ends of the palette's background."""
    return palette.top, palette.bottom


def palette_of(background: Colour, accent: Colour, text: Colour) -> Palette:
    """Return the palette of a city's three colours.

    The background gets darker towards the bottom: much if it is dark, a little if it is light.
    Smaller text is mixed with the background as far as it can still be read on it.
    """
    depth = 0.45 if _luminance(background) < 0.18 else 0.08
    bottom = between(background, BLACK, depth)
    body, small = (_muted(text, background, bottom, most) for most in (0.12, 0.36))
    return Palette(background, bottom, accent, text, body, small)


def _muted(text: Colour, top: Colour, bottom: Colour, most: float) -> Colour:
    for share in MUTED:
        mixed = between(text, top, share)
        if share <= most and min(contrast(mixed, top), contrast(mixed, bottom)) >= LEAST_CONTRAST:
            return mixed
    return text


def _luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
