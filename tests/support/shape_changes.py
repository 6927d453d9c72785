"""Files whose picture shape changes midway, and the area of the screen that they fill."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from support.marks import Mark, draw_mark

RATE = Fraction(30000, 1001)
BRIGHT = 180


@dataclass(frozen=True)
class ShapePart:
    """A stretch of pictures of one shape, bright to every edge.

    With an ident they carry marks, numbered through all parts of the file.
    """

    size: tuple[int, int]
    sar: Fraction = Fraction(1)
    frames: int = 45
    woven: bool = False
    tag: int = 1
    codec: str = "libx264"
    ident: int | None = None


def _part(path: Path, part: ShapePart, first: int) -> None:
    options = {"g": "15"} if part.codec == "mpeg2video" else {"preset": "ultrafast", "g": "15"}
    if part.woven:
        options |= {"x264-params": "interlaced=1"}
    with av.open(str(path), "w", format="mpegts") as out:
        stream: Any = out.add_stream(part.codec, rate=RATE, options=options)
        stream.width, stream.height = part.size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.sample_aspect_ratio, context.colorspace = part.sar, part.tag
        context.max_b_frames = 0
        planes = np.full((part.size[1] * 3 // 2, part.size[0]), 128, np.uint8)
        planes[: part.size[1]] = BRIGHT
        for number in range(part.frames):
            if part.ident is not None:
                mark = Mark(part.ident, first + number)
                planes[: part.size[1]] = draw_mark(mark, *part.size)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts = first + number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def shape_shifter(path: Path, parts: Sequence[ShapePart]) -> Path:
    """Write a transport stream in which one part follows the other without a break."""
    first, whole = 0, b""
    for part in parts:
        _part(path, part, first)
        whole, first = whole + path.read_bytes(), first + part.frames
    path.write_bytes(whole)
    return path


def bright_box(luma: NDArray[np.uint8]) -> tuple[float, float]:
    """Return how much of the width and of the height is picture rather than bars."""
    bright = luma > BRIGHT // 2
    rows, columns = np.nonzero(bright.any(axis=1))[0], np.nonzero(bright.any(axis=0))[0]
    if not len(rows):
        return 0.0, 0.0
    height, width = luma.shape
    return (columns[-1] - columns[0] + 1) / width, (rows[-1] - rows[0] + 1) / height


def boxes_of(path: Path) -> list[tuple[float, float]]:
    """Return the part of the screen that each picture of a file fills, in order."""
    with av.open(str(path)) as source:
        frames = source.decode(video=0)
        return [bright_box(frame.to_ndarray(format="gray")) for frame in frames]
