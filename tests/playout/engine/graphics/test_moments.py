"""Opacity, place and digits of a tick follow from that tick alone."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playout.engine.graphics.moments import (
    OPAQUE,
    digits_at,
    opacity,
    text_left,
)
from playout.model.layered import Crawling, DigitForm, Digits

SIX = datetime(2026, 3, 1, 18, tzinfo=UTC)


def test_a_graphic_comes_and_goes_in_equal_steps_inside_its_time() -> None:
    shares = [opacity(tick, 100, 110, 4) for tick in range(98, 112)]

    fifth = OPAQUE / 5
    come = [int(fifth * n) for n in (1, 2, 3, 4)]
    assert shares == [0, 0, *come, OPAQUE, OPAQUE, *come[::-1], 0, 0]


def test_a_graphic_without_a_fade_is_whole_from_its_first_to_its_last_tick() -> None:
    assert [opacity(tick, 5, 8, 0) for tick in range(4, 9)] == [0, OPAQUE, OPAQUE, OPAQUE, 0]


@given(st.integers(1, 400), st.integers(0, 255))
def test_a_fade_never_goes_back_before_the_middle(ticks: int, fade: int) -> None:
    shares = [opacity(tick, 0, ticks, fade) for tick in range(ticks)]

    assert shares == shares[::-1] and min(shares) > 0
    assert shares[: ticks // 2] == sorted(shares[: ticks // 2])


def test_a_crawl_moves_exactly_its_share_of_columns_a_tick() -> None:
    crawl = Crawling(text=30, pixels=Fraction(5, 2))
    places = [text_left(crawl, 100, tick) for tick in range(52)]

    assert places[:5] == [100, 98, 95, 93, 90]
    assert places[20] == 50, "twenty ticks are fifty columns, and nothing is lost on the way"
    assert (crawl.pass_ticks(100), crawl.ticks(100)) == (52, 52)
    assert places[51] + 30 == 3 > 0, "the text is still seen on the last tick of its pass"
    assert text_left(crawl, 100, 52) == 100, "and begins again after it"


def test_a_crawl_is_over_after_its_passes_or_never() -> None:
    crawl = Crawling(30, Fraction(13), 3)

    assert crawl.ticks(100) == 3 * 10
    assert Crawling(30, Fraction(13), 0).ticks(100) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-599.99, "10:00"), (-599, "09:59"), (-1.0, "00:01"), (-0.999, "00:01"), (-0.001, "00:01"),
     (0, "00:00"), (3, "00:00"), (-9000, "99:59")],
)  # fmt: skip
def test_a_countdown_reaches_zero_with_its_target(seconds: float, shown: str) -> None:
    digits = Digits("d", 20, 10, 30, 0, 0, DigitForm.LEFT, target=SIX)

    assert digits_at(digits, SIX + timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (DigitForm.HOURS_24, "13:07"),
        (DigitForm.SECONDS_24, "13:07:59"),
        (DigitForm.HOURS_12, " 1:07"),
        (DigitForm.SECONDS_12, " 1:07:59"),
    ],
)
def test_a_clock_shows_the_second_that_has_begun(form: DigitForm, shown: str) -> None:
    digits = Digits("d", 20, 10, 30, 0, 0, form, offset=-5 * 3600)

    assert digits_at(digits, SIX + timedelta(minutes=7, seconds=59.999)) == shown


@pytest.mark.parametrize(("hour", "shown"), [(0, "12:00"), (9, " 9:00"), (12, "12:00")])
def test_noon_and_midnight_are_twelve(hour: int, shown: str) -> None:
    digits = Digits("d", 20, 10, 30, 0, 0, DigitForm.HOURS_12)

    assert digits_at(digits, SIX.replace(hour=hour)) == shown
