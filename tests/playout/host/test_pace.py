"""Fetching stays below its rate, rests while air is late, and hurries for what airs at once."""

from dataclasses import replace

import pytest
from support.plans import DAY

from config.clock import SimulatedClock
from playout.host.pace import AirStrain, Pace
from playout.model.wire import Status

MEGABYTE = 1_000_000


def fetched(pace: Pace, megabytes: int) -> float:
    """Return the seconds that pieces of a megabyte take on a network without limits."""
    assert pace.clock is not None
    begun = pace.clock.monotonic()
    for _ in range(megabytes):
        pace.after(MEGABYTE)
    return (pace.clock.monotonic() - begun) / 1e9


def test_a_hundred_megabytes_at_25_a_second_take_four_seconds() -> None:
    assert fetched(Pace(SimulatedClock(DAY), 25 * MEGABYTE), 100) == pytest.approx(4, abs=0.01)


def test_without_a_limit_and_in_a_hurry_nothing_waits() -> None:
    clock = SimulatedClock(DAY)
    assert fetched(Pace(clock), 100) == 0
    assert fetched(Pace(clock, MEGABYTE, lambda: True, hurries=True), 100) == 0


def test_time_without_fetching_allows_no_burst() -> None:
    clock = SimulatedClock(DAY)
    pace = Pace(clock, 10 * MEGABYTE)
    fetched(pace, 10)
    clock.wait(3600)
    assert fetched(pace, 10) == pytest.approx(1, abs=0.01)


def test_fetching_rests_for_half_a_minute_after_the_engine_was_late(status: Status) -> None:
    clock = SimulatedClock(DAY)
    strain = AirStrain(clock)
    seen = [strain.look(replace(status, late_ticks=late)) for late in (7, 7, 8)]
    clock.wait(29)
    still = strain.look(replace(status, late_ticks=8))
    clock.wait(2)
    over = strain.look(replace(status, late_ticks=8))

    assert seen == [False, False, True]
    assert (still, over) == (True, False)
    assert not strain.look(replace(status, late_ticks=0)), "the engine began anew"


@pytest.fixture
def status() -> Status:
    return Status(
        channel="ch13", host="h", at=DAY, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0, revision=None, serial=0, outputs=1, late_ticks=0,
        clock_step=0,
    )  # type: ignore[arg-type]  # fmt: skip
