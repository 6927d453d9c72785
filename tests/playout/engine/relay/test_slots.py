"""The clock of the stream."""

import pytest

from playout.engine.relay.slots import SlotClock
from playout.engine.transport import clock_bytes, near, read_clock, read_stamp, stamp_bytes

CLOCK = SlotClock(5_000_000_000, 4_700_000)


def test_a_slot_is_due_from_its_instant_on() -> None:
    for slot in (0, 1, 2, 7, 1000, 10**9):
        at = CLOCK.instant(slot)

        assert CLOCK.due(at) == slot + 1
        assert CLOCK.due(at - 1) == slot


@pytest.mark.parametrize("stamp", [0, 1, 28, 29, 30, 90_000, 12_345_678_901])
def test_the_first_slot_of_a_stamp_is_the_first_one_that_has_it(stamp: int) -> None:
    slot = CLOCK.first_slot(stamp)

    assert CLOCK.stamp(slot) >= stamp
    assert slot == 0 or CLOCK.stamp(slot - 1) < stamp


def test_a_year_of_slots_has_no_rounding_error() -> None:
    year = 365 * 86_400
    slot = year * 4_700_000 // 1504

    assert CLOCK.clock(slot) / 27_000_000 == pytest.approx(year, abs=0.001)
    assert CLOCK.stamp(slot) / 90_000 == pytest.approx(year, abs=0.001)


@pytest.mark.parametrize("units", [0, 1, 299, 300, 27_000_000, (1 << 33) * 300 - 1])
def test_a_clock_is_read_back_as_written(units: int) -> None:
    assert read_clock(clock_bytes(units)) == units


@pytest.mark.parametrize("stamp", [0, 1, 32_767, 32_768, 90_000, (1 << 33) - 1])
def test_a_stamp_is_read_back_as_written(stamp: int) -> None:
    assert read_stamp(stamp_bytes(2, stamp)) == stamp


def test_stamps_wrap_to_the_nearest() -> None:
    assert near(5, (1 << 33) - 5) == (1 << 33) + 5
    assert near((1 << 33) - 5, 5) == -5
