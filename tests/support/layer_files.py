"""Layer files as the host writes them, of plain colours or given planes."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def layer_file(path: Path, luma: Bytes, alpha: Bytes, blue: int = 128, red: int = 128) -> str:
    """Write a graphic of these luma values and opacities, in one colour; return its path."""
    half = alpha.reshape(alpha.shape[0] // 2, 2, -1, 2).mean(axis=(1, 3))
    planes = [
        np.rint(luma * (alpha / 255)), alpha,
        np.rint(blue * half / 255), np.rint(red * half / 255), np.rint(half),
    ]  # fmt: skip
    path.write_bytes(b"".join(plane.astype(np.uint8).tobytes() for plane in planes))
    return str(path)


def plain_layer(path: Path, width: int, height: int, luma: int = 235, alpha: int = 255) -> str:
    """Write a graphic of one colour and one opacity; return its path."""
    shape = (height, width)
    return layer_file(path, np.full(shape, luma, np.uint8), np.full(shape, alpha, np.uint8))
