"""What every clock promises of the time since the machine started, real or simulated."""

from datetime import UTC, datetime, timedelta

import pytest

from config.clock import Clock, SimulatedClock, SystemClock

CLOCKS = [SystemClock, lambda: SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC))]


@pytest.mark.parametrize("make", CLOCKS, ids=["system", "simulated"])
def test_the_time_since_the_start_runs_on_as_the_wall_clock_does(make: type[Clock]) -> None:
    clock = make()
    first, at = clock.since_boot(), clock.utc()
    clock.wait(0.02)
    later, then = clock.since_boot(), clock.utc()

    assert first.boot == later.boot != ""
    assert later.ns - first.ns >= 20_000_000
    moved = (then - at) - timedelta(microseconds=(later.ns - first.ns) / 1000)
    assert abs(moved) < timedelta(seconds=1)


def test_setting_the_wall_clock_leaves_the_time_since_the_start_alone() -> None:
    clock = SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC))
    before = clock.since_boot()
    clock.step(timedelta(minutes=15))

    assert clock.since_boot() == before


def test_another_start_of_the_machine_has_another_name_and_begins_at_nothing() -> None:
    clock = SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC))
    clock.advance(timedelta(hours=1))
    before = clock.since_boot()
    clock.reboot()

    assert clock.since_boot().boot != before.boot
    assert (before.ns, clock.since_boot().ns) == (3600 * 10**9, 0)
