"""How long a file without a picture is waited for."""

from datetime import UTC, datetime, timedelta

import pytest

from config.names import CueId
from playout.director import patience
from playout.engine.waist import Desired, Layer, Shot

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_left", "seconds"), [(0.5, 5), (1, 5), (8, 24), (20, 60), (45, 60), (600, 60)]
)
def test_a_long_item_is_waited_for_longer_up_to_a_minute(
    minutes_left: float, seconds: float
) -> None:
    until = NOW + timedelta(minutes=minutes_left)
    desired = Desired(1, Shot(CueId("meeting"), Layer.DECK, NOW, until, path="/store/a.mp4"))

    assert patience(desired, NOW) == timedelta(seconds=seconds)
