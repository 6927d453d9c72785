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

    @property
    def shown(self) -> str:
        """Id of the graphic that is laid over the picture; empty for none."""
        return self._graphic.id if self._graphic is not None and self._rows is not None else ""

    @property
    def is_full(self) -> bool:
        """Tell whether the graphic covers the whole picture. Then the sound is silent too."""
        rows = self._graphic.rows if self._graphic is not None and self._rows is not None else 0
        return rows == self._house.height

    def use(self, graphic: Graphic | None) -> None:
        """Lay this graphic over every picture from now on; None removes it."""
        if graphic != self._graphic or (graphic is not None and self._rows is None):
            self._rows = self._read(graphic) if graphic is not None else None
        self._graphic = graphic

    def lay(self, picture: Picture) -> None:
        """Write the graphic's rows into a house picture."""
        if self._rows is None or self._graphic is None:
            return
        first, last = self._graphic.first_row, self._graphic.first_row + self._graphic.rows
        luma, blue, red = planes(picture, self._house.width, self._house.height)
        luma[first:last] = self._rows[0]
        blue[first // 2 : last // 2] = self._rows[1]
        red[first // 2 : last // 2] = self._rows[2]

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
