"""The limiter of the program's sound: what leaves the bus stays below the true-peak ceiling."""

from functools import cache

import numpy as np
import numpy.typing as npt

from config.names import SAMPLE_RATE
from playout.engine.format.true_peak import MOST_GAIN, TAPS, peaks_between
from playout.engine.links.ring import Sound

CEILING_DBTP = -2.0
"""Highest true peak that leaves the bus, dB of full scale, as ATSC A/85 asks: coders such as AC-3
and AAC overshoot what they were given."""
LOOK_AHEAD = 72
"""Samples by which the limiter sees ahead, and by which it delays the sound: 1.5 ms. That is a
twentieth of a picture; ITU-R BT.1359 puts the least delay that people notice at 125 ms."""
RELEASE_SECONDS = 0.2
"""Time in which a reduction falls to 37 %."""
_TARGET = 10 ** ((CEILING_DBTP - 0.2) / 20) * 32768
"""Level to which a peak above the ceiling is turned down: 0.2 dB lower, for what the estimate
misses between its points."""
_CEILING = 10 ** (CEILING_DBTP / 20) * 32768
_ATTACK = LOOK_AHEAD - TAPS
"""Samples over which the gain falls. It is at its lowest for every sample around the peak."""
_FORGOTTEN = 1e-5
"""Reduction that changes no sample of 16 bits."""
_Curve = npt.NDArray[np.float64]


class Limiter:
    """A look-ahead limiter, fed tick by tick. Both channels are turned down together.

    Sound that never exceeds CEILING_DBTP passes bit for bit, LOOK_AHEAD samples later. It keeps no
    state worth saving: a new one starts with 1.5 ms of silence, and cannot let a peak through.
    """

    def __init__(self) -> None:
        self._before: Sound = np.zeros((LOOK_AHEAD, 2), dtype=np.int16)
        self._reduced: _Curve = np.zeros(LOOK_AHEAD)
        self._held: _Curve = np.zeros(_ATTACK - 1)
        self._is_idle = True
        """Whether nothing is turned down, nor was in what is still remembered."""

    def apply(self, block: Sound) -> Sound:
        """Return as many samples as come in, from LOOK_AHEAD samples before, limited."""
        heard = np.concatenate((self._before, block))
        self._before = heard[len(block) :]
        out: Sound = heard[: len(block)]
        loudest = max(int(heard.max()), -int(heard.min()))
        if self._is_idle and loudest * MOST_GAIN <= _CEILING:
            return out
        reduction = self._reduction(heard[LOOK_AHEAD - TAPS + 1 :])
        self._is_idle = not self._reduced.any() and not self._held.any()
        if not reduction.any():
            return out
        return (out * (1.0 - reduction)[:, None]).round().astype(np.int16)

    def _reduction(self, heard: Sound) -> _Curve:
        """Return by which part each sample that leaves now is turned down."""
        peaks = peaks_between(heard.astype(np.float32))
        wanted = np.where(peaks > _CEILING, 1.0 - _TARGET / np.maximum(peaks, 1.0), 0.0)
        fall = _powers()[: len(wanted)]
        risen = wanted / fall
        risen[0] = max(risen[0], self._reduced[-1])
        released = np.maximum.accumulate(risen) * fall
        released[released < _FORGOTTEN] = 0.0
        reduced = np.concatenate((self._reduced, released))
        self._reduced = reduced[-LOOK_AHEAD:]
        held = np.concatenate((self._held, _highest_of(reduced, LOOK_AHEAD + 1)))
        self._held = held[1 - _ATTACK :]
        sums = np.concatenate(([0.0], np.cumsum(held)))
        smooth: _Curve = (sums[_ATTACK:] - sums[:-_ATTACK]) / _ATTACK
        return smooth


def _highest_of(values: _Curve, width: int) -> _Curve:
    """Return the highest of each `width` values in a row."""
    highest, have = values, 1
    while have < width:
        step = min(have, width - have)
        highest = np.maximum(highest[step:], highest[:-step])
        have += step
    return highest


@cache
def _powers() -> _Curve:
    """Return what is left of a reduction after each sample of the longest tick, a 23rd of a
    second."""
    left = np.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE))
    powers: _Curve = left ** np.arange(1, SAMPLE_RATE // 23 + 1)
    return powers
