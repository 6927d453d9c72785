"""Text drawn as full-screen pictures: bulletins and slates, legible across a room."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from media.typeset import Colour, TextBlock, fit_heading, fit_text

SAFE_SHARE = 0.05
"""Share of the picture at each side that a television may cut off."""
STYLES = ("plain", "notice", "urgent", "title")


class SlideText(Protocol):
    """The text of a page of the bulletin board; playout.model.rundown.Page is one."""

    @property
    def heading(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def style(self) -> str: ...


@dataclass(frozen=True)
class Palette:
    """The colours of one style: background from top to bottom, accent, and text."""

    top: Colour
    bottom: Colour
    accent: Colour
    heading: Colour = (255, 255, 255)
    body: Colour = (226, 233, 240)
    small: Colour = (160, 176, 192)


PLAIN = Palette((26, 52, 78), (12, 26, 42), (104, 184, 204))
NOTICE = Palette((70, 44, 22), (34, 22, 16), (245, 184, 76), body=(245, 236, 224))
URGENT = Palette(
    (132, 24, 28), (66, 10, 16), (255, 214, 90), body=(255, 240, 236), small=(236, 186, 182)
)
TITLE = Palette((38, 40, 74), (18, 18, 38), (150, 160, 230))
BAR_SHARES = {"notice": 0.012, "urgent": 0.016}
PALETTES = {"plain": PLAIN, "notice": NOTICE, "urgent": URGENT, "title": TITLE}


def _background(width: int, height: int, palette: Palette) -> Image.Image:
    """Draw a still gradient, dithered so that eight bits show no bands."""
    down = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    across = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :]
    share = np.clip(down * 0.85 + np.abs(across - 0.35) * 0.3, 0, 1)[:, :, None]
    top, bottom = (np.array(colour, np.float32) for colour in (palette.top, palette.bottom))
    noise = np.random.default_rng(1).random((height, width, 1), dtype=np.float32) - 0.5
    return Image.fromarray((top + (bottom - top) * share + noise + 0.5).astype(np.uint8))


def _sizes(height: int, largest: float, smallest: float) -> list[int]:
    """Return falling font sizes between two shares of the picture's height."""
    first, last = round(height * largest), max(8, round(height * smallest))
    step = max(1, round(height * 0.004))
    return [*range(first, last, -step), last]


