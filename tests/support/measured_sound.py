"""Tones of a known level, and what the monitor's meter measures of them."""

from datetime import datetime, timedelta

import numpy as np

from config.names import SAMPLE_RATE
from playout.engine.links.ring import Sound
from playout.engine.loudness.book import LoudnessBook
from playout.engine.loudness.meter import Hop, HopMeter


def tone(level_db: float, seconds: float, hertz: float = 997.0) -> Sound:
    """Return a sine of this peak level in both channels."""
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * at)
    return (np.repeat(wave[:, None], 2, axis=1) * 32767).round().astype(np.int16)


def hops(*sounds: Sound) -> list[Hop]:
    meter = HopMeter()
    return [hop for sound in sounds for hop in meter.hear(sound)]


def fill(book: LoudnessBook, begin: datetime, level_db: float, seconds: float) -> None:
    for number, hop in enumerate(hops(tone(level_db, seconds))):
        book.hear(hop, begin + timedelta(seconds=number / 10))
