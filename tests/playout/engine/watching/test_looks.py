"""Which key pictures are decoded, and that each second of a stream has one compared."""

import pytest
from soak.watcher_day import day, watched_day

from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.packets import CodedUnit

NS = 1_000_000_000


def looked_at(seconds: list[list[float]]) -> list[list[float]]:
    """Return which of the key pictures of each second are looked at."""
    decoder = StreamDecoder("h264", "mp2")
    keys = [[CodedUnit(round(at * NS), b"") for at in second] for second in seconds]
    return [[unit.instant / NS for unit in decoder.due(second)] for second in keys]


@pytest.mark.parametrize(
    ("keys", "due"),
    [
        ([[0.5], [1.5], [2.5]], [[0.5], [1.5], [2.5]]),
        ([[0.9], [1.1], [2.1]], [[0.9], [1.1], [2.1]]),
        ([[0.1], [1.9], [2.9]], [[0.1], [1.9], [2.9]]),
        ([[0.1, 0.6], [1.1, 1.6], [2.1, 2.6]], [[0.1], [1.1], [2.1]]),
        ([[0.9], [], [2.0, 2.9]], [[0.9], [], [2.0, 2.9]]),
        ([[5.0], [1.0], [2.0]], [[5.0], [1.0], [2.0]]),
    ],
    ids=["steady", "sooner", "later", "two a second", "over the edge", "the clock stepped back"],
)
def test_a_second_with_key_pictures_has_one_looked_at(
    keys: list[list[float]], due: list[list[float]]
) -> None:
    assert looked_at(keys) == due


def test_an_encoder_that_starts_again_leaves_no_second_without_a_compared_picture() -> None:
    """The day of the soak in short: its encoder starts again every three seconds."""
    seconds = 60
    result = watched_day(day(12), seconds, seed=12, moves_every=3)

    assert result.found == []
    assert result.unknown == 3, "the notes of the program begin with the day"
    assert result.unlooked == 0
    assert result.right >= seconds - result.unknown - 1, "the last one may wait for its notes"
    assert result.longest < 2
