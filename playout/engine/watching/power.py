"""The power of sound: one measure for what was placed and for what left, which are compared."""

from typing import Any

import numpy as np
import numpy.typing as npt


def mean_square(samples: npt.NDArray[Any]) -> float:
    """Return the mean square of samples, of full scale: 1.0 at most, and 0.0 for no sample.

    Whole numbers are counted from the lowest, -32768 of 16 bits; libav's floats are of full scale.
    """
    if not samples.size:
        return 0.0
    flat = samples.ravel().astype(np.float32)
    if samples.dtype.kind == "i":
        flat /= -float(np.iinfo(samples.dtype).min)
    return float(flat @ flat) / flat.size
