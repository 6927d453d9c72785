"""A stage for drawing moving pictures cheaply: a still background and small sprites upon it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from media.palette import Colour
from media.slides.i420 import to_i420
from media.typeset import font

Plane = NDArray[np.uint8]
OVERSAMPLING = 3
"""Factor by which shapes are drawn larger and then reduced, for smooth edges."""


@dataclass(frozen=True)
class Sprite:
    """A small picture with soft edges, ready to be laid on a frame."""

    planes: tuple[NDArray[np.uint16], ...]
    """Luma and the two colour planes, each already multiplied by its opacity."""
    clear: tuple[NDArray[np.uint16], ...]
    """For luma and colour: 256 where the background shows through, 0 where it does not."""

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.planes[0].shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.planes[0].shape[0])


def sprite(image: Image.Image) -> Sprite:
    """Make a sprite of an RGBA picture; odd sizes gain a clear row or column."""
    width, height = image.width + image.width % 2, image.height + image.height % 2
    even = Image.new("RGBA", (width, height))
    even.paste(image, (0, 0))
    raw = np.frombuffer(to_i420(even.convert("RGB")), np.uint8)
    luma = raw[: width * height].reshape(height, width)
    half = raw[width * height :].reshape(2, height // 2, width // 2)
    cover = np.asarray(even.getchannel("A"), np.uint16)
    cover = cover + (cover >> 7)
    small = (cover.reshape(height // 2, 2, width // 2, 2).sum(axis=(1, 3)) // 4).astype(np.uint16)
    planes = (luma * cover, half[0] * small, half[1] * small)
    return Sprite(planes, (256 - cover, 256 - small))


class DemoStage:
    """One scene: a background, and the frame being drawn on it."""

    def __init__(self, background: Image.Image) -> None:
        self.width, self.height = background.size
        self._base = self._planes(to_i420(background))
        self.frame = np.empty((self.height * 3 // 2, self.width), np.uint8)
        self._work = self._views(self.frame)
        for work, base in zip(self._work, self._base, strict=True):
            work[:] = base
        self._dirty: list[tuple[int, int, int, int]] = []

    def _planes(self, raw: bytes) -> tuple[Plane, ...]:
        return self._views(np.frombuffer(raw, np.uint8).reshape(-1, self.width))

    def _views(self, frame: Plane) -> tuple[Plane, ...]:
        """Return the three planes of a frame, as views of its memory."""
        flat, luma, half = frame.reshape(-1), self.width * self.height, self.width // 2
        colour = flat[luma:].reshape(2, self.height // 2, half)
        return flat[:luma].reshape(self.height, self.width), colour[0], colour[1]

    def clear(self) -> None:
        """Begin the next frame: restore the background wherever something was laid."""
        for top, bottom, left, right in self._dirty:
            for number, (work, base) in enumerate(zip(self._work, self._base, strict=True)):
                part = _part(top, bottom, left, right, number > 0)
                work[part] = base[part]
        self._dirty.clear()

    def lay(self, item: Sprite, x: float, y: float) -> None:
        """Lay a sprite with its corner at (x, y); what falls outside is cut off."""
        left, top = round(x) & ~1, round(y) & ~1
        first_x, first_y = max(0, -left), max(0, -top)
        right, bottom = min(self.width, left + item.width), min(self.height, top + item.height)
        left, top = max(0, left), max(0, top)
        if right <= left or bottom <= top:
            return
        self._dirty.append((top, bottom, left, right))
        for number, (work, plane) in enumerate(zip(self._work, item.planes, strict=True)):
            part = _part(top, bottom, left, right, number > 0)
            begin = _part(
                first_y, first_y + bottom - top, first_x, first_x + right - left, number > 0
            )
            below = work[part]
            work[part] = (below * item.clear[min(number, 1)][begin] + plane[begin]) >> 8


def _part(top: int, bottom: int, left: int, right: int, colour: bool) -> tuple[slice, slice]:
    if colour:
        top, bottom, left, right = top // 2, bottom // 2, left // 2, right // 2
    return slice(top, bottom), slice(left, right)


def text_sprite(text: str, size: int, colour: Colour, *, bold: bool = False) -> Sprite:
    """Draw one line of text."""
    face = font(size, bold)
    image = Image.new(
        "RGBA", (max(2, round(face.getlength(text)) + 2), round(size * 1.3)), (*colour, 0)
    )
    ImageDraw.Draw(image).text(
        (0, image.height / 2), text, font=face, fill=(*colour, 255), anchor="lm"
    )
    return sprite(image)


def disc(radius: float, colour: Colour, cover: int = 255) -> Sprite:
    """Draw a filled circle."""
    side = max(2, round(radius * 2))
    large = Image.new("RGBA", (side * OVERSAMPLING, side * OVERSAMPLING), (*colour, 0))
    ImageDraw.Draw(large).ellipse(
        (0, 0, side * OVERSAMPLING - 1, side * OVERSAMPLING - 1), fill=(*colour, cover)
    )
    return sprite(large.resize((side, side), Image.Resampling.BOX))


class RunningDigits:
    """Running digits: minutes, seconds and frames of the clip's own time."""

    def __init__(self, size: int, colour: Colour = (255, 255, 255)) -> None:
        self._glyphs = {letter: text_sprite(letter, size, colour) for letter in "0123456789:."}
        self._step = self._glyphs["0"].width

    def lay(self, stage: DemoStage, seconds: float, right: float, y: float) -> None:
        """Lay the time with its right edge at `right`."""
        words = f"{int(seconds) // 60:02}:{int(seconds) % 60:02}.{int(seconds * 10) % 10}"
        x = right - sum(self._wide(letter) for letter in words)
        for letter in words:
            stage.lay(self._glyphs[letter], x, y)
            x += self._wide(letter)

    def _wide(self, letter: str) -> int:
        """Return a letter's width. All digits are equally wide, so the time does not jitter."""
        return self._step if letter.isdigit() else self._glyphs[letter].width
