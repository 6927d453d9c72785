"""The house clock, by tables."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from config.names import FRAME_RATES
from playout.engine.format.ticks import NS, HouseClock, Ticks, WallMap, from_ns, house_slot, to_ns

NTSC = Fraction(30000, 1001)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("rate", sorted(FRAME_RATES))
def test_a_day_of_ticks_never_drifts(rate: Fraction) -> None:
    ticks = Ticks(rate, 5)
    day = int(rate * 86400)
    exact = 5 + day * NS * rate.denominator / Fraction(rate.numerator)
    assert 0 <= exact - ticks.due(day) < 1
    assert ticks.first(ticks.due(day)) == day
    assert ticks.last(ticks.due(day)) == day
    assert ticks.first(ticks.due(day) + 1) == day + 1
    assert ticks.last(ticks.due(day) - 1) == day - 1


@pytest.mark.parametrize("rate", sorted(FRAME_RATES))
def test_sound_keeps_its_remainder(rate: Fraction) -> None:
    ticks = Ticks(rate, 0)
    per_tick = {ticks.sound_before(n + 1) - ticks.sound_before(n) for n in range(3000)}
    assert max(per_tick) - min(per_tick) <= 1
    assert ticks.sound_before(rate.numerator) == 48000 * rate.denominator


@pytest.mark.parametrize(
    ("past_tick_us", "expected"), [(-1000, 30), (-1, 30), (0, 30), (1, 30), (400, 30), (600, 31)]
)
def test_a_take_is_on_the_first_tick_at_or_after_its_instant(
    past_tick_us: int, expected: int
) -> None:
    house = HouseClock(Ticks(NTSC, 1000), WallMap(1000, NOON))
    at = house.instant(30) + timedelta(microseconds=past_tick_us)
    assert house.first_at(at) == expected


def test_instants_written_in_microseconds_keep_consecutive_lengths_whole() -> None:
    house = HouseClock(Ticks(NTSC, 777), WallMap(777, NOON))
    start = house.instant(100)
    length = timedelta(seconds=150 * 1001 / 30000)
    firsts = [house.first_at(start + k * length) for k in range(500)]
    assert {b - a for a, b in zip(firsts, firsts[1:], strict=False)} == {150}


def test_wall_clock_is_followed_by_half_a_percent_at_most() -> None:
    wall = WallMap(0, NOON)
    assert not wall.steer(NS, NOON + timedelta(seconds=1.2))
    assert wall.utc(NS) == NOON + timedelta(seconds=1.005)
    for second in range(2, 60):
        wall.steer(second * NS, NOON + timedelta(seconds=second + 0.2))
    assert abs(wall.utc(60 * NS) - NOON - timedelta(seconds=60.2)) < timedelta(milliseconds=2)


def test_clock_jump_waits_for_a_take() -> None:
    wall = WallMap(0, NOON)
    assert wall.steer(NS, NOON + timedelta(seconds=4))
    assert not wall.steer(2 * NS, NOON + timedelta(seconds=5))
    assert wall.stepped == pytest.approx(3.0)
    assert wall.utc(2 * NS) == NOON + timedelta(seconds=2)
    wall.join()
    assert wall.utc(2 * NS) == NOON + timedelta(seconds=5)


def test_take_after_a_jump_ahead_follows_the_wall_clock_unless_jumped_over() -> None:
    house = HouseClock(Ticks(Fraction(25), 0), WallMap(0, NOON))
    house.wall.steer(NS, NOON + timedelta(seconds=91))
    ahead, leapt = NOON + timedelta(seconds=120), NOON + timedelta(seconds=60)

    assert house.first_at(ahead) == 120 * 25
    assert house.take_at(ahead, 25) == 30 * 25
    assert house.take_at(ahead, 30 * 25) == 30 * 25
    assert house.take_at(leapt, 25) == 60 * 25
    house.wall.steer(2 * NS, NOON - timedelta(seconds=88))
    assert house.take_at(ahead, 50) == 120 * 25


def test_a_jump_that_was_taken_back_is_not_followed() -> None:
    wall = WallMap(0, NOON)
    wall.steer(NS, NOON + timedelta(seconds=4))
    wall.steer(2 * NS, NOON + timedelta(seconds=2))
    wall.join()
    assert wall.utc(2 * NS) == NOON + timedelta(seconds=2)


def test_instants_survive_the_way_through_nanoseconds() -> None:
    odd = NOON + timedelta(microseconds=123457)
    assert from_ns(to_ns(odd)) == odd


@pytest.mark.parametrize(("seconds", "slot"), [(0.0, 0), (1001 / 30000, 1), (5.005, 150)])
def test_house_slots_are_counted_from_the_first_frame(seconds: float, slot: int) -> None:
    assert house_slot(NTSC, seconds) == slot
