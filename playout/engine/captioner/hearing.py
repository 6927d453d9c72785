"""Program sound as a recognizer hears it: one channel at 16 kHz."""

import numpy as np

from config.names import SAMPLE_RATE
from media.speech.words import SPEECH_RATE, Speech
from playout.engine.links.ring import Ring, Sound

STEP = SAMPLE_RATE // SPEECH_RATE
"""House samples for each sample of speech: three."""
_TAPS = 48
"""Taps of the low pass, a windowed sinc that ends at 7.2 kHz: what lies above would fold back."""
_CUT = 7200 / SAMPLE_RATE


def _low_pass() -> Speech:
    place = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = 2 * _CUT * np.sinc(2 * _CUT * place) * np.hamming(_TAPS)
    whole: Speech = (taps / taps.sum()).astype(np.float32)
    return whole


class Downsampler:
    """Turns stereo sound at the house rate into speech, piece by piece and without a seam."""

    def __init__(self) -> None:
        self._taps = _low_pass()
        self._rest: Speech = np.zeros(_TAPS - 1, np.float32)

    def take(self, sound: Sound) -> Speech:
        """Return the speech of the next piece; its delay is half a millisecond."""
        mono = sound.astype(np.float32).mean(axis=1) / 32768
        whole = np.concatenate([self._rest, mono])
        count = max(0, (len(whole) - _TAPS) // STEP + 1)
        if not count:
            self._rest = whole
            return np.zeros(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(whole, _TAPS)[::STEP][:count]
        speech: Speech = windows @ self._taps
        self._rest = whole[count * STEP :]
        return speech


class ProgramSound:
    """The sound of the program, tick by tick, as long as it stays in the ring."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._next = ring.head
        self._down = Downsampler()

    def new(self) -> Speech:
        """Return what was aired since the last call. What left the ring unheard is silence."""
        head, blocks = self._ring.head, []
        oldest = head - self._ring.shape.slots + 4
        for tick in range(max(self._next, oldest - self._ring.shape.slots), head):
            slot = self._ring.look(tick) if tick >= oldest else None
            samples = slot.sound[: slot.samples].copy() if slot is not None else None
            if samples is None or self._ring.look(tick) is None:
                samples = np.zeros((self._ring.shape.samples - 2, 2), np.int16)
            blocks.append(samples)
        self._next = head
        if not blocks:
            return np.zeros(0, np.float32)
        return self._down.take(np.concatenate(blocks))
