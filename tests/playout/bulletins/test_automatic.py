"""Automatic pages as functions of plan, rundown and an instant."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import at, item, live, minutes, page, plan

from config.names import AiringId
from playout.bulletins.automatic import MOST_ROWS, WrittenPages, written
from playout.model.announced import Announced, AutomaticPage
from playout.model.plan import Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.settle import settle

NOW = at("18:30")
"""13:30 in New York, on a Friday."""


def announced(title: str, start: datetime, **rest: object) -> Announced:
    airing = AiringId(f"airing-{title}")
    return Announced(airing, title, start, timedelta(hours=2), **rest)  # type: ignore[arg-type]


def made(*told: Announced, items: tuple = (), hours: str = "12", zone: str = "America/New_York"):
    made = plan(*items, days=3)
    return replace(made, announced=told, hours=hours, zone=zone)


def rundown_of(made: Plan, now: datetime = NOW) -> Rundown:
    return settle(made, AirState(), now, horizon=now + timedelta(hours=30))


def rows(kind: str, made: Plan, now: datetime = NOW) -> tuple[str, list[str]]:
    """The heading and the rows of the page; empty where it is not shown."""
    shown = written(replace(page(), layout=kind), made, rundown_of(made, now), now)
    return (shown.heading, shown.body.splitlines()) if shown else ("", [])


@pytest.mark.parametrize("kind", AutomaticPage)
def test_a_page_with_nothing_to_say_is_not_shown(kind: AutomaticPage) -> None:
    assert rows(kind, made()) == ("", [])


def test_a_page_of_staff_stays_as_it_is() -> None:
    own = page()

    assert written(own, made(), rundown_of(made()), NOW) is own


def test_coming_up_names_what_is_on_and_what_follows_in_the_stations_hours() -> None:
    items = (
        item("Parks", at("18:15"), minutes(45)),
        live("City Council", at("19:00"), minutes(90)),
        item("Budget", at("23:30"), minutes(10)),
    )

    assert rows("next", made(items=items)) == (
        "Coming up",
        ["Now | Parks", "2:00 PM | City Council | Live", "6:30 PM | Budget"],
    )
    assert rows("next", made(items=items, hours="24"))[1][1] == "14:00 | City Council | Live"


def test_what_is_on_another_day_carries_its_weekday() -> None:
    later = (item("Early film", at("12:00", day=1), minutes(45)),)

    assert rows("next", made(items=later))[1] == ["Sat 7:00 AM | Early film"]


def test_what_is_not_for_viewers_is_not_named() -> None:
    hidden = item("Budget rehearsal", at("19:00"), minutes(30), replaces_with="Program")

    assert rows("next", made(items=(hidden,))) == ("", [])


def test_a_meeting_that_slips_is_named_at_its_new_time() -> None:
    told = announced("late", at("23:00"), live=True)
    items = (
        item("film", at("22:00"), minutes(75), rank=60),
        live("late", at("23:15"), minutes(60)),
    )

    assert rows("tonight", made(told, items=items)) == (
        "Tonight\u2019s meetings",
        ["6:15 PM | late"],
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("18:30", ["2:00 PM | Zoning | Room 2", "7:00 PM | Council"]),
        ("20:00", ["Now | Zoning | Room 2", "7:00 PM | Council"]),
        ("22:00", ["7:00 PM | Council"]),
        ("32:00", []),
    ],
)
def test_todays_meetings_leave_the_page_when_they_are_over(now: str, expected: list[str]) -> None:
    told = (
        announced("Zoning", at("19:00"), live=True, where="Room 2"),
        announced("Council", at("24:00"), live=True),
        announced("Tomorrow", at("40:00"), live=True),
        announced("Gone", at("19:30"), live=True, cancelled=True),
    )

    assert rows("tonight", made(*told), at(now))[1] == expected


def test_the_week_names_days_and_times_of_seven_days() -> None:
    told = tuple(
        announced(f"m{day}", at("24:00", day=day), live=True, where="Hall") for day in range(9)
    )
    heading, shown = rows("week", made(*told))

    assert heading == "Meetings this week"
    assert shown[:2] == ["Today | m0 | 7:00 PM", "Tomorrow | m1 | 7:00 PM"]
    assert len(shown) == MOST_ROWS


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"cancelled": True}, "Tomorrow | Zoning | Canceled (2:00 PM)"),
        (
            {"moved_from": at("20:00", day=1)},
            "Tomorrow | Zoning | Now at 2:00 PM instead of 3:00 PM",
        ),
        ({"moved_from": at("19:00", day=3)}, "Mon, Nov 23 | Zoning | Moved to tomorrow, 2:00 PM"),
    ],
)
def test_a_change_says_what_viewers_were_told_and_what_is_true(change: dict, row: str) -> None:
    assert rows("changes", made(announced("Zoning", at("19:00", day=1), **change)))[1] == [row]


@pytest.mark.parametrize(
    "change",
    [
        announced("over", at("10:00"), cancelled=True),
        announced("far", at("10:00", day=9), cancelled=True),
        announced("as planned", at("10:00", day=1), live=True),
    ],
)
def test_a_change_of_no_use_to_viewers_is_not_shown(change: Announced) -> None:
    assert rows("changes", made(change)) == ("", [])


def test_a_zone_that_the_machine_does_not_know_still_makes_a_page() -> None:
    told = announced("Zoning", at("19:00"), live=True)

    assert rows("tonight", made(told, zone="Mars/Olympus"))[1] == ["7:00 PM | Zoning"]
    assert rows("tonight", made(told, hours="13"))[1] == ["2:00 PM | Zoning"]


def test_a_title_with_a_separator_makes_no_new_column() -> None:
    told = announced("Budget | Part 2", at("19:00"), live=True)

    assert rows("tonight", made(told))[1] == ["2:00 PM | Budget / Part 2"]


def test_an_adjourned_meeting_is_no_longer_named() -> None:
    """It was planned until 9 PM, and the rundown has its last cue end at 8 PM."""
    told = announced("Council", at("24:00"), live=True)
    made_ = made(told, items=(live("Council", at("24:00"), minutes(120)),))
    rundown, adjourned = rundown_of(made_, at("23:00")), at("25:00")
    (last,) = (cue for cue in rundown.cues if cue.airing == told.airing)
    ended = replace(
        rundown,
        cues=tuple(
            replace(cue, end=adjourned)
            if cue is last
            else replace(cue, start=adjourned if cue.start == last.end else cue.start)
            for cue in rundown.cues
        ),
    )
    auto = replace(page(), layout="tonight")

    assert written(auto, made_, rundown, at("25:30")) is not None
    assert written(auto, made_, ended, at("25:30")) is None


def test_pages_are_written_again_each_second_and_for_another_plan_or_rundown() -> None:
    one = made(announced("Zoning", at("19:00"), live=True))
    other = made(announced("Council", at("19:00"), live=True))
    rundown, auto, pages = rundown_of(one), replace(page(), layout="tonight"), WrittenPages()
    tenth = timedelta(milliseconds=100)
    first = pages.read(auto, one, rundown, NOW)

    assert pages.read(auto, one, rundown, NOW + tenth) is first
    assert pages.read(auto, one, rundown, NOW + 11 * tenth) == first
    assert pages.read(auto, one, rundown, NOW + 11 * tenth) is not first
    assert pages.read(auto, other, rundown, NOW + 11 * tenth) != first
    assert pages.read(auto, one, rundown, at("22:00")) is None
