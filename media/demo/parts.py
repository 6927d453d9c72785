"""Parts that the demo city's scenes share: backgrounds, the seal, titles and lower thirds."""

import math
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw

from media.demo.stage import DemoStage, RunningDigits, Sprite, sprite, text_sprite
from media.palette import Colour

CITY = "City of Three Rivers"
WHITE: Colour = (255, 255, 255)


class DemoScene(Protocol):
    """A scene that can be filmed."""

    stage: DemoStage

    def draw(self, at: float) -> None:
        """Make the stage's frame what it is `at` seconds into the clip."""


def gradient(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    """Draw a still background from one colour to another."""
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    colours = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    return Image.fromarray(np.broadcast_to(colours, (height, width, 3)).astype(np.uint8))


def darker(colour: Colour, share: float) -> Colour:
    """Return the colour at this share of its brightness."""
    return round(colour[0] * share), round(colour[1] * share), round(colour[2] * share)


def strip(width: int, height: int, colour: Colour, cover: int, accent: Colour) -> Sprite:
    """Draw the bar of a lower third, with an accent at its left."""
    image = Image.new("RGBA", (width, height), (*colour, cover))
    ImageDraw.Draw(image).rectangle((0, 0, max(2, height // 12), height), fill=(*accent, 255))
    return sprite(image)


class Titles:
    """The clip's name and running time at the top."""

    def __init__(self, stage: DemoStage, name: str) -> None:
        size = max(10, stage.height // 24)
        self._stage, self._clock = stage, RunningDigits(size)
        self._name = text_sprite(name, size, WHITE)
        height = round(size * 1.7)
        self._bar = sprite(Image.new("RGBA", (stage.width, height), (10, 16, 26, 120)))
        self._left, self._top = stage.width * 0.05, stage.height * 0.05

    def lay(self, at: float) -> None:
        """Lay both on the stage."""
        self._stage.lay(self._bar, 0, self._top - self._bar.height * 0.2)
        self._stage.lay(self._name, self._left, self._top)
        self._clock.lay(self._stage, at, self._stage.width - self._left, self._top)


def seal(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour) -> None:
    """Draw the city's seal: three rivers in a ring."""
    thick = max(2, round(radius * 0.08))
    for share in (1.0, 0.86):
        box = (x - radius * share, y - radius * share, x + radius * share, y + radius * share)
        pen.ellipse(box, outline=colour, width=thick)
    for turn in (90, 210, 330):
        points = []
        for step in range(20):
            away = radius * 0.8 * step / 19
            angle = math.radians(turn) + 0.22 * math.sin(step / 19 * 6.3)
            points.append((x + away * math.cos(angle), y - away * math.sin(angle)))
        pen.line(points, fill=colour, width=thick * 2, joint="curve")
