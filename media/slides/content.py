"""The waist of the layouts: what a slide says, how a station looks, and what drawing it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from media.palette import PALETTES, PLAIN, Palette
from media.typeset import DEJAVU, Typeface

SAFE_SHARE = 0.05
"""Share of the picture at each side that a television may cut off (SMPTE ST 2046-1: titles stay
within 90 %)."""
SMALLEST_TEXT = 0.036
"""The smallest text, as a share of the picture's height: 26 rows of 720, 17 of 480."""
SMALLEST_FOOT = 0.03
"""The same for the station's name at the foot."""
STYLES = ("plain", "notice", "urgent", "title")


@dataclass(frozen=True)
class SlideContent:
    """The words and picture of one slide. Each layout uses the fields that it has room for."""

    heading: str
    body: str = ""
    style: str = "plain"
    """One of STYLES; any other is plain."""
    layout: str = "text"
    """One of LAYOUTS; any other is text."""
    second: str = ""
    """Text of the right column, or beside a code."""
    link: str = ""
    """The address in a code."""
    picture: Image.Image | None = None
    """None also where its file is not here: the slide is then its text alone."""


@dataclass(frozen=True)
class Look:
    """Colours, font and foot of a station's slides."""

    palettes: Mapping[str, Palette] = field(default_factory=lambda: dict(PALETTES))
    face: Typeface = DEJAVU
    logo: Image.Image | None = None
    station: str = ""
    """Name at the foot."""
    now_text: str = ""
    """The date, or a time; empty for none."""
    clear: frozenset[str] = frozenset()
    """Corners in which a graphic lies over the slide, such as `top right` for a clock."""

    def palette(self, style: str) -> Palette:
        """Return the colours of a style; those of `plain` for one that is unknown."""
        return self.palettes.get(style) or self.palettes.get("plain", PLAIN)


@dataclass(frozen=True)
class DrawnSlide:
    """A drawn slide, and how well its text fits."""

    image: Image.Image
    cut: bool = False
    """Some of the text had no room, even at the smallest size."""
    smallest: int = 0
    """Size of its smallest text, in rows; 0 without text."""
    fine_code: bool = False
    """Its code is too fine for a telephone across the room."""


Size = tuple[int, int]
"""Width and height, in pixels."""


class Layout(Protocol):
    """A way to lay out a slide; one module of this folder each."""

    def __call__(self, slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
        """Draw the slide. All text and pictures but a full one stay inside the safe area."""
