"""The station's look as drawing needs it: files of the plan found on this machine and opened."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from media.palette import PALETTES, Palette, palette_of, read_colour
from media.slides.content import Look, SlideContent
from media.typeset import DEJAVU, Typeface
from playout.model.graphics import Corner, GraphicsRules
from playout.model.look import LookFile, StationLook
from playout.model.plan import Media, Page, Plan, file_of_look

log = logging.getLogger(__name__)
FindFile = Callable[[Media], str | None]
"""A function that returns the path of a file that is on this machine whole; None if it is not."""
MOST_PICTURE_PIXELS = 4_000_000
"""The most pixels of a picture; ingest made it at most 1920 by 1080."""


class LookReader:
    """Opens what the plan's bulletins are drawn from. What is missing is drawn without."""

    def __init__(self, find: FindFile) -> None:
        self._find = find

    def look(self, look: StationLook, station: str) -> Look:
        """Return the look of bulletins of a station of this name; the usual font and no logo where
        a file is not here.
        """
        logo = self._file(look.logo)
        return Look(
            palettes=palettes(look),
            face=self.face(look),
            logo=opened(logo) if logo else None,
            station=station,
        )

    def face(self, look: StationLook) -> Typeface:
        """Return the station's font; the usual one where its file is not here."""
        regular = self._file(look.font)
        bold = self._file(look.bold) or regular
        return Typeface(regular, bold or regular) if regular else DEJAVU

    def of(self, plan: Plan, date: str) -> Look:
        """Return the look of the plan's bulletins on a day written `date`. They leave room for what
        the channel's rules lay over them, and have the date beside a clock.
        """
        look, rules = self.look(plan.look, plan.station), plan.graphics
        if rules is None:
            return look
        clear = corners(rules)
        return replace(look, clear=clear, now_text=date if rules.clock is not None else "")

    def content(self, page: Page) -> SlideContent:
        """Return what the page says, its picture opened."""
        path = self._find(page.picture) if page.picture is not None else None
        return SlideContent(
            page.heading, page.body, page.style, page.layout, page.second, page.link,
            opened(path) if path else None,
        )  # fmt: skip

    def here(self, plan: Plan, page: Page) -> str:
        """Return a name of the files that are here for the page, so that it is drawn again when
        one arrives.
        """
        files = [media for media in plan.drawn_from if media.key in _keys(plan, page)]
        return " ".join(sorted(file.key for file in files if self._find(file) is not None))

    def missing(self, plan: Plan) -> str:
        """Say which bulletins lack a picture on this machine; empty if none does."""
        lacking = sorted(
            page.heading
            for page in plan.board
            if page.picture is not None and self._find(page.picture) is None
        )
        if lacking:
            return f"A picture has not arrived yet: “{lacking[0]}” airs as text alone."
        if any(self._file(file) is None for file in plan.look.files):
            return "The station's font or logo has not arrived yet: bulletins air in the usual one."
        return ""

    def _file(self, file: LookFile | None) -> str | None:
        return self._find(file_of_look(file)) if file is not None else None


def corners(rules: GraphicsRules | None) -> frozenset[str]:
    """Return the corners in which the rules lay a bug or a clock over bulletins.

    A clock goes to the other side where the bug has its corner.
    """
    if rules is None:
        return frozenset()
    bug, clock = rules.bug, rules.clock
    found = {bug.corner.value} if bug is not None and bug.over_slides else set[str]()
    if clock is not None:
        taken = bug is not None and bug.corner is clock.corner
        found.add(_across(clock.corner).value if taken else clock.corner.value)
    return frozenset(found)


def _across(corner: Corner) -> Corner:
    above, _, side = corner.value.partition(" ")
    return Corner(f"{above} {'left' if side == 'right' else 'right'}")


def palettes(look: StationLook) -> dict[str, Palette]:
    """Return the palette of each style. A slate has the station's plain colours, if it has any."""
    known = dict(PALETTES)
    for style in look.colours:
        colours = tuple(map(read_colour, (style.background, style.accent, style.text)))
        background, accent, text = colours
        if background is not None and accent is not None and text is not None:
            known[style.style] = palette_of(background, accent, text)
    if known["plain"] is not PALETTES["plain"]:
        known["title"] = known["plain"]
    return known


def opened(path: str) -> Image.Image | None:
    """Return the picture of a file that ingest has written; None if it cannot be read."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            if image.width * image.height > MOST_PICTURE_PIXELS:
                return None
            image.load()
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("A picture of the bulletins cannot be read: %s", error)
        return None


def _keys(plan: Plan, page: Page) -> set[str]:
    picture = {page.picture.key} if page.picture is not None else set[str]()
    return picture | {file.key for file in plan.look.files}
