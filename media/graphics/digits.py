"""Rows of cells with one digit each, out of which the keyer sets a time that changes."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from media.graphics.stage import even
from media.palette import Colour
from media.typeset import Typeface, font

CHARACTERS = "0123456789:"


@dataclass(frozen=True)
class DrawnCells:
    """Ten cells of one width and the narrower one of the colon, side by side."""

    image: Image.Image
    cell: int
    colon: int

    @property
    def height(self) -> int:
        """Rows of the cells."""
        return self.image.height

    def width(self, digits: int, colons: int) -> int:
        """Return the columns of a time with so many digits and colons."""
        return digits * self.cell + colons * self.colon


def cells(size: int, colour: Colour, face: Typeface) -> DrawnCells:
    """Draw bold digits of a font size on nothing. All cells are even, and each digit stands in the
    middle of its own, so a time does not dance as it changes.
    """
    letters = font(size, True, face)
    widest = max(letters.getlength(digit) for digit in CHARACTERS[:10])
    cell, colon = even(widest + size * 0.06), even(max(letters.getlength(":"), 2) + size * 0.06)
    colon, height = min(colon, cell), even(size * 1.1)
    image = Image.new("RGBA", (10 * cell + colon, height), (*colour, 0))
    pen = ImageDraw.Draw(image)
    for number, character in enumerate(CHARACTERS):
        wide = colon if character == ":" else cell
        place = (number * cell + wide / 2, height / 2)
        pen.text(place, character, fill=(*colour, 255), font=letters, anchor="mm")
    return DrawnCells(image, cell, colon)
