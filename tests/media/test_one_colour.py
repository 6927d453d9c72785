"""One red is one red: drawn, laid over, looked at and shown small, in the one matrix of the house.

What files and sources bring is in `tests/playout/engine/decks/test_colours.py`; what leaves the
machine, and the names in its stream, in `tests/air/test_colours.py`.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.colours import RED, RED_601, RED_601_FULL, RED_709, Flat, flat_clip, is_near

from config.names import HouseFormat
from media.graphics.layer import to_layer
from media.slides.i420 import to_i420
from media.thumbnail import telling_picture
from playout.engine.format.jpeg import jpeg
from playout.engine.links.ring import planes
from playout.engine.vlc.file_options import family_of

HOUSE = HouseFormat.parse("640x360@30000/1001")
RED_PICTURE = Image.new("RGB", (HOUSE.width, HOUSE.height), RED)


def triple(*planes_: Any) -> Any:
    return tuple(int(plane.flat[0]) for plane in planes_)


def is_red(image: Image.Image) -> bool:
    """Return whether a picture is RED in its middle, within what JPEG and rounding cost."""
    seen = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    return all(abs(one - right) <= 4 for one, right in zip(seen, RED, strict=True))  # type: ignore[arg-type]


def test_slides_and_slates_are_drawn_in_the_house_matrix() -> None:
    drawn = np.frombuffer(to_i420(RED_PICTURE), np.uint8)
    assert is_near(triple(*planes(drawn, HOUSE.width, HOUSE.height)), RED_709)


def test_graphics_are_drawn_in_the_house_matrix() -> None:
    layer = np.frombuffer(to_layer(RED_PICTURE), np.uint8)
    whole, quarter = HOUSE.width * HOUSE.height, HOUSE.width * HOUSE.height // 4
    blue = layer[2 * whole :][:quarter]
    red = layer[2 * whole + quarter :][:quarter]
    assert is_near(triple(layer[:whole], blue, red), RED_709)
    assert set(layer[whole : 2 * whole]) == {255}


def test_the_picture_on_the_desk_is_read_in_the_house_matrix() -> None:
    shown = jpeg(np.frombuffer(to_i420(RED_PICTURE), np.uint8), HOUSE)
    assert is_red(Image.open(io.BytesIO(shown)))


@pytest.mark.parametrize(
    "flat",
    [
        Flat(RED_709, (1280, 720), tag=1),
        Flat(RED_709, (1280, 720)),
        Flat(RED_709, (640, 480), tag=1),
        Flat(RED_601, (640, 480), tag=6),
        Flat(RED_601, (640, 480)),
        Flat(RED_601, (1280, 720), tag=5),
        Flat(RED_601_FULL, (640, 480), tag=5, pixels="yuvj420p"),
    ],
)
def test_the_small_picture_of_a_file_is_read_in_the_files_matrix(
    tmp_path: Path, flat: Flat
) -> None:
    path = flat_clip(tmp_path / "a.mp4", flat)
    family = family_of(str(path))
    assert family is not None
    shown = telling_picture(path, family)
    assert shown is not None and is_red(shown)
