"""A picture that shows what a video is about (in the child only)."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from media.colour import SCALER_NUMBERS, matrix_of
from media.formats import Family
from media.headers import open_local, shown_size, streams_of

LOOKED_AT_SHARES = (0.1, 0.3, 0.5, 0.0)
"""Places of a file to look at, as shares of its length."""
SAME_PICTURE_SECONDS = 0.004
"""Seconds by which containers round the time of a picture."""
DULL_SPREAD = 12.0
"""Standard deviation of brightness below which a picture is black, white or a plain card."""


LOOKED_AT_SECONDS = (0.0, 2.0, 5.0)
"""Places of a cut to look at, in seconds from its first picture."""


def telling_picture(path: Path, family: Family, first: float | None = None) -> Image.Image | None:
    """Return the first picture, of a few places, that is not dull; upright. None for sound alone.

    With `first`, in seconds from the first picture of the file, the places are that picture and
    some shortly after it.
    """
    best: tuple[float, Image.Image] | None = None
    with open_local(path, family) as source:
        picture = streams_of(source).picture
        if picture is None:
            return None
        picture.codec_context.thread_count = 1
        for image in _looked_at(source, picture, first):
            if image is None:
                continue
            spread = float(np.asarray(image.convert("L")).std())
            if best is None or spread > best[0]:
                best = spread, image
            if spread > DULL_SPREAD:
                break
    return best[1] if best is not None else None


def _looked_at(
    source: av.container.InputContainer, picture: VideoStream, first: float | None
) -> Iterator[Image.Image | None]:
    if first is None:
        for place in LOOKED_AT_SHARES:
            begin = (source.start_time or 0) + round((source.duration or 0) * place)
            yield _shown(_next(source, picture, begin), picture)
        return
    base = picture.time_base or Fraction(1)
    start = float((picture.start_time or 0) * base)
    for later in LOOKED_AT_SECONDS:
        at = start + first + later
        yield _shown(_next(source, picture, round(at * av.time_base), at), picture)


def _next(
    source: av.container.InputContainer, picture: VideoStream, begin: int, at: float | None = None
) -> av.VideoFrame | None:
    """Return the picture at the key picture before `begin`; with `at`, in seconds, the first one
    that is shown then or later.
    """
    try:
        source.seek(begin)
        for frame in source.decode(picture):
            if at is None or (frame.time or 0.0) >= at - SAME_PICTURE_SECONDS:
                return frame
    except av.FFmpegError:
        pass
    return None


def _shown(frame: av.VideoFrame | None, picture: VideoStream) -> Image.Image | None:
    if frame is None:
        return None
    width, height = shown_size(picture, 0)
    tall = max(2, 480 * height // max(1, width) // 2 * 2)
    matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)
    shown = frame.reformat(480, tall, "rgb24", src_colorspace=SCALER_NUMBERS.get(matrix, matrix))
    image = Image.fromarray(shown.to_ndarray())
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image
