"""The colours of the house format: one matrix, to which every picture is converted.

The house format is BT.709, limited range, at every size. Slides and slates are drawn so, most
material is so, and a red must not change between two pictures that air side by side.
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
"""BT.709, as ITU-T H.273 numbers matrices (and primaries, and transfer curves)."""
BT601 = 6
OF_RGB = BT601
"""The matrix that libVLC and libav use for a picture that is RGB, such as a still."""
WEIGHTS = {
    HOUSE_MATRIX: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    BT601: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
"""Weights of red and blue in luma, for each matrix of H.273; green has the rest."""
SCALER = {HOUSE_MATRIX: "bt709", 4: "fcc", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""Names of matrices in libav's scaler; it calls every other one `bt601`."""
SCALER_NUMBERS = {6: 5, 10: 9}
"""Numbers of matrices that libav's scaler numbers differently from H.273."""
_RGB = 0
_LARGE = (1280, 577)


def matrix_of(tag: int, width: int, height: int) -> int:
    """Return the colour matrix of a picture with this tag and stored size.

    A picture without a tag counts as BT.709 from 1280 columns or 577 lines on, and as BT.601 below.
    mpv and VLC decide the same way, so a file looks on air as it did where staff watched it.
    """
    if tag == _RGB:
        return OF_RGB
    if tag in WEIGHTS:
        return tag
    return HOUSE_MATRIX if width >= _LARGE[0] or height >= _LARGE[1] else BT601


def limited(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """Return the picture as I420 in limited range and this size, still in its own matrix."""
    full = int(frame.color_range) == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    came = ColorRange.JPEG if full else ColorRange.MPEG
    return frame.reformat(
        width, height, "yuv420p", src_color_range=came, dst_color_range=ColorRange.MPEG
    )


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """Return the planes of an I420 picture, as views of its memory."""
    planes = []
    for index, plane in enumerate(frame.planes):
        half = 1 if index == 0 else 2
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
        planes.append(rows[: frame.height // half, : frame.width // half])
    return planes


def in_house(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """Return a new picture, without a time, as I420 in the house format's colours and this size
    (even sides).

    libav's scaler would convert through RGB, which takes twice the time and costs two levels of
    luma.
    """
    shown = av.VideoFrame(width, height, "yuv420p")
    came = planes_of(limited(frame, width, height))
    planes = planes_of(shown)
    for plane, part in zip(planes, came, strict=True):
        plane[...] = part
    to_house(planes, matrix_of(int(frame.colorspace), frame.width, frame.height))
    return shown


def say_house(context: Any) -> None:
    """Make a libav encoder write the house format's colours into its stream."""
    context.color_primaries = context.color_trc = context.colorspace = HOUSE_MATRIX
    context.color_range = ColorRange.MPEG


def to_house(planes: Sequence[Plane], matrix: int) -> None:
    """Convert I420 planes of limited range and even sides from `matrix` to the house format's, in
    place.

    Example: BT.601's 85, 103, 202 becomes 73, 111, 202; both are the RGB (200, 30, 30). It takes 4
    ms at 1920x1080 and 2.5 ms at 1280x720, of the 33 ms of a tick (one core, four others busy).
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
    """Return, for each pair of chroma values (256 * blue + red), the change of luma and the new
    pair.

    Luma itself passes a matrix and its inverse unchanged, so the change depends on chroma alone.
    """
    change = np.linalg.inv(_rgb_of(HOUSE_MATRIX)) @ _rgb_of(matrix)
    blue, red = np.meshgrid(np.arange(256) - 128.0, np.arange(256) - 128.0, indexing="ij")
    lift, bluer, redder = (change[row, 1] * blue + change[row, 2] * red for row in range(3))
    eight = [np.clip(np.rint(128 + part), 0, 255).astype(np.uint8) for part in (bluer, redder)]
    return np.rint(lift * 219 / 224).astype(np.int16).ravel(), eight[0].ravel(), eight[1].ravel()


def _rgb_of(matrix: int) -> NDArray[np.float64]:
    """Return the matrix from luma and chroma to red, green and blue (H.273, equations 38 to 40
    inverted).
    """
    red, blue = WEIGHTS[matrix]
    green = 1 - red - blue
    to_red, to_blue = 2 * (1 - red), 2 * (1 - blue)
    to_green = (-blue * to_blue / green, -red * to_red / green)
    return np.array([[1, 0, to_red], [1, *to_green], [1, to_blue, 0]])
