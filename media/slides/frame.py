"""The frame of every slide: background, foot, accents, and text set into its safe area."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from media.palette import Palette, between
from media.slides.content import (
    SAFE_SHARE,
    SMALLEST_FOOT,
    SMALLEST_TEXT,
    DrawnSlide,
    Look,
    Size,
    SlideContent,
)
from media.typeset import TextBlock, fit_heading, fit_text

BAR_SHARES = {"notice": 0.012, "urgent": 0.016}
"""Width of the accent beside the text; the broader it is, the more urgent the page."""


UPPER_ZONE_BOTTOM, LOWER_ZONE_TOP = 0.155, 0.73
"""Where the zones end in which a clock or bug lies over the slide, as shares of the height."""


@dataclass(frozen=True)
class SlideBox:
    """A rectangle of the slide, in pixels; right and bottom lie outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top


class Frame:
    """A slide that is being drawn: its canvas, the box for its content, and what was noticed."""

    def __init__(self, slide: SlideContent, look: Look, size: Size) -> None:
        self.look, self.style = look, slide.style
        self.palette = look.palette(slide.style)
        self.width, self.height = size
        self.canvas = background(*size, self.palette)
        self.cut, self.fine_code, self._sizes_used = False, False, [0]
        aloft, ceiling = self._header()
        floor = self._foot("" if aloft else look.now_text)
        if any(corner.startswith("bottom") for corner in look.clear):
            floor = min(floor, round(self.height * LOWER_ZONE_TOP))
        self.box = SlideBox(
            round(self.width * (SAFE_SHARE + 0.03)),
            ceiling,
            round(self.width * (1 - SAFE_SHARE - 0.02)),
            floor,
        )

    def drawn(self) -> DrawnSlide:
        """Return the finished slide."""
        used = [size for size in self._sizes_used if size]
        return DrawnSlide(self.canvas, self.cut, min(used, default=0), self.fine_code)

    def sizes(self, largest: float, smallest: float = SMALLEST_TEXT) -> list[int]:
        """Return falling font sizes between two shares of the picture's height."""
        first, last = round(self.height * largest), max(8, round(self.height * smallest))
        step = max(1, round(self.height * 0.004))
        return [*range(first, last, -step), last]

    def heading(self, text: str, width: int, height: int, largest: float = 0.115) -> TextBlock:
        """Set a heading into a box of this size."""
        sizes = self.sizes(largest, min(0.06, largest))
        return fit_heading(text, width, height, sizes, face=self.look.face)

    def text(
        self,
        text: str,
        width: int,
        height: int,
        largest: float = 0.078,
        *,
        bold: bool = False,
        balance: bool = False,
    ) -> TextBlock:
        """Set text into a box of this size."""
        sizes = self.sizes(largest)
        return fit_text(text, width, height, sizes, bold=bold, balance=balance, face=self.look.face)

    def note(self, *blocks: TextBlock) -> None:
        """Note how well these texts fit."""
        self.cut = self.cut or any(block.cut for block in blocks)
        self._sizes_used += [block.size for block in blocks if block.lines]

    def rule(self, left: int, y: int, length: int) -> None:
        """Draw the short accent line below a heading."""
        thick = max(2, self.height // 160)
        pen = ImageDraw.Draw(self.canvas)
        pen.rectangle((left, y, left + length, y + thick - 1), fill=self.palette.accent)

    def bar(self, top: int, bottom: int) -> None:
        """Draw the accent at the left margin; none beside nothing."""
        if bottom <= top:
            return
        left = round(self.width * SAFE_SHARE)
        thick, lift = round(self.width * BAR_SHARES.get(self.style, 0.005)), self.height // 80
        ImageDraw.Draw(self.canvas).rounded_rectangle(
            (left, top - lift, left + thick, bottom + lift),
            radius=thick / 2,
            fill=self.palette.accent,
        )

    def line(self, left: int, right: int, y: int) -> None:
        """Draw a thin line across, as between two rows."""
        colour = between(self.palette.bottom, self.palette.small, 0.35)
        thick = max(1, self.height // 360)
        ImageDraw.Draw(self.canvas).line((left, y, right, y), fill=colour, width=thick)

    def paste(self, picture: Image.Image, box: SlideBox, *, fill: bool = False) -> SlideBox:
        """Lay a picture into the box, whole and centred, or with `fill` cut to cover it; return
        where it lies.
        """
        across, down = box.width / picture.width, box.height / picture.height
        scale = max(across, down) if fill else min(across, down)
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        shown = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        if fill:
            left, top = (shown.width - box.width) // 2, (shown.height - box.height) // 2
            shown = shown.crop((left, top, left + box.width, top + box.height))
        left = box.left + (box.width - shown.width) // 2
        top = box.top + (box.height - shown.height) // 2
        self.canvas.paste(shown, (left, top), shown)
        return SlideBox(left, top, left + shown.width, top + shown.height)

    def _header(self) -> tuple[bool, int]:
        """Leave a zone for what lies in an upper corner, and draw the date beside it; return
        whether it is there, and the y below.
        """
        corners = [corner for corner in self.look.clear if corner.startswith("top")]
        if not corners:
            return False, round(self.height * (SAFE_SHARE + 0.025))
        margin, line = round(self.width * SAFE_SHARE), round(self.height * UPPER_ZONE_BOTTOM)
        self.line(margin, self.width - margin, line)
        below = line + round(self.height * 0.03)
        if len(corners) > 1 or not self.look.now_text:
            return False, below
        sizes, face = self.sizes(0.045, SMALLEST_TEXT), self.look.face
        room = round(self.width * 0.6), round(self.height * 0.08)
        date = fit_text(self.look.now_text, *room, sizes, face=face)
        left = margin if corners[0] == "top right" else self.width - margin - date.width
        middle = (self.height * SAFE_SHARE + line) / 2
        date.draw(self.canvas, left, round(middle - date.height / 2), self.palette.body)
        return True, below

    def _foot(self, clock: str) -> int:
        """Draw the station's name and the time above the lower margin; return the y above them."""
        left, bottom = round(self.width * SAFE_SHARE), round(self.height * (1 - SAFE_SHARE))
        station = self.look.station
        if not station and not clock:
            return bottom
        sizes, high = self.sizes(0.038, SMALLEST_FOOT), round(self.height * 0.06)
        face, small = self.look.face, self.palette.small
        top = bottom - round(self.height * 0.052)
        self.line(left, self.width - left, top - self.height // 90)
        if station:
            line = fit_text(station, round(self.width * 0.62), high, sizes, face=face)
            line.draw(self.canvas, left, top, small)
        if clock:
            time = fit_text(clock, round(self.width * 0.25), high, sizes, face=face)
            time.draw(self.canvas, self.width - left - time.width, top, small)
        return top - self.height // 22


def background(width: int, height: int, palette: Palette) -> Image.Image:
    """Draw a still gradient, dithered so that eight bits show no bands."""
    down = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    across = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :]
    share = np.clip(down * 0.85 + np.abs(across - 0.35) * 0.3, 0, 1)[:, :, None]
    top, bottom = (np.array(colour, np.float32) for colour in (palette.top, palette.bottom))
    noise = np.random.default_rng(1).random((height, width, 1), dtype=np.float32) - 0.5
    mixed = np.clip(top + (bottom - top) * share + noise + 0.5, 0, 255)
    return Image.fromarray(mixed.astype(np.uint8))
