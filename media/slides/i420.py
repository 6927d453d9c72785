"""A drawn picture as the pixels that the bus shows."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def to_i420(image: Image.Image) -> bytes:
    """Return the picture as planar 4:2:0, BT.709, limited range, as the bus shows it. Even sizes
    only.
    """
    rgb = np.asarray(image.convert("RGB"), np.float32)
    red, green, blue = rgb[:, :, 0], rgb[:, :, 1], rgb[:, :, 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    half = rgb.reshape(rgb.shape[0] // 2, 2, rgb.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    grey = half @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    blueness = (half[:, :, 2] - grey) / 1.8556
    redness = (half[:, :, 0] - grey) / 1.5748
    planes = [16 + luma * (219 / 255), 128 + blueness * (224 / 255), 128 + redness * (224 / 255)]
    return b"".join(_bytes(plane) for plane in planes)


def _bytes(plane: NDArray[np.float32]) -> bytes:
    whole: NDArray[np.uint8] = np.clip(plane + 0.5, 0, 255).astype(np.uint8)
    return bytes(whole.tobytes())
