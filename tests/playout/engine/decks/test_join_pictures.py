"""An exact join: whatever picture libVLC begins with, the marked one is placed first."""

from collections.abc import Sequence

import numpy as np
import pytest

from playout.engine.decks.join_pictures import EARLIER, KNOWN_AFTER, KNOWN_BEFORE, JoinPictures
from playout.engine.links.ring import Picture


def picture(number: int, *, still: bool = False) -> Sequence[Picture]:
    seed = 0 if still else number + 100
    luma = np.random.default_rng(seed).integers(16, 235, (36, 64), dtype=np.uint8)
    return [luma, luma[::2, ::2], luma[::2, ::2]]


def known(*, still: bool = False) -> JoinPictures:
    numbers = range(-KNOWN_BEFORE, KNOWN_AFTER + 1)
    return JoinPictures({number: picture(number, still=still) for number in numbers})


def placed(join: JoinPictures, came: Sequence[int], *, still: bool = False) -> list[int]:
    """Return the pictures that are placed where these came, as numbers."""
    numbers: list[int] = []
    for one in came:
        lost = join.lost_before(len(numbers), picture(one, still=still))
        if lost is not None:
            numbers += [*range(one - len(lost), one), one]
    return numbers


@pytest.mark.parametrize("begins", range(-KNOWN_BEFORE, KNOWN_AFTER + 1))
def test_the_marked_picture_is_placed_first_wherever_the_decoder_begins(begins: int) -> None:
    assert placed(known(), range(begins, 8)) == list(range(8))


def test_a_picture_shown_twice_while_the_decoder_starts_is_placed_once() -> None:
    assert placed(known(), [-2, -2, -1, 0, 1]) == [0, 1]


def test_where_pictures_look_alike_the_count_stands() -> None:
    came = range(-EARLIER, 5)

    assert placed(known(still=True), came, still=True) == list(range(5))


def test_without_known_pictures_the_count_stands() -> None:
    assert placed(JoinPictures({}), range(-EARLIER, 5)) == list(range(5))
