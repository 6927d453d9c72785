"""A still of the demo city: a park in the evening, drawn by code."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Field = NDArray[np.float32]
SIZE = 1600, 900
SKY = ((58, 92, 142), (240, 196, 150))
RIDGES = (
    (0.47, 0.07, (132, 150, 164)),
    (0.55, 0.06, (92, 124, 124)),
    (0.64, 0.05, (58, 98, 84)),
    (0.74, 0.035, (34, 70, 52)),
)
"""Height, swing and colour of each ridge, from far to near, as shares of the height."""
RIVER = 0.8


def park() -> Image.Image:
    """Draw hills, a low sun, a river that mirrors them, and firs on the near bank."""
    width, height = SIZE
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    picture = _sky(across, down)
    for number, (base, swing, colour) in enumerate(RIDGES):
        line = base - swing * _ridge(across, number)
        cover = np.clip((down - line) * height / 2, 0, 1)[:, :, None]
        depth = np.clip((down - line) * 3, 0, 0.5)[:, :, None]
        picture = picture * (1 - cover) + np.array(colour, np.float32) * (1 - depth) * cover
    image = Image.fromarray(np.clip(_river(picture, down), 0, 255).astype(np.uint8))
    _firs(image)
    return image


def _sky(across: Field, down: Field) -> Field:
    top, low = (np.array(colour, np.float32) for colour in SKY)
    share = np.clip(down / 0.55, 0, 1)[:, :, None]
    sky = top + (low - top) * share + np.zeros((1, across.shape[1], 1), np.float32)
    away = np.hypot((across - 0.66) * 16 / 9, down - 0.4)
    glow = np.exp(-away * 5)[:, :, None] * np.array((90, 70, 30), np.float32)
    sun = np.clip((0.052 - away) * 240, 0, 1)[:, :, None]
    lit: Field = (sky + glow) * (1 - sun) + np.array((255, 238, 196), np.float32) * sun
    return lit


def _ridge(across: Field, seed: int) -> Field:
    chance = np.random.default_rng(seed + 11)
    waves = [
        np.sin(across * math.tau * turns + chance.uniform(0, math.tau)) / turns
        for turns in (0.8, 1.7, 3.1, 7.3)
    ]
    return np.asarray(sum(waves), np.float32) * 0.6


def _river(picture: Field, down: Field) -> Field:
    """Mirror what is above the river in it, darker and drawn out across."""
    height = picture.shape[0]
    bank = round(height * RIVER)
    rows = np.clip(2 * bank - np.arange(bank, height) - 8, 0, height - 1)
    mirrored = picture[rows]
    blurred = np.mean([np.roll(mirrored, by, axis=1) for by in range(-24, 25, 6)], axis=0)
    water = blurred * 0.62 + np.array((14, 30, 52), np.float32)
    ripple = 7 * np.sin(down[bank:] * 900) * np.linspace(0.3, 1, height - bank)[:, None]
    whole: Field = picture.copy()
    whole[bank:] = water + ripple[:, :, None]
    return whole


def _firs(image: Image.Image) -> None:
    """Draw a stand of firs at the left and a few at the right, with soft edges."""
    width, height = image.size
    layer = Image.new("L", (width, height), 0)
    pen, chance = ImageDraw.Draw(layer), np.random.default_rng(5)
    places = [*np.linspace(-0.02, 0.24, 12), *np.linspace(0.86, 1.02, 7)]
    for place in places:
        x = width * (place + chance.uniform(-0.008, 0.008))
        foot = height * (RIVER + 0.015 + chance.uniform(0, 0.02))
        tall = height * chance.uniform(0.16, 0.34)
        for level in range(7):
            top, half = foot - tall * (1 - level / 8), tall * (0.05 + 0.028 * level)
            pen.polygon([(x, top), (x - half, top + tall * 0.22), (x + half, top + tall * 0.22)],
                        fill=255)  # fmt: skip
    bank = [(0, height * RIVER), (width * 0.3, height * (RIVER + 0.012)), (0, height * 0.9)]
    pen.polygon(bank, fill=255)
    pen.polygon([(width, height * RIVER), (width * 0.8, height * (RIVER + 0.012)),
                 (width, height * 0.88)], fill=255)  # fmt: skip
    soft = layer.filter(ImageFilter.GaussianBlur(1.2))
    image.paste(Image.new("RGB", image.size, (16, 34, 30)), (0, 0), soft)
