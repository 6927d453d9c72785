"""Board and slate: whole pictures in the bus's own memory, so that falling back to them never
waits.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config.names import HouseFormat
from playout.engine.links.ring import Picture, planes

if TYPE_CHECKING:  # an output draws a slate too, and starts without what the waists need
    from playout.model.engine import BoardPage


def house_slate(house: HouseFormat) -> Picture:
    """Return the slate of last resort: a calm blue field with a lighter band, never black."""
    picture: Picture = np.empty(house.picture_bytes, dtype=np.uint8)
    luma, blue, red = planes(picture, house.width, house.height)
    luma[:], blue[:], red[:] = 60, 150, 110
    luma[house.height * 4 // 9 : house.height * 5 // 9] = 90
    return picture


class StillStore:
    """The pictures the agent named, each read once. One that cannot be read is skipped."""

    def __init__(self, house: HouseFormat) -> None:
        self._house = house
        self._own = house_slate(house)
        self._read: dict[tuple[str, int], Picture] = {}
        self._pages: list[tuple[Picture, float]] = []
        self._slate = self._own

    @property
    def has_board(self) -> bool:
        """Tell whether at least one page can be shown."""
        return bool(self._pages)

    def use(self, pages: "tuple[BoardPage, ...]", slate: str | None) -> None:
        """Take these pages and this slate from now on."""
        kept: dict[tuple[str, int], Picture] = {}
        self._pages = []
        for page in pages:
            picture = self._load(page.path, kept)
            if picture is not None:
                self._pages.append((picture, max(1.0, page.seconds)))
        drawn = self._load(slate, kept) if slate else None
        self._slate = self._own if drawn is None else drawn
        self._read = kept

    def _load(self, path: str, kept: dict[tuple[str, int], Picture]) -> Picture | None:
        try:
            key = (path, Path(path).stat().st_mtime_ns)
            picture = self._read.get(key)
            if picture is None:
                picture = np.frombuffer(Path(path).read_bytes(), dtype=np.uint8)
        except OSError:
            return None
        if len(picture) != self._house.picture_bytes:
            return None
        kept[key] = picture
        return picture

    def board(self, seconds: float) -> Picture:
        """Return the page that is due `seconds` into the rotation; the slate when there is none."""
        if not self._pages:
            return self._slate
        left = seconds % sum(length for _, length in self._pages)
        for picture, length in self._pages:
            if left < length:
                return picture
            left -= length
        return self._pages[-1][0]

    def slate(self) -> Picture:
        """Return the slate: the agent's, or the house's own."""
        return self._slate
