"""A picture that shows what a video is about (in the child only)."""

from itertools import islice
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
DULL_SPREAD = 12.0
"""Standard deviation of brightness below which a picture is black, white or a plain card."""


def telling_picture(path: Path, family: Family) -> Image.Image | None:
    """Return the first picture, of a few places, that is not dull; upright. None for sound
    alone."""
    best: tuple[float, Image.Image] | None = None
    with open_local(path, family) as source:
        picture = streams_of(source).picture
        if picture is None:
            return None
        picture.codec_context.thread_count = 1
        for place in LOOKED_AT_SHARES:
            image = _at(source, picture, place)
            if image is None:
                continue
            spread = float(np.asarray(image.convert("L")).std())
            if best is None or spread > best[0]:
                best = spread, image
            if spread > DULL_SPREAD:
                break
    return best[1] if best is not None else None


def _at(
    source: av.container.InputContainer, picture: VideoStream, place: float
) -> Image.Image | None:
    begin = (source.start_time or 0) + round((source.duration or 0) * place)
    try:
        source.seek(begin)
        frame = next(islice(source.decode(picture), 1), None)
    except av.FFmpegError:
        return None
    if frame is None:
        return None
    width, height = shown_size(picture, 0)
    tall = max(2, 480 * height // max(1, width) // 2 * 2)
    matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)
    shown = frame.reformat(480, tall, "rgb24", src_colorspace=SCALER_NUMBERS.get(matrix, matrix))
    image = Image.fromarray(shown.to_ndarray())
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image
