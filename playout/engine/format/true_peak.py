"""True peaks: levels that sound reaches between its samples, estimated as ITU-R BS.1770 does."""

import numpy as np
import numpy.typing as npt

TAPS = 12
"""Samples from which one point between two samples is estimated, six on each side."""
_OUTER = (
    0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875,
    0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250,
    0.0148925781250, -0.0083007812500,
)  # fmt: skip
_INNER = (
    -0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500,
    0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625,
    0.0330810546875, -0.0189208984375,
)  # fmt: skip
_PHASES = np.array((_OUTER, _INNER, _INNER[::-1], _OUTER[::-1]), dtype=np.float32)
"""Filter of BS.1770-4, annex 2, newest sample first: four points between two samples, an eighth and
three eighths of the way from each. At a quarter of the sampling rate it misses at most 0.2 dB."""
MOST_GAIN = float(np.abs(_PHASES).sum(axis=1).max())
"""Largest factor by which a point between two samples can exceed the samples around it."""
_TOGETHER = 16
"""Points estimated by one row of the matrix; any number gives the same result."""
_Levels = npt.NDArray[np.float32]


def peaks_between(samples: _Levels) -> _Levels:
    """Return the true peak of each place in stereo sound, the louder channel's.

    `samples` is (count + TAPS - 1, 2). Place n lies between samples n + 5 and n + 6; both count
    too.
    """
    count = len(samples) - TAPS + 1
    rows = -(-count // _TOGETHER)
    sides = np.zeros((2, rows * _TOGETHER + TAPS - 1), dtype=np.float32)
    sides[:, : len(samples)] = samples.T
    windows = np.lib.stride_tricks.sliding_window_view(sides, _TOGETHER + TAPS - 1, axis=1)
    points = windows[:, ::_TOGETHER].reshape(2 * rows, -1) @ _MATRIX
    np.abs(points, out=points)
    louder = np.maximum(points[:rows], points[rows:]).reshape(rows, 4, _TOGETHER)
    pairs = np.maximum(louder[:, :2], louder[:, 2:])
    loudest = np.maximum(pairs[:, 0], pairs[:, 1]).reshape(-1)[:count]
    levels = np.abs(sides[:, : len(samples)])
    own = np.maximum(levels[0], levels[1])
    half = TAPS // 2
    beside = np.maximum(own[half - 1 : half - 1 + count], own[half : half + count])
    peaks: _Levels = np.maximum(loudest, beside)
    return peaks


def _matrix() -> _Levels:
    """Return the filter's four phases, shifted for each point that one row estimates."""
    made = np.zeros((_TOGETHER + TAPS - 1, 4, _TOGETHER), dtype=np.float32)
    for place in range(_TOGETHER):
        made[place : place + TAPS, :, place] = _PHASES[:, ::-1].T
    return made.reshape(len(made), -1)


_MATRIX = _matrix()
