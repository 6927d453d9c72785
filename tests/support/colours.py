"""Clips of one flat colour in any coding and tagging, and the colour that aired."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE = Fraction(30000, 1001)
RED = (200, 30, 30)
RED_709, RED_601, RED_601_FULL = (73, 111, 202), (85, 103, 202), (81, 99, 213)
"""The RGB colour RED as luma and chroma, by ITU-R BT.709 and BT.601, and by JPEG."""
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Flat:
    """The coding of pictures of one colour."""

    colour: Colour
    size: tuple[int, int] = (720, 480)
    tag: int = 2
    """The matrix it names, by H.273; 2 names none."""
    pixels: str = "yuv420p"
    codec: str = "libx264"


def flat_picture(flat: Flat) -> av.VideoFrame:
    """Return one picture of that colour."""
    (width, height), (luma, blue, red) = flat.size, flat.colour
    planes = np.full((height * 3 // 2, width), luma, np.uint8)
    chroma = planes[height:].reshape(2, -1)
    chroma[0], chroma[1] = blue, red
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    if flat.pixels != "yuv420p":
        frame = av.VideoFrame.from_ndarray(planes, format="yuvj420p")
    frame.colorspace = flat.tag
    return frame


def flat_clip(path: Path, flat: Flat, frames: int = 30) -> Path:
    """Write a silent clip of that colour."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(flat.codec, rate=RATE)
        stream.width, stream.height = flat.size
        stream.pix_fmt = flat.pixels
        stream.codec_context.colorspace = flat.tag
        for number in range(frames):
            frame = flat_picture(flat)
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def colour_at(planes: Sequence[NDArray[np.uint8]]) -> Colour:
    """Return the colour in the middle of an I420 picture."""
    luma, blue, red = (int(plane[len(plane) // 2, plane.shape[1] // 2]) for plane in planes)
    return luma, blue, red


def colours_of(path: Path) -> tuple[list[Colour], tuple[int, int, int]]:
    """Return the colour in the middle of every picture of a stream, and the primaries, transfer
    curve and matrix that the stream names (H.273).
    """
    seen = []
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            half = frame.height // 2, frame.width // 2
            planes = frame.to_ndarray(format="yuv420p").reshape(-1)
            luma, quarter = frame.height * frame.width, half[0] * half[1]
            seen.append(
                colour_at(
                    (
                        planes[:luma].reshape(frame.height, frame.width),
                        planes[luma : luma + quarter].reshape(half),
                        planes[luma + quarter :].reshape(half),
                    )
                )
            )
        context: Any = source.streams.video[0].codec_context
        return seen, (context.color_primaries, context.color_trc, context.colorspace)


def is_near(one: Colour, other: Colour, apart: int = 2) -> bool:
    """Return whether two colours are alike within the rounding of two codings."""
    return all(abs(a - b) <= apart for a, b in zip(one, other, strict=True))
