"""Slides and slates drawn once, as raw pictures of the house size that the bus shows at once."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path

from config.names import HouseFormat
from config.wholefile import write_whole
from media import slides
from media.strips import strip, strip_rows
from playout.engine.waist import BoardPage, Graphic
from playout.live import Placement
from playout.overlay import Overlay
from playout.rundown import Page, Plan

log = logging.getLogger(__name__)
STRIP = "strip"


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

    def graphic(self, wanted: Overlay | None, plan: Plan) -> Graphic | None:
        """The drawn overlay; None for none, and where it cannot be drawn."""
        if wanted is None:
            return None
        style = "urgent" if wanted.emergency else "notice"
        height = self.house.height
        page = Page(wanted.id, "", wanted.text, 0, plan.starts, plan.ends, style)
        if wanted.placement is Placement.FULL:
            path = self._draw("full", page, plan)
            return Graphic(wanted.id, path, 0, height) if path is not None else None
        path = self._draw(STRIP, page, plan)
        rows = strip_rows(height)
        return Graphic(wanted.id, path, height - rows, rows) if path is not None else None

    def _name(self, kind: str, page: Page, plan: Plan) -> str:
        parts = (kind, page.heading, page.body, page.style, plan.station, str(self.house))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _draw(self, kind: str, page: Page, plan: Plan) -> str | None:
        name = self._name(kind, page, plan)
        path = self.folder / f"{name}.i420"
        if name in self._ready and path.is_file():
            return self._ready[name]
        size = (self.house.width, self.house.height)
        rows = strip_rows(self.house.height) if kind == STRIP else self.house.height
        try:
            if not path.is_file() or path.stat().st_size != self.house.width * rows * 3 // 2:
                if kind == STRIP:
                    picture = strip(page.body, page.style, *size)
                else:
                    picture = slides.render(page, *size, station=plan.station)
                write_whole(path, slides.to_i420(picture))
            path.touch()
        except (OSError, ValueError) as error:
            log.warning("A slide could not be drawn: %s", error)
            return None
        self._ready[name] = str(path)
        return str(path)
