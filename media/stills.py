"""Still pictures: checked, turned upright and written as a plain PNG (in the child only)."""

import io
from datetime import timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from config.names import AssetKey
from media.asset import AssetFacts, Problem
from media.formats import Family, FormatError

MOST_PIXELS = 60_000_000
LARGEST = (1920, 1080)
LAYERS = ("png", "jpeg")
"""Families of pictures that may lie over others, such as a logo."""
THUMBNAIL = (320, 180)


def open_still(path: Path, family: Family) -> Image.Image:
    """Return the decoded picture, upright, in RGB, on black where it is clear. Raises
    FormatError.
    """
    layer = open_layer(path, family)
    if layer.mode == "RGB":
        return layer
    flat = Image.new("RGBA", layer.size, (0, 0, 0, 255))
    return Image.alpha_composite(flat, layer).convert("RGB")


def open_layer(path: Path, family: Family) -> Image.Image:
    """Return the decoded picture, upright, in RGBA where a part of it is clear, else in RGB.

    Raises FormatError.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    try:
        with Image.open(path, formats=[family.name.upper()]) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise FormatError("The picture is larger than 60 megapixels.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FormatError("The picture is damaged or was cut off.") from error
    if upright.mode.startswith("I"):
        upright = _in_eight_bits(upright)
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def _in_eight_bits(grey: Image.Image) -> Image.Image:
    """Return a 16-bit grey picture in eight bits; Pillow's `convert` would clip almost all of it to
    white.
    """
    return Image.fromarray((np.asarray(grey, np.float32) / 257 + 0.5).astype(np.uint8))


def still_facts(path: Path, family: Family, key: AssetKey) -> AssetFacts:
    """Return the facts of a still. Raises FormatError."""
    image = open_still(path, family)
    small = image.width < 640 or image.height < 360
    problems = (Problem("warning", "The picture is small and will look soft."),) if small else ()
    return AssetFacts(
        key, family.suffixes[0], path.stat().st_size, family.name, length=timedelta(0), rate=None,
        width=image.width, height=image.height, interlaced=False, variable_rate=False,
        video_codec=family.name, audio_codec="", channels=0, sample_rate=0, loudness=None,
        gain_db=0.0, has_picture=True, has_sound=False, captions=False, decode_speed=None,
        problems=problems,
    )  # fmt: skip


def plain_copy(path: Path, family: Family, to: Path) -> None:
    """Write the pixels again as a PNG of at most 1920 by 1080, without anything else of the
    file."""
    _write_plain(open_still(path, family), to)


def layer_copy(path: Path, family: Family, to: Path) -> None:
    """Write the same as `plain_copy`, but keep what is clear. Raises FormatError for a file that is
    no PNG or JPEG.
    """
    if family.name not in LAYERS:
        raise FormatError("Use a PNG or JPEG picture; a PNG may be clear around the drawing.")
    _write_plain(open_layer(path, family), to)


def _write_plain(image: Image.Image, to: Path) -> None:
    image.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    image.save(to, format="PNG", compress_level=1)


def jpeg_thumbnail(image: Image.Image) -> bytes:
    """Return a small JPEG of a picture."""
    small = image.convert("RGB")
    small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
    held = io.BytesIO()
    small.save(held, format="JPEG", quality=82)
    return held.getvalue()
