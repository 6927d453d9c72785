"""Slides, slates and messages as raw pictures in the house format, drawn once for the bus."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path

from PIL.Image import Image

from config.names import HouseFormat
from media.slides.draw import draw
from media.slides.i420 import to_i420
from media.strips import strip, strip_rows
from playout.bulletins.automatic import WrittenPages, is_automatic, today
from playout.bulletins.looks import FindFile, LookReader, corners
from playout.host.drawn_files import DrawnFiles
from playout.host.layers import LayerDrawings
from playout.model.engine import BoardPage, Graphic
from playout.model.events import Message, MessagePlacement
from playout.model.layered import Layered
from playout.model.plan import Media, Page, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import Situation

log = logging.getLogger(__name__)
STRIP = "strip"
WAITS = "waits"
"""The key of the problem that a picture has not arrived."""


def nothing_here(media: Media) -> str | None:
    """Find no file: for a channel without pictures."""
    del media
    return None


class Drawings:
    """Draws into `folder`, one file for each text and style; an existing file is used again.

    A disk that refuses a picture keeps nothing from air: the picture stays in this process's
    memory, where the bus opens it by a path like any other, and `problems` says so.
    """

    def __init__(self, folder: Path, house: HouseFormat, find: FindFile = nothing_here) -> None:
        self.folder, self.house = folder, house
        self._looks = LookReader(find)
        self._date = ""
        """The day, as bulletins beside a clock have it."""
        self._written: dict[str, str] = {}
        """The file of each automatic page as it reads now, by id."""
        self._pages = WrittenPages()
        self.problems: dict[str, str] = {}
        self._files = DrawnFiles(folder, self.problems)
        self._layers = LayerDrawings(house, self._files, self._looks, find)

    def slate(self, text: str, plan: Plan) -> str | None:
        """Return the path of the drawn slate; None, for the engine's own, if it cannot be drawn."""
        shown = text or plan.slate_text
        return self._draw(shown, Page("", shown, "", 0, plan.starts, plan.ends, "title"), plan)

    def board(
        self, plan: Plan, rundown: Rundown, now: datetime, most: int = 1
    ) -> tuple[BoardPage, ...]:
        """Return the pages in force at `now`, the automatic ones as they read now.

        Draws at most `most` new pages in one call, so that drawing does not delay the agent's turn.
        """
        self._files.try_the_disk(now)
        self._date = today(plan, now)
        self._problem(WAITS, self._looks.missing(plan))
        pages = []
        for planned in plan.board:
            if not planned.shown_from <= now < planned.shown_until:
                continue
            page = self._pages.read(planned, plan, rundown, now)
            if page is None:
                continue
            known = self._files.knows(self._name(page.id, page, plan))
            if not known and most <= 0:
                continue
            most -= not known
            path = self._draw(page.id, page, plan)
            if path is None:
                continue
            pages.append(BoardPage(path, max(1.0, page.seconds)))
            if is_automatic(planned):
                self._replace(planned.id, path)
        return tuple(pages)

    def _replace(self, page: str, path: str) -> None:
        """Remove the drawing of an automatic page that has other words now: it will not return."""
        old = self._written.get(page)
        self._written[page] = path
        if old is not None and old != path:
            self._files.remove(old)

    def _problem(self, name: str, words: str) -> None:
        if words:
            self.problems[name] = words
        else:
            self.problems.pop(name, None)

    def graphic(self, message: Message | None, plan: Plan) -> Graphic | None:
        """Return the drawn emergency message; None if there is none or it cannot be drawn."""
        if message is None:
            return None
        height = self.house.height
        page = Page(message.id, "", message.text, 0, plan.starts, plan.ends, "urgent")
        if message.placement is MessagePlacement.FULL:
            path = self._draw("full", page, plan)
            return Graphic(message.id, path, 0, height) if path is not None else None
        path = self._draw(STRIP, page, plan)
        rows = strip_rows(height)
        return Graphic(message.id, path, height - rows, rows) if path is not None else None

    def layers(self, air: Situation) -> tuple[Layered, ...]:
        """Return the graphics with transparency that are shown now or soon."""
        return self._layers.over(air)

    def _name(self, kind: str, page: Page, plan: Plan) -> str:
        parts = [kind, page.heading, page.body, page.style, plan.station, str(self.house)]
        parts += [page.layout, page.second, page.link, repr(plan.look.colours)]
        parts += [self._looks.here(plan, page), " ".join(sorted(corners(plan.graphics)))]
        if plan.graphics is not None and plan.graphics.clock is not None:
            parts.append(self._date)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _draw(self, kind: str, page: Page, plan: Plan) -> str | None:
        name = self._name(kind, page, plan)
        rows = strip_rows(self.house.height) if kind == STRIP else self.house.height
        known = self._files.find(name, self.house.width * rows * 3 // 2)
        if known is not None:
            return known
        try:
            return self._files.keep(name, to_i420(self._picture(kind, page, plan)))
        except (OSError, ValueError) as error:
            log.warning("A slide could not be drawn: %s", error)
            return None

    def _picture(self, kind: str, page: Page, plan: Plan) -> Image:
        size = (self.house.width, self.house.height)
        if kind == STRIP:
            return strip(page.body, page.style, *size)
        return draw(self._looks.content(page), self._looks.of(plan, self._date), size).image
