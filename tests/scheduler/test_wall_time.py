"""A local time that comes back from a form or a drag means the instant it was shown for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, follow_from
from scheduler.domain.series.wall_time import dragged_start, instant_from_form
from scheduler.domain.series.wall_time import instant as by_rule

ZONES = (
    *("America/New_York", "America/Denver", "Europe/Berlin", "Australia/Lord_Howe"),
    *("Pacific/Auckland", "UTC"),
)
NIGHTS = (date(2027, 3, 14), date(2027, 11, 7), date(2027, 3, 28), date(2027, 10, 31))
NIGHTS = (*NIGHTS, date(2027, 4, 4), date(2027, 10, 3), date(2027, 9, 26))
QUARTER = timedelta(minutes=15)


def quarters(zone: ZoneInfo) -> list[datetime]:
    """Return every quarter of an hour of the nights on which clocks change."""
    starts = [datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in NIGHTS]
    return [start + QUARTER * n for start in starts for n in range(24)]


@pytest.mark.parametrize("name", ZONES)
def test_an_unchanged_form_keeps_its_instant(name: str) -> None:
    zone = ZoneInfo(name)
    for stood in quarters(zone):
        shown = stood.astimezone(zone).replace(tzinfo=None, fold=0)

        assert instant_from_form(shown, zone, stood) == stood
        assert instant_from_form(shown, zone, stood, seconds=False) == stood


@pytest.mark.parametrize("name", ZONES)
def test_a_drag_to_where_it_was_keeps_the_instant(name: str) -> None:
    zone = ZoneInfo(name)

    assert [dragged_start(at, timedelta(0), zone, zone) for at in quarters(zone)] == quarters(zone)


@pytest.mark.parametrize("name", ZONES)
def test_a_drag_there_and_back_keeps_the_instant_within_like_hours(name: str) -> None:
    zone = ZoneInfo(name)
    for at in quarters(zone):
        there = dragged_start(at, QUARTER, zone, zone)
        gone = there.astimezone(zone).replace(tzinfo=None) - at.astimezone(zone).replace(
            tzinfo=None
        )
        if gone == QUARTER and there.astimezone(zone).fold == at.astimezone(zone).fold:
            assert dragged_start(there, -QUARTER, zone, zone) == at


def test_a_fraction_of_a_second_survives_a_form_that_shows_none() -> None:
    zone, stood = ZoneInfo("America/New_York"), datetime(2026, 12, 1, 20, 0, 0, 500000, tzinfo=UTC)

    assert instant_from_form(datetime(2026, 12, 1, 15, 0), zone, stood) == stood


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (datetime(2027, 11, 7, 1, 45), datetime(2027, 11, 7, 5, 45, tzinfo=UTC)),
        (datetime(2027, 11, 8, 1, 30), datetime(2027, 11, 8, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_newly_typed_time_follows_the_rule_for_clock_changes(
    typed: datetime, meant: datetime
) -> None:
    second = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)

    assert instant_from_form(typed, ZoneInfo("America/New_York"), second) == meant


def test_a_form_with_seconds_removed_means_the_full_minute() -> None:
    zone, stood = ZoneInfo("America/New_York"), datetime(2026, 12, 1, 20, 0, 54, tzinfo=UTC)
    typed = datetime(2026, 12, 1, 15, 0)

    assert instant_from_form(typed, zone, stood) == stood - timedelta(seconds=54)
    assert instant_from_form(typed, zone, stood, seconds=False) == stood


def test_a_drag_across_a_clock_change_lands_on_the_hour_it_was_dropped_on() -> None:
    zone = ZoneInfo("America/New_York")
    before = datetime(2027, 3, 14, 6, 0, tzinfo=UTC)  # 01:00 EST

    after = dragged_start(before, timedelta(hours=3), zone, zone)

    assert after.astimezone(zone).replace(tzinfo=None) == datetime(2027, 3, 14, 4, 0)


def test_a_drag_to_a_channel_in_another_zone_keeps_the_local_time_shown() -> None:
    east, west = ZoneInfo("America/New_York"), ZoneInfo("America/Denver")
    ten = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)

    assert dragged_start(ten, timedelta(minutes=5), east, east) == ten + timedelta(minutes=5)
    assert dragged_start(ten, timedelta(0), east, west) == ten + timedelta(hours=2)


def fortnightly(first: date, *weekdays: int) -> Rule:
    start = by_rule(datetime(2026, 11, 24, 10), ZoneInfo("America/New_York"))
    at = start.astimezone(ZoneInfo("America/New_York")).time()
    return Rule("America/New_York", at, Weekly(frozenset(weekdays or {1}), 2), first)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 12, 1), date(2026, 12, 7)),
        (date(2026, 12, 8), date(2026, 12, 8)),
        (date(2026, 12, 9), date(2026, 12, 9)),
        (date(2026, 11, 30), date(2026, 12, 7)),
    ],
)
def test_a_fortnightly_rule_split_on_a_day_keeps_its_weeks(day: date, first: date) -> None:
    standing = fortnightly(date(2026, 11, 24))

    assert follow_from(fortnightly(date(2026, 11, 24), 1, 3), standing, day).first == first


def test_a_new_interval_counts_from_the_day_of_the_split() -> None:
    standing = fortnightly(date(2026, 11, 24))
    weekly = Rule(standing.zone, standing.at, Weekly(frozenset({1}), 1), standing.first)

    assert follow_from(weekly, standing, date(2026, 12, 1)).first == date(2026, 12, 1)
    assert follow_from(standing, weekly, date(2026, 12, 1)).first == date(2026, 12, 1)
