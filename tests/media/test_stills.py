"""Stills: the same picture, however the file codes it."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.formats import FAMILIES
from media.stills import open_still, plain_copy

SIZE = (64, 48)
ORANGE, GREY = (200, 120, 40), (90, 90, 90)


def _png(mode, colour, **info):
    def write(path):
        Image.new(mode, SIZE, colour).save(path, format="PNG", **info)

    return write


def _jpeg(mode, colour):
    def write(path):
        Image.new(mode, SIZE, colour).save(path, format="JPEG", quality=95)

    return write


def _sixteen_bits(pixels, *channels):
    """Make a PNG of sixteen bits a channel; Pillow itself writes such files in grey only."""

    def write(path):
        deep = np.broadcast_to(np.array(channels, ">u2") * 257, (SIZE[1], SIZE[0], len(channels)))
        frame = av.VideoFrame(*SIZE, pixels)
        rows = np.frombuffer(frame.planes[0], np.uint8).reshape(SIZE[1], -1)
        flat = np.ascontiguousarray(deep).view(np.uint8).reshape(SIZE[1], -1)
        rows[:, : flat.shape[1]] = flat
        frame.pts = 0
        with av.open(str(path), "w", format="image2", options={"update": "1"}) as out:
            stream = out.add_stream("png", rate=1)
            stream.width, stream.height, stream.pix_fmt = *SIZE, pixels
            out.mux([*stream.encode(frame), *stream.encode(None)])

    return write


def _palette(path, **info):
    image = Image.new("P", SIZE, 1)
    image.putpalette([0, 0, 0, *ORANGE])
    image.save(path, format="PNG", **info)


CODED = {
    "grey of 16 bits": ("png", _png("I;16", 90 * 257), GREY),
    "grey and alpha of 16 bits": ("png", _sixteen_bits("ya16be", 180, 128), GREY),
    "colour of 16 bits": ("png", _sixteen_bits("rgb48be", *ORANGE), ORANGE),
    "colour and alpha of 16 bits": ("png", _sixteen_bits("rgba64be", *ORANGE, 255), ORANGE),
    "grey": ("png", _png("L", 90), GREY),
    "grey and alpha": ("png", _png("LA", (180, 128)), GREY),
    "black and white": ("png", _png("1", 1), (255, 255, 255)),
    "colour": ("png", _png("RGB", ORANGE), ORANGE),
    "colour and alpha": ("png", _png("RGBA", (*ORANGE, 128)), (100, 60, 20)),
    "a palette": ("png", _palette, ORANGE),
    "a palette of which one colour is clear": (
        "png", lambda path: _palette(path, transparency=1), (0, 0, 0),
    ),
    "a palette with alpha": (
        "png", lambda path: _palette(path, transparency=b"\xff\x80"), (100, 60, 20),
    ),
    "a colour that is clear": ("png", _png("RGB", ORANGE, transparency=ORANGE), (0, 0, 0)),
    "a grey that is clear": ("png", _png("L", 90, transparency=90), (0, 0, 0)),
    "JPEG in colour": ("jpeg", _jpeg("RGB", ORANGE), ORANGE),
    "JPEG in grey": ("jpeg", _jpeg("L", 90), GREY),
    "JPEG in four inks": ("jpeg", _jpeg("CMYK", (55, 135, 215, 0)), ORANGE),
}  # fmt: skip


@pytest.mark.parametrize("coded", CODED)
def test_a_still_has_its_colours_however_it_is_coded(tmp_path: Path, coded: str) -> None:
    name, write, shown = CODED[coded]
    family = next(known for known in FAMILIES if known.name == name)
    path, to = tmp_path / f"a.{name}", tmp_path / "copy.png"
    write(path)
    plain_copy(path, family, to)

    for picture in (open_still(path, family), Image.open(to)):
        assert picture.mode == "RGB"
        assert np.allclose(picture.getpixel((30, 20)), shown, atol=2)


def test_a_grey_of_16_bits_keeps_its_steps_when_turned_upright(tmp_path: Path) -> None:
    steps = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (48, 1))
    path, png = tmp_path / "a.png", next(known for known in FAMILIES if known.name == "png")
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(steps).save(path, exif=exif)
    shown = np.asarray(open_still(path, png))[20, :, 0]

    assert np.abs(shown[::-1].astype(int) - np.linspace(0, 255, 64)).max() <= 1
