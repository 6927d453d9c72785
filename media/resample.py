"""Sound of any form as one or two channels at the house rate, even where its form changes."""

from typing import Any

import av
import numpy as np

from config.names import SAMPLE_RATE

MOST_PLANES = 7
"""Most planes of sound that PyAV reads safely; of more it reads past the end."""
UNNAMED = "channels"
"""Ending of libav's name for a layout whose channels are unnamed: `8 channels`."""


class Resampler:
    """Turns frames of sound into stereo frames at the house rate.

    A source may change its rate or its channels between two frames, which libav's own resampler
    refuses. With `keep_mono` a single channel stays single.
    """

    def __init__(self, format: str, *, keep_mono: bool = False) -> None:
        self._format, self._keep_mono = format, keep_mono
        self._inner: Any = None
        self._form: tuple[str, str, int] | None = None

    def take(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """Return the frames that are ready after this one; none for a frame that cannot be
        mixed."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            self._form = form
            is_mono = self._keep_mono and frame.layout.nb_channels == 1
            self._inner = av.AudioResampler(
                self._format, "mono" if is_mono else "stereo", SAMPLE_RATE
            )
        try:
            whole = first_two(frame) if form[1].endswith(UNNAMED) else frame
            ready: list[av.AudioFrame] = self._inner.resample(whole)
            return ready
        except (av.FFmpegError, ValueError):
            self._form = None
            return []


def first_two(frame: av.AudioFrame) -> av.AudioFrame:
    """Return the frame with its first two channels only. Mixing unnamed channels could lay one
    language over another.
    """
    count, planar = frame.layout.nb_channels, frame.format.is_planar
    if count < 3 or (planar and count > MOST_PLANES):
        return frame
    samples = frame.to_ndarray()
    two = samples[:2] if planar else samples.reshape(-1, count)[:, :2].reshape(1, -1)
    whole: Any = np.ascontiguousarray(two)
    fewer = av.AudioFrame.from_ndarray(whole, frame.format.name, "stereo")
    fewer.sample_rate, fewer.pts = frame.sample_rate, frame.pts
    if frame.time_base is not None:
        fewer.time_base = frame.time_base
    return fewer
