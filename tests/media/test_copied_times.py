"""The times of a copied picture, as tables."""

from collections.abc import Sequence

import pytest

from media.copied_times import UnfitError, decode_times, frames_after, key_number

STEP = 1001


@pytest.mark.parametrize(
    ("numbers", "times"),
    [
        ([7], [7 * STEP]),
        ([0, 1, 2], [0, STEP, 2 * STEP]),
        ([0, 3, 1, 2], [0, STEP - 1, STEP, 2 * STEP]),
        ([0, 4, 2, 1, 3], [0, STEP - 2, STEP - 1, STEP, 3 * STEP]),
        ([9, 12, 10], [9 * STEP, 10 * STEP - 1, 10 * STEP]),
    ],
)
def test_a_picture_is_decoded_as_late_as_what_refers_to_it_allows(
    numbers: Sequence[int], times: Sequence[int]
) -> None:
    decoded = decode_times(numbers, STEP)

    assert decoded == list(times)
    assert all(at <= number * STEP for at, number in zip(decoded, numbers, strict=True))


@pytest.mark.parametrize("numbers", [[5, 3, 4], [0, 1, 1]])
def test_a_group_that_needs_another_or_shows_two_pictures_at_once_is_not_copied(
    numbers: Sequence[int],
) -> None:
    with pytest.raises(UnfitError):
        decode_times(numbers, STEP)


@pytest.mark.parametrize(
    ("place", "last", "number"),
    [(0.0, -1, 0), (1800.49, 1800, 1801), (1800.51, 1800, 1801), (1810.2, 1800, 1810)],
)
def test_a_group_follows_the_one_before_it_where_it_is_near(
    place: float, last: int, number: int
) -> None:
    assert key_number(place / 30, 30.0, last) == number


@pytest.mark.parametrize(("seconds", "frames"), [(0.0, 0), (0.033, 1), (0.067, 2), (0.5, 15)])
def test_rounded_times_are_frames(seconds: float, frames: int) -> None:
    assert frames_after(seconds, 29.97) == frames


def test_a_time_between_two_frames_is_no_frame() -> None:
    with pytest.raises(UnfitError):
        frames_after(0.05, 30.0)
