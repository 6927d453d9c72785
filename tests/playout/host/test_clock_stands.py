"""Where the machine's clock stood while agents worked by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import SinceBoot
from playout.host.clock_stands import (
    MOST_STANDS,
    STANDS_FILE,
    ClockStands,
    StandsFile,
    is_proven,
    worked,
)

UP = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, SECOND = 3600 * 10**9, 10**9


def stood(*work: tuple[float, int]) -> ClockStands:
    """Return the stands after work by clocks so many seconds off, each for so many nanoseconds."""
    known = ClockStands("boot-1")
    for off, ns in work:
        known = worked(known, UP + timedelta(seconds=off), ns)
    return known


@pytest.mark.parametrize(
    ("known", "off", "proven"),
    [
        (stood(), 0, False),
        (stood((0, HOUR)), 0, True),
        (stood((0, HOUR)), 2, True),
        (stood((0, HOUR)), 2.1, False),
        (stood((0, HOUR), (900, 30 * SECOND)), 0, True),
        (stood((0, HOUR), (900, 30 * SECOND)), 900, False),
        (stood((900, HOUR), (0, 30 * SECOND)), 0, False),
        (stood((900, HOUR), (0, HOUR + 1)), 0, True),
        (stood((0, HOUR), (900, 2 * HOUR), (0, 2 * HOUR)), 0, True),
        (stood((0, 0)), 0, False),
    ],
)
def test_a_clock_is_proven_where_agents_worked_longest_by_it(
    known: ClockStands, off: float, proven: bool
) -> None:
    assert is_proven(known, "boot-1", UP + timedelta(seconds=off)) is proven


@pytest.mark.parametrize("boot", ["boot-2", ""])
def test_nothing_is_proven_for_another_start_of_the_machine(boot: str) -> None:
    assert not is_proven(ClockStands(boot and "boot-1", stood((0, HOUR)).stands), boot, UP)


def test_small_steps_of_a_time_service_make_no_new_stand() -> None:
    known = stood(*[(number * 1.5, HOUR) for number in range(40)])

    assert len(known.stands) == 1
    assert is_proven(known, "boot-1", UP + timedelta(seconds=39 * 1.5))


def test_a_clock_that_is_set_again_and_again_leaves_a_bounded_record() -> None:
    known = stood((0, HOUR), *[(number * 60, SECOND) for number in range(1, 100)])

    assert len(known.stands) == MOST_STANDS
    assert is_proven(known, "boot-1", UP)


def test_the_record_is_there_after_a_restart_and_no_later_boot_goes_by_it(tmp_path: Path) -> None:
    record = StandsFile(tmp_path)
    for second in range(0, 60, 5):
        record.work(UP + timedelta(seconds=second), SinceBoot("boot-1", second * SECOND))
    again, minute = StandsFile(tmp_path), timedelta(seconds=60)

    assert again.is_proven(UP + minute, SinceBoot("boot-1", 60 * SECOND))
    assert not again.is_proven(UP + minute, SinceBoot("boot-2", 60 * SECOND))
    again.work(UP, SinceBoot("boot-2", 0))
    assert not again.is_proven(UP, SinceBoot("boot-2", 0))


def test_a_machine_whose_kernel_names_no_start_keeps_no_record(tmp_path: Path) -> None:
    record = StandsFile(tmp_path)
    for second in range(0, 60, 5):
        record.work(UP + timedelta(seconds=second), SinceBoot("", second * SECOND))

    assert not (tmp_path / STANDS_FILE).exists()
    assert not record.is_proven(UP, SinceBoot("", 0))
