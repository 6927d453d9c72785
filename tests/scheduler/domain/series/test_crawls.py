"""Crawls of a channel: which are refused, and what a plan carries of them on which days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13

from playout.model.graphics import Stretch
from scheduler.domain.model.ids import CrawlId
from scheduler.domain.series.crawls import (
    ChannelCrawl,
    CrawlDraft,
    carried_crawls,
    clock_stretches,
    in_the_way,
    problems,
)
from scheduler.domain.series.hours import WeeklyHours, as_json, from_json

ZONE = ZoneInfo("America/New_York")
EVERY_DAY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))
MORNING = WeeklyHours(WEEKDAYS, time(7), time(9))
LEAVES = CrawlDraft(CH13, "Leaf pickup begins Monday.", MORNING, date(2026, 11, 1))
DAY = timedelta(days=1)


def stored(draft: CrawlDraft, id: str = "c1") -> ChannelCrawl:
    return ChannelCrawl(CrawlId(id), draft, archived=False, version=1)


def spans(draft: CrawlDraft, since: datetime, until: datetime) -> list[tuple[str, str]]:
    made = carried_crawls([stored(draft)], ZONE, since, until)
    return [(f"{one.begins:%d %H:%M}", f"{one.ends:%d %H:%M}") for one in made]


def test_a_plan_carries_one_crawl_for_each_local_day_of_its_window() -> None:
    since = datetime(2026, 11, 20, 13, tzinfo=UTC)
    made = carried_crawls([stored(LEAVES)], ZONE, since, since + 4 * DAY)

    assert [one.id for one in made] == ["c1-2026-11-20", "c1-2026-11-23", "c1-2026-11-24"]
    assert made[0].begins == datetime(2026, 11, 20, 12, tzinfo=UTC), "begun before the window"
    assert {(one.text, one.times, one.every) for one in made} == {
        (LEAVES.text, 1, timedelta(minutes=15))
    }


def test_a_plan_made_again_carries_the_same_crawls() -> None:
    since = datetime(2026, 11, 20, 6, tzinfo=UTC)
    first = carried_crawls([stored(LEAVES)], ZONE, since, since + 4 * DAY)
    later = carried_crawls([stored(LEAVES)], ZONE, since + DAY / 4, since + 4 * DAY + DAY / 4)

    assert [one for one in first if one in later] == list(first)


def test_a_crawl_without_a_pause_passes_until_its_end() -> None:
    since = datetime(2026, 11, 20, 12, tzinfo=UTC)
    (made,) = carried_crawls([stored(replace(LEAVES, every=None))], ZONE, since, since + DAY)

    assert (made.times, made.every) == (0, timedelta(0)) and made.ends is not None


@pytest.mark.parametrize(
    ("at", "until", "utc"),
    [
        # The clocks go back on 1 November 2026 at 2:00: 1:00 to 3:00 lasts three hours.
        (time(1), time(3), [("01 05:00", "01 08:00"), ("02 06:00", "02 08:00")]),
        (time(23), time(1), [("01 03:00", "01 05:00"), ("02 04:00", "02 06:00")]),
        (time(7), time(9), [("01 12:00", "01 14:00"), ("02 12:00", "02 14:00")]),
    ],
)
def test_hours_keep_their_local_times_when_the_clocks_go_back(
    at: time, until: time, utc: list[tuple[str, str]]
) -> None:
    draft = replace(LEAVES, hours=WeeklyHours(EVERY_DAY, at, until), first=date(2026, 10, 1))
    since = datetime(2026, 11, 1, 5, tzinfo=UTC)
    if until < at:
        since -= timedelta(hours=1)

    assert spans(draft, since, datetime(2026, 11, 2, 15, tzinfo=UTC))[:2] == utc


@pytest.mark.parametrize(
    ("at", "until", "utc"),
    [
        # The clocks go forward on 14 March 2027 at 2:00: 1:00 to 4:00 lasts two hours.
        (time(1), time(4), [("14 06:00", "14 08:00")]),
        (time(2), time(3), []),
        (time(2, 30), time(4), [("14 07:30", "14 08:00")]),
    ],
)
def test_hours_leave_out_what_the_clocks_skip(
    at: time, until: time, utc: list[tuple[str, str]]
) -> None:
    draft = replace(LEAVES, hours=WeeklyHours(EVERY_DAY, at, until))
    since = datetime(2027, 3, 14, 5, tzinfo=UTC)

    assert spans(draft, since, since + timedelta(hours=12)) == utc


def test_a_crawl_runs_from_its_first_day_to_its_last() -> None:
    draft = replace(
        LEAVES,
        hours=WeeklyHours(EVERY_DAY, time(7), time(9)),
        first=date(2026, 11, 21),
        last=date(2026, 11, 22),
    )
    since = datetime(2026, 11, 20, 5, tzinfo=UTC)

    assert spans(draft, since, since + 4 * DAY) == [
        ("21 12:00", "21 14:00"), ("22 12:00", "22 14:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "x" * 601}, "text"),
        ({"hours": WeeklyHours(frozenset(), time(7), time(9))}, "weekdays"),
        ({"hours": WeeklyHours(WEEKDAYS, time(7), time(7, 2))}, "until"),
        ({"last": date(2026, 10, 1)}, "last"),
        ({"every": timedelta(minutes=1)}, "every"),
        ({"every": timedelta(hours=13)}, "every"),
        ({"speed": 500}, "speed"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], field: str) -> None:
    assert problems(LEAVES) == {}
    assert list(problems(replace(LEAVES, **change))) == [field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        ({}, True),
        ({"every": timedelta(minutes=15)}, False),
        ({"hours": WeeklyHours(WEEKDAYS, time(9), time(11))}, False),
        ({"hours": WeeklyHours(frozenset({5, 6}), time(7), time(9))}, False),
        ({"hours": WeeklyHours(frozenset({6}), time(22), time(7, 30))}, True),
        ({"last": date(2026, 11, 1)}, False),
        ({"first": date(2027, 5, 1)}, True),
    ],
)
def test_two_crawls_without_a_pause_may_not_share_hours(
    other: dict[str, object], meets: bool
) -> None:
    without = replace(LEAVES, every=None)
    there = stored(replace(without, **other), "c2")  # type: ignore[arg-type]

    assert in_the_way(without, [there]) == (there if meets else None)
    assert in_the_way(LEAVES, [there]) is None


def test_the_hours_of_a_clock_are_joined_where_they_meet() -> None:
    hours = (MORNING, WeeklyHours(frozenset({0}), time(8, 30), time(10)))
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)

    assert clock_stretches(hours, ZONE, monday, monday + 2 * DAY) == (
        Stretch(monday + timedelta(hours=7), monday + timedelta(hours=10)),
        Stretch(monday + timedelta(hours=31), monday + timedelta(hours=33)),
    )
    assert from_json(as_json(hours)) == hours
