"""How long the pictures of the program ring last."""

import pytest

from config.names import HouseFormat
from playout.engine.outputs.feed import JUMP_WHEN_BEHIND
from playout.processes.channel import PROGRAM_PICTURE_SECONDS, program_shape


@pytest.mark.parametrize("rate", ["25", "30000/1001", "50", "60000/1001"])
def test_pictures_last_as_long_at_each_rate_and_longer_than_an_output_may_lag(rate: str) -> None:
    house = HouseFormat.parse(f"1280x720@{rate}")

    shape = program_shape(house)

    assert shape.pictures >= house.rate * PROGRAM_PICTURE_SECONDS
    assert shape.pictures > JUMP_WHEN_BEHIND
