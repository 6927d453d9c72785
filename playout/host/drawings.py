"""Slides, slates and messages as raw pictures in the house format, drawn once for the bus."""

import hashlib
import logging
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from PIL.Image import Image

from config.names import HouseFormat
from config.wholefile import write_whole
from media.slides.draw import draw
from media.slides.i420 import to_i420
from media.strips import strip, strip_rows
from playout.bulletins.automatic import is_automatic, written
from playout.bulletins.looks import FindFile, LookReader
from playout.direction.overlay import Overlay
from playout.model.engine import BoardPage, Graphic
from playout.model.events import MessagePlacement
from playout.model.plan import Media, Page, Plan
from playout.model.rundown import Rundown

log = logging.getLogger(__name__)
STRIP = "strip"
MOST_IN_MEMORY = 40
"""The most pictures kept in memory while the disk takes none; each has 3 MB in HD."""
DISK_RETRY_EVERY = timedelta(seconds=5)
WAITS, DRAWN = "waits", "drawn"
"""Keys of the problems: a picture that has not arrived, and a disk that takes no drawing."""


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
        self._written: dict[str, str] = {}
        """The file of each automatic page as it reads now, by id."""
        self._ready: dict[str, str] = {}
        self._memory: dict[str, int] = {}
        """Handles of the pictures that the disk did not take, by name."""
        self._tried: datetime | None = None
        self.problems: dict[str, str] = {}

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
        self._try_the_disk(now)
        self._problem(WAITS, self._looks.missing(plan))
        pages = []
        for planned in plan.board:
            if not planned.shown_from <= now < planned.shown_until:
                continue
            page = written(planned, plan, rundown, now)
            if page is None:
                continue
            known = self._name(page.id, page, plan) in self._ready
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
        if old is None or old == path or not old.startswith(str(self.folder)):
            return
        with suppress(OSError):
            Path(old).unlink()
        self._ready = {name: known for name, known in self._ready.items() if known != old}

    def _problem(self, name: str, words: str) -> None:
        if words:
            self.problems[name] = words
        else:
            self.problems.pop(name, None)

    def graphic(self, overlay: Overlay | None, plan: Plan) -> Graphic | None:
        """Return the drawn overlay; None if there is none or it cannot be drawn."""
        if overlay is None:
            return None
        style = "urgent" if overlay.emergency else "notice"
        height = self.house.height
        page = Page(overlay.id, "", overlay.text, 0, plan.starts, plan.ends, style)
        if overlay.placement is MessagePlacement.FULL:
            path = self._draw("full", page, plan)
            return Graphic(overlay.id, path, 0, height) if path is not None else None
        path = self._draw(STRIP, page, plan)
        rows = strip_rows(height)
        return Graphic(overlay.id, path, height - rows, rows) if path is not None else None

    def _name(self, kind: str, page: Page, plan: Plan) -> str:
        parts = [kind, page.heading, page.body, page.style, plan.station, str(self.house)]
        parts += [page.layout, page.second, page.link, repr(plan.look.colours)]
        parts += [self._looks.here(plan, page)]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _draw(self, kind: str, page: Page, plan: Plan) -> str | None:
        name = self._name(kind, page, plan)
        rows = strip_rows(self.house.height) if kind == STRIP else self.house.height
        known = self._ready.get(name)
        if known is not None and (name in self._memory or self._is_whole(name, rows)):
            return known
        try:
            if not self._is_whole(name, rows):
                self._keep(name, to_i420(self._picture(kind, page, plan)))
        except (OSError, ValueError) as error:
            log.warning("A slide could not be drawn: %s", error)
            return None
        # Touched, because housekeeping removes pictures that nothing has used for a month.
        if name not in self._memory:
            self._ready[name] = str(self._path(name))
            with suppress(OSError):
                self._path(name).touch()
        return self._ready[name]

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.i420"

    def _is_whole(self, name: str, rows: int) -> bool:
        """Return whether the picture is on disk, whole; False if the disk cannot tell."""
        try:
            return self._path(name).stat().st_size == self.house.width * rows * 3 // 2
        except OSError:
            return False

    def _picture(self, kind: str, page: Page, plan: Plan) -> Image:
        size = (self.house.width, self.house.height)
        if kind == STRIP:
            return strip(page.body, page.style, *size)
        return draw(
            self._looks.content(page), self._looks.look(plan.look, plan.station), size
        ).image

    def _keep(self, name: str, picture: bytes) -> None:
        """Store a picture on disk, or else in memory. Raises OSError if neither has room."""
        try:
            write_whole(self._path(name), picture)
        except OSError as error:
            if len(self._memory) >= MOST_IN_MEMORY:
                raise
            # An unnamed file in memory: the bus, another process, opens it by the path below.
            handle = os.memfd_create("gavel-drawn", os.MFD_CLOEXEC)
            with os.fdopen(handle, "wb", closefd=False) as file:
                file.write(picture)
            self._memory[name] = handle
            self._ready[name] = f"/proc/{os.getpid()}/fd/{handle}"
            self.problems[DRAWN] = f"Bulletins cannot be written to disk: {error.strerror}."

    def _try_the_disk(self, now: datetime) -> None:
        """Move pictures from memory to the disk, one at a time, once there is room."""
        if not self._memory or (
            self._tried and timedelta(0) <= now - self._tried < DISK_RETRY_EVERY
        ):
            return
        self._tried = now
        name, handle = next(iter(self._memory.items()))
        try:
            write_whole(self._path(name), os.pread(handle, os.fstat(handle).st_size, 0))
        except OSError:
            return
        self._ready[name] = str(self._path(name))
        del self._memory[name]
        os.close(handle)
        if not self._memory:
            self._problem(DRAWN, "")
