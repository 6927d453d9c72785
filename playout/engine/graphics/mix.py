"""The mixing of a graphic into an I420 picture, in whole numbers, inside its box alone.

A layer file holds five planes of bytes: luma multiplied by its opacity, opacity, both chroma planes
multiplied by theirs, and the opacity of chroma, which has half the columns and rows.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playout.engine.graphics.moments import OPAQUE
from playout.engine.links.ring import Picture

Weights = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Plane:
    """One plane of a graphic: a pixel p beneath it becomes (p * keep + add) / 256."""

    keep: Weights
    add: Weights

    def lay(self, beneath: Picture) -> None:
        """Mix the plane into pixels of its shape; one of a single column goes over all columns."""
        if beneath.size == 0:
            return
        mixed = np.multiply(beneath, self.keep, dtype=np.uint16)
        np.add(mixed, self.add, out=mixed)
        np.right_shift(mixed, 8, out=mixed)
        beneath[...] = mixed


@dataclass(frozen=True)
class Sprite:
    """A drawn graphic of even sides in memory. Its planes are luma, blue and red."""

    colours: tuple[Picture, Picture, Picture]
    """Multiplied by their opacity."""
    opaque: tuple[Plane, Plane, Plane]
    """The planes as they are laid while the graphic neither comes nor goes."""

    def plane(self, number: int, left: int, width: int, opacity: int) -> Plane:
        """Return columns of one plane with an opacity in 256ths."""
        columns = np.s_[:, left : left + width]
        keep, add = self.opaque[number].keep[columns], self.opaque[number].add[columns]
        if opacity == OPAQUE:
            return Plane(keep, add)
        covered = np.subtract(OPAQUE, keep, dtype=np.uint16)
        np.multiply(covered, opacity, out=covered)
        np.add(covered, OPAQUE - 1, out=covered)  # rounded up, so that no sum carries over
        np.right_shift(covered, 8, out=covered)
        add = np.multiply(self.colours[number][columns], opacity, dtype=np.uint16)
        np.add(add, OPAQUE // 2, out=add)
        return Plane(np.subtract(OPAQUE, covered, out=covered), add)


def _opaque(colour: Picture, alpha: Picture) -> Plane:
    """Return weights that leave a pixel as it is where `alpha` is 0, and show none of it at 255."""
    covered = (alpha.astype(np.uint16) * OPAQUE + 127) // 255
    add = np.left_shift(colour, 8, dtype=np.uint16) + np.uint16(OPAQUE // 2)
    return Plane(np.subtract(OPAQUE, covered, dtype=np.uint16), add)


def layer_bytes(width: int, height: int) -> int:
    """Return the size of a layer file of these sides."""
    return width * height * 2 + 3 * (width // 2) * (height // 2)


def read_sprite(path: str, width: int, height: int) -> Sprite:
    """Read a layer file. Raises OSError if it cannot be read, ValueError if it has another size."""
    data = np.frombuffer(Path(path).read_bytes(), dtype=np.uint8)
    if len(data) != layer_bytes(width, height):
        raise ValueError(f"{len(data)} bytes are no graphic of {width}x{height}")
    luma, quarter = width * height, width * height // 4
    cuts = np.split(data, (luma, 2 * luma, 2 * luma + quarter, 2 * luma + 2 * quarter))
    grey, alpha = (cut.reshape(height, width) for cut in cuts[:2])
    blue, red, half = (cut.reshape(height // 2, width // 2) for cut in cuts[2:])
    return Sprite(
        (grey, blue, red), (_opaque(grey, alpha), _opaque(blue, half), _opaque(red, half))
    )
