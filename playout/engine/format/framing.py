"""Fitting of a picture into the house picture: its box, its bars and its colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from config.names import HouseFormat
from media.colour import HOUSE_MATRIX, to_house
from playout.engine.links.ring import Picture, planes


@dataclass(frozen=True)
class PictureBox:
    """Position and size of a picture inside the house picture, in pixels. All four are even,
    because chroma has half the resolution.
    """

    x: int
    y: int
    width: int
    height: int


def fit(width: int, height: int, sar: Fraction, house: HouseFormat) -> PictureBox:
    """Return the largest centred box of the picture's true shape inside the house picture.

    A shape within two lines of the house's own fills it: bars of one line would only flicker.
    """
    aspect = Fraction(width, height) * sar
    across, down = house.width, house.height
    if abs(aspect - Fraction(across, down)) * down <= 2:
        return PictureBox(0, 0, across, down)
    if aspect > Fraction(across, down):
        down = max(2, int(across / aspect / 2 + Fraction(1, 2)) * 2)
    else:
        across = max(2, int(down * aspect / 2 + Fraction(1, 2)) * 2)
    x, y = (house.width - across) // 4 * 2, (house.height - down) // 4 * 2
    return PictureBox(x, y, across, down)


def place(
    target: Picture,
    house: HouseFormat,
    box: PictureBox,
    source: Sequence[Picture],
    matrix: int = HOUSE_MATRIX,
) -> None:
    """Copy a picture's planes into its box, converted from `matrix` to the house's colours, and
    paint the rest black.
    """
    sides = planes(target, house.width, house.height)
    inside = []
    for index, (plane, part) in enumerate(zip(sides, source, strict=True)):
        half = 1 if index == 0 else 2
        x, y = box.x // half, box.y // half
        across, down = box.width // half, box.height // half
        dark = 16 if index == 0 else 128
        plane[:y], plane[y + down :] = dark, dark
        plane[y : y + down, :x], plane[y : y + down, x + across :] = dark, dark
        inside.append(plane[y : y + down, x : x + across])
        inside[-1][...] = part[:down, :across]
    to_house(inside, matrix)
