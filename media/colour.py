"""The colours of the house: one matrix, which every picture is brought to and the stream names.

The house speaks BT.709, limited range, at every size: its slides and slates are drawn so, most of
what comes is so, and a picture that airs beside another must not change its red between them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

HOUSE_MATRIX = 1
"""BT.709, as ITU-T H.273 counts matrices (and primaries, and transfer curves)."""
BT601 = 6
OF_RGB = BT601
"""What libVLC and libav make of a picture that comes in RGB, such as a still."""
WEIGHTS = {
    HOUSE_MATRIX: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    BT601: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
"""What red and blue weigh in luma, for each matrix of H.273; green has the rest."""
SCALER = {HOUSE_MATRIX: "bt709", 4: "fcc", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""What libav's scaler calls a matrix; all others are `bt601` there."""
SCALER_NUMBERS = {6: 5, 10: 9}
"""And how it counts those that it counts otherwise than H.273."""
_RGB = 0
_LARGE = (1280, 577)


def matrix_of(tag: int, width: int, height: int) -> int:
    """The matrix of a picture of this stored size that is tagged so.

    One without a tag is taken for BT.709 from 1280 columns or 577 lines on, and for BT.601 below:
    mpv and VLC decide so, and a file looks on air as it did where staff watched it.
    """
    if tag == _RGB:
        return OF_RGB
    if tag in WEIGHTS:
        return tag
    return HOUSE_MATRIX if width >= _LARGE[0] or height >= _LARGE[1] else BT601


def limited(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """The picture as I420 of limited range and this size, in the matrix it came in."""
    full = int(frame.color_range) == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    came = ColorRange.JPEG if full else ColorRange.MPEG
    return frame.reformat(
        width, height, "yuv420p", src_color_range=came, dst_color_range=ColorRange.MPEG
    )


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """The planes of an I420 picture, as views of its memory."""
    planes = []
    for index, plane in enumerate(frame.planes):
        half = 1 if index == 0 else 2
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
        planes.append(rows[: frame.height // half, : frame.width // half])
    return planes


def in_house(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """A new picture, without a time, as I420 of the house's colours and this size (even sides).

    libav's scaler would go through RGB, which costs twice the time and two levels of luma.
    """
    shown = av.VideoFrame(width, height, "yuv420p")
    came = planes_of(limited(frame, width, height))
    planes = planes_of(shown)
    for plane, part in zip(planes, came, strict=True):
        plane[...] = part
    to_house(planes, matrix_of(int(frame.colorspace), frame.width, frame.height))
    return shown


def say_house(context: Any) -> None:
    """Have an encoder of libav name the house's colours in what it writes."""
    context.color_primaries = context.color_trc = context.colorspace = HOUSE_MATRIX
    context.color_range = ColorRange.MPEG


def to_house(planes: Sequence[Plane], matrix: int) -> None:
    """Bring I420 planes of limited range and even sides from `matrix` to the house's, in place.

    Example: BT.601's 85, 103, 202 becomes 73, 111, 202; both are the RGB (200, 30, 30). 4 ms at
    1920x1080 and 2.5 ms at 1280x720, of the 33 ms of a tick (one core, four others busy).
    """
    if WEIGHTS.get(matrix, WEIGHTS[HOUSE_MATRIX]) == WEIGHTS[HOUSE_MATRIX]:
        return
    luma, blue, red = planes
    lift, bluer, redder = _tables(matrix)
    pair = np.left_shift(blue, 8, dtype=np.uint16)
    pair |= red
    rows, columns = luma.shape
    pairs = luma.reshape(rows // 2, 2, columns)
    lifted = pairs + np.repeat(lift.take(pair), 2, axis=1)[:, None, :]
    np.clip(lifted, 0, 255, out=lifted)
    pairs[...] = lifted
    blue[...], red[...] = bluer.take(pair), redder.take(pair)


@cache
def _tables(matrix: int) -> tuple[NDArray[np.int16], Plane, Plane]:
    """For each pair of chroma values, 256 * blue + red: what luma gains, and the pair's new ones.

    A matrix and its inverse leave luma's own share as it is, so that chroma alone decides.
    """
    change = np.linalg.inv(_rgb_of(HOUSE_MATRIX)) @ _rgb_of(matrix)
    blue, red = np.meshgrid(np.arange(256) - 128.0, np.arange(256) - 128.0, indexing="ij")
    lift, bluer, redder = (change[row, 1] * blue + change[row, 2] * red for row in range(3))
    eight = [np.clip(np.rint(128 + part), 0, 255).astype(np.uint8) for part in (bluer, redder)]
    return np.rint(lift * 219 / 224).astype(np.int16).ravel(), eight[0].ravel(), eight[1].ravel()


def _rgb_of(matrix: int) -> NDArray[np.float64]:
    """From luma and chroma to red, green and blue (H.273, equations 38 to 40 turned round)."""
    red, blue = WEIGHTS[matrix]
    green = 1 - red - blue
    to_red, to_blue = 2 * (1 - red), 2 * (1 - blue)
    to_green = (-blue * to_blue / green, -red * to_red / green)
    return np.array([[1, 0, to_red], [1, *to_green], [1, to_blue, 0]])
