"""A drawn graphic as the bytes that the keyer mixes (`playout/engine/graphics/mix.py`)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.floating[Any]]


def to_layer(image: Image.Image) -> bytes:
    """Return an RGBA picture of even sides as planes of bytes: luma times opacity, opacity, blue
    and red times theirs, and the opacity of colour.

    BT.709, limited range. Colour of a block of four pixels is the mean of what is seen of them, so
    that no clear pixel tints a letter's edge.
    """
    rgba = np.asarray(image.convert("RGBA"), np.float32)
    alpha = rgba[:, :, 3] / 255
    red, green, blue = (rgba[:, :, channel] for channel in range(3))
    grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    half = _quarters(alpha)
    blueness = 128 * half + _quarters((blue - grey) * alpha) * (224 / 255 / 1.8556)
    redness = 128 * half + _quarters((red - grey) * alpha) * (224 / 255 / 1.5748)
    planes = ((16 + grey * (219 / 255)) * alpha, alpha * 255, blueness, redness, half * 255)
    return b"".join(_bytes(plane) for plane in planes)


def _quarters(plane: Plane) -> Plane:
    """Return the mean of each block of two rows and two columns."""
    rows, columns = plane.shape
    means: Plane = plane.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    return means


def _bytes(plane: Plane) -> bytes:
    whole: NDArray[np.uint8] = np.clip(plane + 0.5, 0, 255).astype(np.uint8)
    return bytes(whole.tobytes())
