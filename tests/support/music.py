"""Songs made for the player of music."""

import wave
from pathlib import Path

import numpy as np

from config.names import SAMPLE_RATE


def write_song(
    path: Path, seconds: float, hertz: float, level_db: float, rate: int = SAMPLE_RATE
) -> Path:
    """Write a WAV file with a tone that begins and ends on a whole period."""
    at = np.arange(round(seconds * rate)) / rate
    tone = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * at)
    samples = (np.repeat(tone[:, None], 2, axis=1) * 32767).round().astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return path
