"""Steps of the wall clock, and instants that were stored by a clock that was ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from config.clock import SimulatedClock
from config.clock_steps import AHEAD_TOLERATED, LEAST_STEP, StepWatch, elapsed, on_present_clock

T = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NONE = timedelta(0)


@pytest.mark.parametrize("step", [15 * MINUTE, -HOUR, LEAST_STEP, timedelta(days=-20_000)])
def test_a_clock_that_is_set_and_set_right_shows_both_steps(step: timedelta) -> None:
    clock, watch = SimulatedClock(T), StepWatch()
    shown = []
    for by in (NONE, NONE, step, NONE, -step, NONE):
        clock.advance(30 * SECOND)
        clock.step(by)
        shown.append(watch.step(clock.utc(), clock.monotonic()))

    assert shown == [NONE, NONE, step, NONE, -step, NONE]


def test_a_clock_that_is_slewed_shows_no_step() -> None:
    clock, watch = SimulatedClock(T), StepWatch()
    for _ in range(100):
        clock.advance(5 * SECOND)
        clock.step(LEAST_STEP - SECOND)
        assert watch.step(clock.utc(), clock.monotonic()) == NONE


@pytest.mark.parametrize(
    ("at", "step", "ahead", "counts_as"),
    [
        (T - HOUR, NONE, NONE, T - HOUR),
        (T, NONE, NONE, T),
        (T + AHEAD_TOLERATED, NONE, NONE, T + AHEAD_TOLERATED),
        (T + 15 * MINUTE, NONE, NONE, T),
        (T + 15 * MINUTE - 20 * SECOND, -15 * MINUTE, NONE, T - 20 * SECOND),
        (T - 2 * HOUR, HOUR, NONE, T - HOUR),
        (T + 20 * MINUTE, NONE, 30 * MINUTE, T + 20 * MINUTE),
        (T + 40 * MINUTE, NONE, 30 * MINUTE, T),
        (T, timedelta(days=-30_000), NONE, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_stored_instant_counts_by_the_present_clock(
    at: datetime, step: timedelta, ahead: timedelta, counts_as: datetime
) -> None:
    assert on_present_clock(at, T, step, ahead) == counts_as


def test_an_instant_of_the_future_is_as_old_as_it_lies_ahead() -> None:
    assert [elapsed(T + by, T) for by in (-HOUR, NONE, HOUR)] == [HOUR, NONE, HOUR]
