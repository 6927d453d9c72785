"""Weekly rules across clock changes, exceptions and year ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import (
    MovedDay,
    Rule,
    SkippedDay,
    in_words,
    occurrences,
    preview,
)
from scheduler.domain.series.wall_time import instant

NEW_YORK = ZoneInfo("America/New_York")
TUESDAYS = Weekly(frozenset({1}))
START = datetime(2026, 10, 1, tzinfo=UTC)


def rule(**over: object) -> Rule:
    values: dict[str, object] = {
        "zone": "America/New_York",
        "at": time(10),
        "pattern": TUESDAYS,
        "first": date(2026, 10, 1),
    }
    return Rule(**(values | over))  # type: ignore[arg-type]


def starts(made: Rule, since: datetime = START, days: int = 60) -> list[str]:
    found = occurrences(made, since, since + timedelta(days=days))
    return [f"{one.start:%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-11-24 10:00", "2026-11-24 15:00"),
        ("2026-07-14 10:00", "2026-07-14 14:00"),
        ("2027-03-14 01:59", "2027-03-14 06:59"),
        ("2027-03-14 02:30", "2027-03-14 07:30"),  # missing: airs at 03:30
        ("2027-03-14 03:00", "2027-03-14 07:00"),
        ("2026-11-01 01:30", "2026-11-01 05:30"),  # comes twice: the first
        ("2026-11-01 02:00", "2026-11-01 07:00"),
    ],
)
def test_a_local_time_means_one_instant(local: str, utc: str) -> None:
    found = instant(datetime.fromisoformat(local), NEW_YORK)
    assert f"{found:%Y-%m-%d %H:%M}" == utc


def test_a_zone_with_half_an_hour_of_summer_moves_by_half_an_hour() -> None:
    found = instant(datetime(2026, 10, 4, 2, 15), ZoneInfo("Australia/Lord_Howe"))
    assert f"{found.astimezone(ZoneInfo('Australia/Lord_Howe')):%H:%M}" == "02:45"


def test_the_wall_clock_stays_when_the_clocks_change() -> None:
    found = starts(rule(first=date(2026, 10, 20)), days=50)
    assert found == [
        "10-20 14:00", "10-27 14:00", "11-03 15:00", "11-10 15:00", "11-17 15:00",
    ]  # fmt: skip


def test_a_rule_in_the_gap_airs_an_hour_later_that_night_only() -> None:
    made = rule(at=time(2, 30), pattern=Weekly(frozenset({6})), first=date(2027, 3, 7))
    found = starts(made, datetime(2027, 3, 1, tzinfo=UTC), 24)
    assert found == ["03-07 07:30", "03-14 07:30", "03-21 06:30"]


def test_first_and_last_day_are_both_included() -> None:
    made = rule(first=date(2026, 10, 6), last=date(2026, 10, 20))
    assert starts(made) == ["10-06 14:00", "10-13 14:00", "10-20 14:00"]


def test_every_other_week_counts_from_the_week_of_the_first_day() -> None:
    made = rule(pattern=Weekly(frozenset({0, 4}), 2), first=date(2026, 10, 8))
    assert starts(made, days=20) == ["10-09 14:00", "10-19 14:00"]


def test_a_day_can_be_skipped_or_moved() -> None:
    made = rule(
        last=date(2026, 10, 28),
        exceptions=(
            SkippedDay(date(2026, 10, 13)),
            MovedDay(date(2026, 10, 20), datetime(2026, 10, 19, 13, 30)),
        ),
    )
    found = list(occurrences(made, START, START + timedelta(days=30)))
    assert [f"{one.start:%m-%d %H:%M}" for one in found] == [
        "10-06 14:00", "10-19 17:30", "10-27 14:00",
    ]  # fmt: skip
    assert found[1].day == date(2026, 10, 20)


def test_an_occurrence_moved_far_is_found_at_its_new_time() -> None:
    made = rule(exceptions=(MovedDay(date(2026, 10, 6), datetime(2026, 12, 1, 9)),))
    since = datetime(2026, 11, 30, tzinfo=UTC)
    assert starts(made, since, 2) == ["12-01 14:00", "12-01 15:00"]
    assert "10-06 14:00" not in starts(made)


def test_no_weekday_means_no_airing() -> None:
    assert starts(rule(pattern=Weekly(frozenset()))) == []


def test_a_preview_stops_where_the_rule_does() -> None:
    made = rule(last=date(2026, 10, 14))
    assert [one.day.day for one in preview(made, START, 10)] == [6, 13]
    assert len(preview(rule(), START, 3)) == 3


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({}, "every Tuesday at 10:00"),
        ({"pattern": Weekly(frozenset({1, 2}))}, "every Tuesday and Wednesday at 10:00"),
        ({"pattern": Weekly(frozenset(range(7))), "at": time(19, 30)}, "every day at 19:30"),
        ({"pattern": Weekly(frozenset({1}), 2)}, "every second week on Tuesday at 10:00"),
        ({"last": date(2026, 12, 8)}, "every Tuesday at 10:00 until 8 December 2026"),
    ],
)
def test_a_rule_in_words(over: dict[str, object], words: str) -> None:
    assert in_words(rule(**over)) == words


@given(
    minute=st.integers(0, 24 * 60 - 1),
    day=st.integers(0, 6),
    zone=st.sampled_from(
        ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
    ),
)
def test_a_year_has_each_week_once_in_order(minute: int, day: int, zone: str) -> None:
    made = rule(
        at=time(minute // 60, minute % 60),
        pattern=Weekly(frozenset({day})),
        zone=zone,
        first=date(2026, 1, 1),
    )
    since = datetime(2026, 1, 8, tzinfo=UTC)
    found = list(occurrences(made, since, since + timedelta(days=364)))
    assert len(found) in {52, 53}
    tz = ZoneInfo(zone)
    for one in found:
        local = one.start.astimezone(tz).replace(tzinfo=None)
        assert timedelta(0) <= local - one.local <= timedelta(hours=1)
    assert all(a.start < b.start for a, b in zip(found, found[1:], strict=False))
