"""A test for black pictures."""

import numpy as np
from av.video.frame import VideoFrame

BLACK_LUMA = 24.0
"""Mean luma below which an eight-bit picture counts as black; 16 is no light at all."""


def is_black(frame: VideoFrame) -> bool:
    """Return whether a picture is black; False for pixel formats that are not examined."""
    if not frame.format.name.startswith("yuv") or frame.format.components[0].bits != 8:
        return False
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    return float(rows[: frame.height : 16, : frame.width : 16].mean()) < BLACK_LUMA
