"""Tells a black picture from others."""

import numpy as np
from av.video.frame import VideoFrame

BLACK_LUMA = 24.0
"""Mean luma below which a picture of eight bits is black; 16 is none at all."""


def is_black(frame: VideoFrame) -> bool:
    """Is it black? False where its coding is not looked into."""
    if not frame.format.name.startswith("yuv") or frame.format.components[0].bits != 8:
        return False
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    return float(rows[: frame.height : 16, : frame.width : 16].mean()) < BLACK_LUMA
