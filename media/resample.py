"""Sound of any form as one or two channels at the house's rate, also where its form changes."""

from typing import Any

import av
import numpy as np

from config.names import SAMPLE_RATE

MOST_PLANES = 7
"""Channels of which PyAV reads each from a plane of its own; of more it reads past the end."""
UNNAMED = "channels"
"""How libav ends the name of a layout of which nobody says what its channels are: `8 channels`."""


class Resampler:
    """Turns frames of sound into frames at the house's rate, in stereo.

    A source may change its rate or its channels between two frames; libav's own resampler refuses
    that. With `keep_mono`, one channel stays one.
    """

    def __init__(self, format: str, *, keep_mono: bool = False) -> None:
        self._format, self._keep_mono = format, keep_mono
        self._inner: Any = None
        self._form: tuple[str, str, int] | None = None

    def take(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """Return what is ready after this frame; nothing for one that cannot be mixed."""
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
    """The frame's first two channels: a mix of channels of which nobody says what they are would
    put languages over one another."""
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
