"""The keyer: rows of a graphic laid over every picture of the bus, a strip or the full screen."""

import logging
from pathlib import Path

import numpy as np

from config.names import HouseFormat
from playout.engine.links.ring import Picture, planes
from playout.model.engine import Graphic

log = logging.getLogger(__name__)


class Keyer:
    """The current graphic's rows, held in memory. A graphic that cannot be read is logged and
    skipped; it is laid whole or not at all.
    """

    def __init__(self, house: HouseFormat) -> None:
        self._house = house
        self._graphic: Graphic | None = None
        self._rows: tuple[Picture, Picture, Picture] | None = None
        self._covered: tuple[tuple[int, int], list[Picture]] = ((0, 0), [])
        """Rows that the graphic covers on the last picture, and what lies beneath them."""

    @property
    def shown(self) -> str:
        """Id of the graphic that is laid over the picture; empty for none."""
        return self._graphic.id if self._graphic is not None and self._rows is not None else ""

    @property
    def rows(self) -> tuple[int, int]:
        """The rows [first, last) of the picture that the graphic covers; equal for none."""
        if self._graphic is None or self._rows is None:
            return 0, 0
        return self._graphic.first_row, self._graphic.first_row + self._graphic.rows

    @property
    def is_full(self) -> bool:
        """Tell whether the graphic covers the whole picture. Then the sound is silent too."""
        return self.rows == (0, self._house.height)

    def use(self, graphic: Graphic | None) -> None:
        """Lay this graphic over every picture from now on; None removes it."""
        if graphic != self._graphic or (graphic is not None and self._rows is None):
            self._rows = self._read(graphic) if graphic is not None else None
        self._graphic = graphic

    def lay(self, picture: Picture) -> None:
        """Write the graphic's rows into a house picture."""
        if self.rows == (0, 0):
            self._covered = ((0, 0), [])
            return
        areas = self._areas(picture, self.rows)
        self._covered = (self.rows, [area.copy() for area in areas])
        for area, mine in zip(areas, self._rows or (), strict=False):
            area[...] = mine

    def uncover(self, picture: Picture) -> None:
        """Put back what lay beneath the graphic on the last picture, in a copy of that picture."""
        rows, beneath = self._covered
        for area, saved in zip(self._areas(picture, rows), beneath, strict=False):
            area[...] = saved

    def _areas(self, picture: Picture, rows: tuple[int, int]) -> list[Picture]:
        first, last = rows
        luma, blue, red = planes(picture, self._house.width, self._house.height)
        return [luma[first:last], blue[first // 2 : last // 2], red[first // 2 : last // 2]]

    def _read(self, graphic: Graphic) -> tuple[Picture, Picture, Picture] | None:
        width, rows = self._house.width, graphic.rows
        fits = graphic.first_row >= 0 and graphic.first_row + rows <= self._house.height
        even = graphic.first_row % 2 == 0 and rows % 2 == 0 and rows > 0
        try:
            read = np.frombuffer(Path(graphic.path).read_bytes(), dtype=np.uint8)
        except OSError as error:
            log.error("a graphic cannot be read: %s", error.strerror)
            return None
        if not fits or not even or len(read) != width * rows * 3 // 2:
            log.error("a graphic of %s bytes does not fit its %s rows", len(read), rows)
            return None
        return planes(read, width, rows)
