"""The power of sound, placed by the bus or decoded from what left."""

import numpy as np
import pytest

from playout.engine.watching.decoder import mean_square as of_what_left
from playout.engine.watching.placing import mean_square as of_what_was_placed


@pytest.mark.parametrize("sample", [-32768, -3000, 0, 1, 12_345, 32_767])
def test_the_same_sound_has_one_power_placed_and_decoded(sample: int) -> None:
    """One was divided by 32768 and the other by 32767, though the two are compared."""
    placed = np.full((1602, 2), sample, np.int16)
    floats = (placed / 32768).astype(np.float32)

    assert of_what_was_placed(placed) == pytest.approx((sample / 32768) ** 2, rel=1e-5)
    assert of_what_left(placed) == of_what_was_placed(placed)
    assert of_what_left(floats) == pytest.approx(of_what_was_placed(placed), rel=1e-5)


def test_no_sample_has_no_power() -> None:
    assert of_what_left(np.zeros((0, 2), np.int16)) == of_what_was_placed(np.zeros(0)) == 0.0
