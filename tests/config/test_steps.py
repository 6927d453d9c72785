"""Rounding of instants to a step."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.steps import last_step, next_step

CHICAGO, KOLKATA = ZoneInfo("America/Chicago"), ZoneInfo("Asia/Kolkata")
FIVE, QUARTER, SIX_HOURS = timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=6)


@pytest.mark.parametrize(
    ("at", "step", "before", "after"),
    [
        pytest.param("19:00", FIVE, "19:00", "19:00", id="a whole step is its own"),
        pytest.param("19:02", FIVE, "19:00", "19:05", id="between two steps"),
        pytest.param("19:00:00.000001", FIVE, "19:00", "19:05", id="a microsecond later"),
        pytest.param("23:46", QUARTER, "23:45", "00:00+1", id="over midnight"),
        pytest.param("17:59:59", SIX_HOURS, "12:00", "18:00", id="hours of a step divide the day"),
    ],
)
@pytest.mark.parametrize("zone", [UTC, CHICAGO, KOLKATA], ids=str)
def test_an_instant_is_rounded_to_the_step_on_either_side(
    at: str, step: timedelta, before: str, after: str, zone: ZoneInfo
) -> None:
    def moment(text: str) -> datetime:
        clock, _, days = text.partition("+")
        return datetime.fromisoformat(f"2026-03-03T{clock}").replace(tzinfo=zone) + timedelta(
            days=int(days or 0)
        )

    assert last_step(moment(at), step) == moment(before)
    assert next_step(moment(at), step) == moment(after)


def test_six_hour_steps_are_those_of_the_zone() -> None:
    local = datetime(2026, 3, 3, 7, 30, tzinfo=CHICAGO)

    assert last_step(local, SIX_HOURS).isoformat() == "2026-03-03T06:00:00-06:00"
    assert last_step(local.astimezone(UTC), SIX_HOURS).isoformat() == "2026-03-03T12:00:00+00:00"
