"""Sound of any channels and rate, even where they change, as two channels at the house rate."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from config.names import SAMPLE_RATE
from media.resample import Resampler


def tone(layout: str, channels: int, *, rate: int = 48000, form: str = "s16", at: int = 0) -> Any:
    """A frame with a tone on its first channel and a louder one on its last."""
    wave = np.sin(np.arange(at, at + 1024) * 2 * np.pi * 500 / rate)
    samples = np.zeros((1024, channels), np.int16)
    samples[:, -1], samples[:, 0] = wave * 16000, wave * 8000
    planar = form.endswith("p")
    laid = np.ascontiguousarray(samples.T) if planar else samples.reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(laid, form, layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
    return frame


@pytest.mark.parametrize(
    ("layout", "channels", "form"),
    [
        ("8 channels", 8, "s16"),
        ("6 channels", 6, "s16p"),
        ("16 channels", 16, "s16"),
        ("3 channels", 3, "s16"),
    ],
)
def test_the_first_two_of_unnamed_channels_air(layout: str, channels: int, form: str) -> None:
    resampler = Resampler("s16")
    ready = [f for n in range(3) for f in resampler.take(tone(layout, channels, form=form, at=n))]
    heard = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in ready])
    assert np.abs(heard[:, 0].astype(int)).max() == pytest.approx(8000, abs=2)
    assert np.abs(heard[:, 1].astype(int)).max() < 3


def test_every_form_follows_any_other() -> None:
    resampler = Resampler("s16")
    forms = (
        ("stereo", 2, 48000), ("5.1", 6, 48000), ("mono", 1, 32000), ("7.1", 8, 44100),
        ("octagonal", 8, 48000), ("hexadecagonal", 16, 48000), ("stereo", 2, 48000),
    )  # fmt: skip
    for layout, channels, rate in forms:
        frames = (tone(layout, channels, rate=rate, at=1024 * n) for n in range(3))
        ready = [frame for given in frames for frame in resampler.take(given)]
        assert {(f.layout.name, f.sample_rate) for f in ready} == {("stereo", SAMPLE_RATE)}
        assert sum(f.samples for f in ready) > 3 * 1024 * SAMPLE_RATE / rate * 0.9
        assert max(int(np.abs(f.to_ndarray()).max()) for f in ready) > 500


def test_mono_stays_mono_where_asked() -> None:
    resampler = Resampler("s16", keep_mono=True)
    assert resampler.take(tone("mono", 1))[0].layout.name == "mono"
    assert resampler.take(tone("stereo", 2))[0].layout.name == "stereo"
