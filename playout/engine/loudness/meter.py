"""The program's loudness in steps of a tenth of a second, weighted as ITU-R BS.1770 says.

`media.loudness` measures whole files with libav's filter. The monitor keeps libav out of its
process, and measures sound that never ends.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from config.names import SAMPLE_RATE
from playout.engine.format.true_peak import TAPS, peaks_between
from playout.engine.links.ring import Sound

HOP_SAMPLES = SAMPLE_RATE // 10
HOPS_A_BLOCK = 4
"""Hops in a block of 400 ms, the unit of BS.1770; each new hop ends a block."""
FLOOR_LKFS = -100.0
_Levels = npt.NDArray[np.float64]


def lkfs(power: float) -> float:
    """Return the loudness of a weighted mean square, both channels summed; at least FLOOR_LKFS."""
    if power <= 0:
        return FLOOR_LKFS
    return max(FLOOR_LKFS, -0.691 + 10 * float(np.log10(power)))


@dataclass(frozen=True)
class Hop:
    """A tenth of a second of sound. Levels are parts of full scale."""

    power: float
    """Weighted mean square, both channels summed."""
    left: float
    """Highest sample."""
    right: float
    true_peak: float


class HopMeter:
    """A meter fed with the sound of each tick, that gives a Hop for each full tenth of a second."""

    def __init__(self) -> None:
        self._waiting: list[Sound] = []
        self._count = 0
        self._heard: _Levels = np.zeros((2 * HOP_SAMPLES, 2))

    @property
    def rest(self) -> int:
        """Samples heard that fill no hop yet."""
        return self._count

    def hear(self, sound: Sound) -> list[Hop]:
        """Take in the next sound; return the hops that it completes, oldest first."""
        self._waiting.append(sound.copy())
        self._count += len(sound)
        if self._count < HOP_SAMPLES:
            return []
        have = np.concatenate(self._waiting)
        whole = len(have) // HOP_SAMPLES
        rest = have[whole * HOP_SAMPLES :]
        self._waiting, self._count = [rest], len(rest)
        return [self._hop(part) for part in np.split(have[: whole * HOP_SAMPLES], whole)]

    def _hop(self, sound: Sound) -> Hop:
        new = sound / 32768.0
        self._heard = np.concatenate((self._heard[HOP_SAMPLES:], new))
        spectrum = np.fft.rfft(self._heard, axis=0) * _RESPONSE
        weighted = np.fft.irfft(spectrum, 2 * HOP_SAMPLES, axis=0)[HOP_SAMPLES:]
        left, right = (float(np.abs(one).max()) for one in (new[:, 0], new[:, 1]))
        between = self._heard[HOP_SAMPLES - TAPS + 1 :].astype(np.float32)
        return Hop(
            power=float(np.vdot(weighted, weighted)) / HOP_SAMPLES,
            left=left,
            right=right,
            true_peak=float(peaks_between(between).max()),
        )


def _response() -> npt.NDArray[np.complex128]:
    """Return the K weighting at 48 kHz, the two biquads of BS.1770, at each frequency of two hops.

    What they make of a sample dies away within one hop, so half of a circular convolution of two
    hops is exact.
    """
    z = np.exp(-2j * np.pi * np.arange(HOP_SAMPLES + 1) / (2 * HOP_SAMPLES))
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    response: npt.NDArray[np.complex128] = (shelf * high)[:, None]
    return response


_RESPONSE = _response()
