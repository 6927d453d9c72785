"""The drawing of a crawl: one line of text, as long as it is, on the band in which it moves."""

from fractions import Fraction
from functools import lru_cache

from PIL import ImageDraw

from media.graphics.panel import ground
from media.graphics.stage import CRAWL_BOTTOM, CRAWL_TOP, DrawnGraphic, Stage, even
from media.typeset import Typeface, font

LETTERS_A_WORD = 6
"""Letters of a word, the space after it included, by which speed in words is reckoned."""
SIZE = 0.048
LEAST_PIXELS = Fraction(1, 4)
"""The slowest speed, in columns a tick."""


def band(stage: Stage) -> tuple[int, int]:
    """Return the top row of the band and its rows."""
    top = even(stage.height * CRAWL_TOP)
    return top, even(stage.height * CRAWL_BOTTOM) - top


@lru_cache(maxsize=64)
def text_width(text: str, rows: int, face: Typeface) -> int:
    """Return the columns of a crawl's drawn text over a picture of so many rows, even."""
    return even(font(round(rows * SIZE), True, face).getlength(text) + 2 * _pad(rows))


def pixels_a_tick(words_a_minute: int, rows: int, face: Typeface, rate: Fraction) -> Fraction:
    """Return the columns that a text moves with each tick, so that words enter at this speed.

    A word counts as LETTERS_A_WORD digits. So the speed of a text does not depend on its letters.
    """
    digit = Fraction(round(font(round(rows * SIZE), True, face).getlength("0") * 100), 100)
    return max(LEAST_PIXELS, words_a_minute * LETTERS_A_WORD * digit / 60 / rate)


def draw(stage: Stage, text: str) -> DrawnGraphic:
    """Draw the text on its band, which is bare at both ends. It is opaque: words of a bulletin
    beneath would be taken for its own.
    """
    top, rows = band(stage)
    width = text_width(text, stage.height, stage.face)
    image = ground(width, rows, stage.palette)
    image.putalpha(255)
    pen, rim = ImageDraw.Draw(image), stage.line
    pen.rectangle((0, 0, width, rim - 1), fill=(*stage.palette.accent, 255))
    letters = font(round(stage.height * SIZE), True, stage.face)
    place = (_pad(stage.height), (rows + rim) / 2)
    pen.text(place, text, fill=(*stage.palette.heading, 255), font=letters, anchor="lm")
    return DrawnGraphic(image, 0, top)


def _pad(rows: int) -> int:
    return max(2, round(rows * 0.012))
