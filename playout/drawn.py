"""Slides and slates drawn once, as raw pictures of the house size that the bus shows at once."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path

from config.names import HouseFormat
from config.wholefile import write_whole
from media import slides
from playout.engine.waist import BoardPage
from playout.rundown import Page, Plan

log = logging.getLogger(__name__)


class Drawings:
    """Draws into `folder`, one file for each text and look; a file that is there is not redrawn."""

    def __init__(self, folder: Path, house: HouseFormat) -> None:
        self.folder, self.house = folder, house
        self._ready: dict[str, str] = {}

    def slate(self, text: str, plan: Plan) -> str | None:
        """The path of the drawn slate; None, for the engine's own, when it cannot be drawn."""
        shown = text or plan.slate_text
        return self._draw(shown, Page("", shown, "", 0, plan.starts, plan.ends, "title"), plan)

    def board(self, plan: Plan, now: datetime, most: int = 1) -> tuple[BoardPage, ...]:
        """Pages in force at `now`. Draws at most `most` new ones: air does not wait for ink."""
        pages = []
        for page in plan.board:
            if not page.shown_from <= now < page.shown_until:
                continue
            known = self._name(page.id, page, plan) in self._ready
            if not known and most <= 0:
                continue
            most -= not known
            path = self._draw(page.id, page, plan)
            if path is not None:
                pages.append(BoardPage(path, max(1.0, page.seconds)))
        return tuple(pages)

    def _name(self, kind: str, page: Page, plan: Plan) -> str:
        parts = (kind, page.heading, page.body, page.style, plan.station, str(self.house))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _draw(self, kind: str, page: Page, plan: Plan) -> str | None:
        name = self._name(kind, page, plan)
        path = self.folder / f"{name}.i420"
        if name in self._ready and path.is_file():
            return self._ready[name]
        try:
            if not path.is_file() or path.stat().st_size != self.house.picture_bytes:
                size = (self.house.width, self.house.height)
                picture = slides.render(page, *size, station=plan.station)
                write_whole(path, slides.to_i420(picture))
            path.touch()
        except (OSError, ValueError) as error:
            log.warning("A slide could not be drawn: %s", error)
            return None
        self._ready[name] = str(path)
        return str(path)
