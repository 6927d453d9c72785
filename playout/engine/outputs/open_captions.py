"""Open captions: the captions of the program drawn into the picture, for a screen that cannot carry
them otherwise. Channel CC1 is drawn, white on black, in the rows and columns that its codes name.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from config.names import HouseFormat
from media.captions.codes import COLUMNS, ROWS
from media.captions.cue import CaptionRow
from media.captions.decode import FieldDecoder
from media.captions.track import FIELD_1, triplets_of
from media.typeset import FONT_FOLDER, Typeface, font
from playout.engine.links.ring import Picture, planes

SAFE_SHARE = 0.8
"""Share of height and width in which captions lie; a wide picture has them in its middle 4:3."""
BLACK, WHITE, NO_COLOUR = 16, 235, 128
MONOSPACED = Typeface(
    str(FONT_FOLDER / "DejaVuSansMono.ttf"), str(FONT_FOLDER / "DejaVuSansMono-Bold.ttf")
)
_WIDTH_OF_SIZE, _CELL_OF_SIZE, _HEIGHT_OF_SIZE = 0.602, 0.65, 1.3
"""Width of a character, most width of its cell, and height of a row, by the font's size."""


@dataclass(frozen=True)
class DrawnRow:
    """The luma of a row's box, and where its upper left corner lies; both are even."""

    left: int
    top: int
    luma: Picture


class CaptionPen:
    """Draws rows of captions for one house format."""

    def __init__(self, house: HouseFormat) -> None:
        high = house.height * SAFE_SHARE
        wide = min(house.width, house.height * 4 / 3) * SAFE_SHARE
        self._row_height = high / ROWS
        self._top = (house.height - high) / 2
        cell = wide / (COLUMNS + 1)
        size = min(cell / _WIDTH_OF_SIZE, self._row_height / _HEIGHT_OF_SIZE)
        self._cell = min(cell, size * _CELL_OF_SIZE)
        self._left = (house.width - self._cell * (COLUMNS + 1)) / 2
        self._font = font(max(6, int(size)), True, MONOSPACED)

    def draw(self, row: CaptionRow) -> DrawnRow:
        """Return a row with half a character of black on either side."""
        height = _even(self._row_height)
        box = Image.new("L", (_even(self._cell * (len(row.text) + 1)), height), BLACK)
        pen = ImageDraw.Draw(box)
        for place, character in enumerate(row.text):
            at = (self._cell * (place + 1), height / 2)
            pen.text(at, character, fill=WHITE, font=self._font, anchor="mm")
        left = _even(self._left + self._cell * row.column)
        top = _even(self._top + self._row_height * (row.row - 1))
        return DrawnRow(left, top, np.asarray(box, dtype=np.uint8))


class OpenCaptions:
    """The captions on one screen. They are drawn again only when they change."""

    def __init__(self, house: HouseFormat) -> None:
        self._house, self._pen = house, CaptionPen(house)
        self._decoder = FieldDecoder()
        self._rows: tuple[CaptionRow, ...] = ()
        self._drawn: list[DrawnRow] = []

    def over(self, microseconds: int, picture: Picture, captions: bytes) -> Picture:
        """Return the picture of a tick with the captions that it shows; `captions` are the tick's
        own triplets. A picture without any is returned as it is.
        """
        for triplet in triplets_of(captions):
            if triplet[0] == FIELD_1:
                self._decoder.take(microseconds, triplet[1], triplet[2])
        self._draw_again()
        if not self._drawn:
            return picture
        covered = picture.copy()
        for row in self._drawn:
            self._lay(row, covered)
        return covered

    def _draw_again(self) -> None:
        screen = self._decoder.screens[0]
        screen.cues.clear()  # the list of all that was shown, which would grow for ever
        if screen.rows != self._rows:
            self._rows = screen.rows
            self._drawn = [self._pen.draw(row) for row in self._rows]

    def _lay(self, row: DrawnRow, picture: Picture) -> None:
        luma, *colours = planes(picture, self._house.width, self._house.height)
        seen = luma[row.top :, row.left :][: row.luma.shape[0], : row.luma.shape[1]]
        seen[:] = row.luma[: seen.shape[0], : seen.shape[1]]
        for colour in colours:
            under = colour[row.top // 2 :, row.left // 2 :]
            under[: (seen.shape[0] + 1) // 2, : (seen.shape[1] + 1) // 2] = NO_COLOUR


def _even(length: float) -> int:
    return int(length) // 2 * 2
