"""Missing pictures: the dates of those after them prove the gap, and nothing else does."""

from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np
import pytest

from config.names import FRAME_RATES
from playout.engine.decks.dates import PICTURES_IN_DOUBT, PictureDates

NTSC = Fraction(30000, 1001)
Shown = tuple[int, int, bool]
"""Number in the file, microseconds, sharp."""


def on_time(count: int, rate: Fraction, lost: Iterable[int] = ()) -> list[Shown]:
    gone = set(lost)
    at = 7_000_000
    return [(n, at + round(n * 1e6 / rate), True) for n in range(count) if n not in gone]


def placed(shown: Iterable[Shown], rate: Fraction) -> list[tuple[int, int]]:
    """Return (number in the file, place) of every picture, in order."""
    dates, out, doubted, count = PictureDates(rate), [], list[int](), 0
    for number, date, sharp in shown:
        missing = dates.missing(count + len(doubted), date, sharp)
        doubted.append(number)
        if missing is None:
            continue
        count += missing
        for one in doubted:
            out.append((one, count))
            count += 1
        doubted = []
    return out


def wrong(shown: Iterable[Shown], rate: Fraction) -> list[tuple[int, int]]:
    return [pair for pair in placed(shown, rate) if pair[0] != pair[1]]


@pytest.mark.parametrize("rate", sorted(FRAME_RATES))
@pytest.mark.parametrize("lost", [[], [40], [40, 41, 42], [40, 70, 110], range(40, 100)])
def test_pictures_after_a_lost_one_are_in_place(rate: Fraction, lost: Iterable[int]) -> None:
    assert not wrong(on_time(200, rate, lost), rate)


def woken_late(shown: list[Shown], seed: int) -> list[Shown]:
    """Return dates as measured beside four CPU hogs: one thread in five wakes some milliseconds
    late.
    """
    rng = np.random.default_rng(seed)
    late = np.where(rng.random(len(shown)) < 0.2, rng.exponential(6000, len(shown)), 30)
    return [(n, at + int(more), sharp) for (n, at, sharp), more in zip(shown, late, strict=True)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rate", [NTSC, Fraction(60000, 1001)])
def test_unsteady_dates_lose_and_add_no_picture(rate: Fraction, seed: int) -> None:
    assert not wrong(woken_late(on_time(2000, rate), seed), rate)


@pytest.mark.parametrize("seed", range(5))
def test_lost_picture_is_found_in_unsteady_dates(seed: int) -> None:
    shown = woken_late(on_time(400, NTSC, [100, 250]), seed)
    assert len(wrong(shown, NTSC)) <= PICTURES_IN_DOUBT


def stalled(shown: list[Shown], first: int, last: int, seconds: float) -> list[Shown]:
    """Return dates of which `first` to `last` are late, most of them too late to be sharp."""
    late = [(n, at + round(seconds * 1e6), n % 5 == 0) for n, at, _ in shown[first:last]]
    return [*shown[:first], *late, *shown[last:]]


def test_pictures_that_come_too_late_are_not_missing() -> None:
    shown = on_time(300, NTSC)
    late = [(n, at + 900_000 - n * 5000, False) for n, at, _ in shown[60:200]]
    assert not wrong([*shown[:60], *late, *shown[200:]], NTSC)


def test_one_late_waking_in_many_late_pictures_is_not_believed() -> None:
    assert not wrong(stalled(on_time(300, NTSC), 60, 75, 0.4), NTSC)


def test_picture_counted_twice_is_corrected() -> None:
    shown = on_time(120, NTSC)
    twice = [*shown[:50], (49, shown[49][1] + 60_000, False), *shown[50:]]
    assert {place - number for number, place in placed(twice, NTSC)[60:]} == {0}


def test_early_first_picture_does_not_move_the_start() -> None:
    dates = PictureDates(NTSC)
    for number, date, sharp in on_time(20, NTSC):
        first = number == 0
        dates.missing(number, date - 18_000 * first, sharp and not first)
    assert dates.start == 7_000_000


@pytest.mark.parametrize("rate", [NTSC, Fraction(25), Fraction(60000, 1001)])
@pytest.mark.parametrize("early", [1.0, 0.8, 2.0])
def test_a_first_picture_shown_a_frame_early_moves_none_of_those_after_it(
    rate: Fraction, early: float
) -> None:
    """Seen with an MKV: its picture 7 was shown twice, and the rest ran one picture behind."""
    shown = on_time(120, rate)
    shown[0] = (0, shown[0][1] - round(early * 1e6 / rate), True)

    assert not wrong(shown, rate)


def test_busy_start_is_placed_by_its_sharpest_dates() -> None:
    dates = PictureDates(NTSC)
    for number, date, _ in on_time(30, NTSC):
        dates.missing(number, date + (0 if number > 10 else 200_000), number > 10)
    assert dates.start == 7_000_000


@pytest.mark.parametrize("make", [lambda n: n > 900, lambda n: False])
def test_without_a_sharp_date_the_earliest_of_the_first_pictures_counts(
    make: Callable[[int], bool],
) -> None:
    dates = PictureDates(NTSC)
    for number, date, _ in on_time(20, NTSC):
        assert dates.missing(number, date + 1000 * (20 - number), make(number)) == 0
    assert dates.start is not None
    assert 7_000_000 <= dates.start <= 7_020_000