def _foot(canvas: Image.Image, palette: Palette, station: str, now_text: str) -> int:
    """Draw the station's name and the time, small, above the lower margin; return the y above
    them."""
    width, height = canvas.size
    left, bottom = round(width * SAFE_SHARE), round(height * (1 - SAFE_SHARE))
    if not station and not now_text:
        return bottom
    small = _sizes(height, 0.038, 0.026)
    line = fit_text(station or " ", round(width * 0.62), round(height * 0.06), small)
    top = bottom - round(height * 0.052)
    ImageDraw.Draw(canvas).line(
        (left, top - height // 90, width - left, top - height // 90),
        fill=_between(palette.bottom, palette.small, 0.35),
        width=max(1, height // 360),
    )
    if station:
        line.draw(canvas, left, top, palette.small)
    if now_text:
        clock = fit_text(now_text, round(width * 0.25), round(height * 0.06), small)
        clock.draw(canvas, width - left - clock.width, top, palette.small)
    return top - height // 22


def _between(one: Colour, other: Colour, share: float) -> Colour:
    mixed = [round(a + (b - a) * share) for a, b in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def bulletin(
    heading: str,
    body: str,
    style: str,
    width: int,
    height: int,
    station: str = "",
    now_text: str = "",
) -> Image.Image:
    """Draw a page of the board in one of STYLES; an unknown style is plain."""
    palette = PALETTES.get(style, PLAIN)
    canvas = _background(width, height, palette)
    floor = _foot(canvas, palette, station, now_text)
    if style == "title":
        _centred(canvas, palette, heading, body, floor)
        return canvas
    ceiling, left = round(height * (SAFE_SHARE + 0.025)), round(width * (SAFE_SHARE + 0.03))
    room, inner = floor - ceiling, width - left - round(width * (SAFE_SHARE + 0.02))
    head = fit_heading(heading, inner, round(room * 0.33), _sizes(height, 0.115, 0.06))
    gap = round(height * 0.06) if heading.strip() and body.strip() else 0
    text = fit_text(body, inner, room - head.height - 2 * gap, _sizes(height, 0.078, 0.036))
    spare = room - head.height - text.height - 2 * gap
    top = ceiling + round(max(0, spare) * 0.38)
    _bar(canvas, palette, top, top + head.height + text.height + 2 * gap, style)
    top = head.draw(canvas, left, top, palette.heading)
    if gap:
        _rule(canvas, palette, left, top + gap // 2 + gap // 4, round(width * 0.12))
    text.draw(canvas, left, top + 2 * gap - gap // 4, palette.body)
    return canvas


def _bar(canvas: Image.Image, palette: Palette, top: int, bottom: int, style: str) -> None:
    """Draw the accent left of the text; the broader it is, the more urgent the page."""
    width, height = canvas.size
    left, thick = round(width * SAFE_SHARE), round(width * (BAR_SHARES.get(style, 0.005)))
    lift = height // 80
    ImageDraw.Draw(canvas).rounded_rectangle(
        (left, top - lift, left + thick, bottom + lift), radius=thick / 2, fill=palette.accent
    )


def _rule(canvas: Image.Image, palette: Palette, left: int, y: int, length: int) -> None:
    thick = max(2, canvas.height // 160)
    ImageDraw.Draw(canvas).rectangle((left, y, left + length, y + thick - 1), fill=palette.accent)


def _centred(canvas: Image.Image, palette: Palette, heading: str, body: str, floor: int) -> None:
    """Draw a large heading in the middle, a short rule, and a line or two beneath."""
    width, height = canvas.size
    left, ceiling = round(width * (SAFE_SHARE + 0.05)), round(height * (SAFE_SHARE + 0.03))
    inner, room = width - 2 * left, floor - ceiling
    head = fit_heading(heading, inner, round(room * 0.6), _sizes(height, 0.13, 0.06))
    gap = round(height * 0.05)
    space = room - head.height - 2 * gap
    text: TextBlock = fit_text(body, inner, space, _sizes(height, 0.065, 0.036), balance=True)
    used = head.height + 2 * gap + text.height
    top = ceiling + round(max(0, room - used) * 0.46)
    top = head.draw(canvas, left, top, palette.heading, centred_in=inner)
    rule = round(width * 0.1)
    _rule(canvas, palette, (width - rule) // 2, top + gap - gap // 8, rule)
    text.draw(canvas, left, top + 2 * gap, palette.body, centred_in=inner)


def slate(text: str, width: int, height: int, station: str = "") -> Image.Image:
    """Draw the picture for when nothing else airs: one calm sentence."""
    return bulletin(text or station or "We will be right back", "", "title", width, height, station)


def render(
    page_or_text: SlideText | str,
    width: int,
    height: int,
    *,
    station: str = "",
    now_text: str = "",
) -> Image.Image:
    """Draw a page in its style, or bare text as a slate."""
    if isinstance(page_or_text, str):
        return slate(page_or_text, width, height, station)
    page = page_or_text
    return bulletin(page.heading, page.body, page.style, width, height, station, now_text)


def to_i420(image: Image.Image) -> bytes:
    """Return the picture as planar 4:2:0, BT.709, limited range, as the bus shows it. Even sizes
    only.
    """
    rgb = np.asarray(image.convert("RGB"), np.float32)
    red, green, blue = rgb[:, :, 0], rgb[:, :, 1], rgb[:, :, 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    half = rgb.reshape(rgb.shape[0] // 2, 2, rgb.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    grey = half @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    blueness = (half[:, :, 2] - grey) / 1.8556
    redness = (half[:, :, 0] - grey) / 1.5748
    planes = [16 + luma * (219 / 255), 128 + blueness * (224 / 255), 128 + redness * (224 / 255)]
    return b"".join(_bytes(plane) for plane in planes)


def _bytes(plane: NDArray[np.float32]) -> bytes:
    whole: NDArray[np.uint8] = np.clip(plane + 0.5, 0, 255).astype(np.uint8)
    return bytes(whole.tobytes())
