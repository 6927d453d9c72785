"""The stage of a graphic: the picture it lies over, its safe area, its zones, its look."""

from dataclasses import dataclass, field

from PIL import Image

from media.palette import PLAIN, Palette
from media.slides.content import SAFE_SHARE
from media.typeset import DEJAVU, Typeface

LEAST_TEXT = 0.04
"""Least size of any text, as a share of the picture's height: 19 rows on a set of 480 lines, where
letters of less can no longer be read across a room."""
LEAST_LINE = 1 / 240
"""Least thickness of a line or rim: two rows of 480. A line of one row flickers on an interlaced
set."""
CRAWL_TOP, CRAWL_BOTTOM = 0.872, 1 - SAFE_SHARE
"""Rows of the band of a crawl: the lowest of the title safe area."""
BAND_BOTTOM = 0.855
"""Lower edge of a lower third and of a bug below: above the crawl."""
BAND_SHARE = 0.71
"""Most columns of a lower third; a bug below at the right stands beside it."""
PANEL_ALPHA = 238
"""Opacity of a panel under text. More light would come through than the text's contrast allows."""


def even(value: float) -> int:
    """Return the nearest even number of at least 2: colour has half the columns and rows."""
    return max(2, round(value / 2) * 2)


@dataclass(frozen=True)
class Stage:
    """The size of a house picture, and the look of what lies over it."""

    width: int
    height: int
    palette: Palette = field(default_factory=lambda: PLAIN)
    face: Typeface = DEJAVU

    def rows(self, share: float) -> int:
        """Return a share of the height as an even number of rows."""
        return even(self.height * share)

    def sizes(self, largest: float, smallest: float = LEAST_TEXT) -> list[int]:
        """Return falling font sizes between two shares of the height."""
        first, last = round(self.height * largest), max(8, round(self.height * smallest))
        return [*range(first, last, -max(1, round(self.height * 0.003))), last]

    @property
    def line(self) -> int:
        """Rows of the thinnest line."""
        return max(2, round(self.height * LEAST_LINE))

    @property
    def margin(self) -> int:
        """Columns at each side that a set may cut off."""
        return even(self.width * SAFE_SHARE)

    @property
    def ceiling(self) -> int:
        """The topmost row of the title safe area."""
        return even(self.height * SAFE_SHARE)


@dataclass(frozen=True)
class DrawnGraphic:
    """A drawn graphic, RGBA with even sides, and the even place of its corner in the picture."""

    image: Image.Image
    left: int
    top: int
    cut: bool = False
    """Some of the text had no room, even at the smallest size."""
