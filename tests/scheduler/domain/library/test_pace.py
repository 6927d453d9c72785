"""The pace of a disk, as the table of its module says."""

from datetime import date, timedelta

import pytest

from scheduler.domain.library.pace import DiskFigure, disk_pace

GB = 10**9
FIRST = date(2026, 11, 1)


def on(day: int, free: float, total: float = 1000) -> DiskFigure:
    return DiskFigure(FIRST + timedelta(days=day - 1), round(free * GB), round(total * GB))


NOVEMBER = [on(1, 500), on(15, 430), on(16, 700), on(20, 690), on(26, 650)]


@pytest.mark.parametrize(
    ("figures", "days"),
    [
        (NOVEMBER[:2], 86),
        (NOVEMBER[:4], None),
        (NOVEMBER, 130),
        ([], None),
        (NOVEMBER[:1], None),
        ([on(1, 500), on(9, 500)], None),
        ([on(1, 500), on(9, 520)], None),
        ([on(1, 100), on(11, 70)], 23),
        ([on(1, 10), on(11, 0)], 0),
        ([on(1, 500), on(11, 499)], None),
        ([on(1, 900), on(2, 30), on(40, 20), on(50, 10)], 10),
    ],
)
def test_a_disk_is_full_when_its_room_is_used_at_the_pace_of_four_weeks(
    figures: list[DiskFigure], days: int | None
) -> None:
    pace = disk_pace(figures)
    assert (pace.full_in if pace else None) == days


def test_a_weekly_clearing_is_part_of_the_pace() -> None:
    """Filler of the week is removed on Mondays: the free room rises by less than a tenth."""
    figures = [on(day, 500 - 5 * day + 20 * (day // 7)) for day in range(1, 29)]
    pace = disk_pace(figures)
    assert pace is not None and pace.bytes_a_day < 3 * GB


def test_the_words_and_the_warning() -> None:
    pace = disk_pace([on(1, 100), on(11, 70)])
    assert pace is not None
    assert (pace.in_words, pace.is_warning) == ("Full in 23 days at this pace", True)
    far = disk_pace(NOVEMBER)
    assert far is not None and not far.is_warning


def test_the_reserve_does_not_count_as_room() -> None:
    pace = disk_pace([on(1, 100), on(11, 70)], reserve=10 * GB)
    assert pace is not None and pace.full_in == 20
