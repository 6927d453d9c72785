"""A year of council meetings is planned in five minutes: holidays, a recess, two specials.

Once by keyboard and once by mouse, each action counted at a human pace; `-s` shows the figures.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.desk import ADMIN, CH13, HOUR, PLANNER
from support.keystroke_timing import TimedUser

from config.clock import SystemClock
from scheduler.actions import bodies, calendars, sources
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.source import SourceDraft
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft, named_days
from scheduler.domain.series.patterns import days
from scheduler.queries import meetings
from web.meetings.usual_form import coming_year

pytestmark = pytest.mark.browser
FIVE_MINUTES = 300
"""Seconds that planning a year of council may take."""
ZONE = ZoneInfo("America/New_York")


def furnish(served: Any) -> tuple[BodyDraft, tuple[str, str]]:
    """Add the council, which meets Tuesdays at 10:00, and calendars of its holidays and recess."""
    at, db = SystemClock().utc(), served.db
    source = sources.add(db, ADMIN, at, SourceDraft("Council Chamber", "test:")).id
    city = calendars.add(db, PLANNER, at, CalendarDraft("City holidays", CITY_HOLIDAYS)).id
    text = "August recess: August 1 to August 31"
    recess = calendars.add(db, PLANNER, at, CalendarDraft("Recess", text)).id
    usual = MeetingDefaults(
        CH13,
        "",
        2 * HOUR,
        body="City Council",
        room="Council Chamber",
        source=source,
        replays=ReplayRules(same_day=time(19)),
    )
    draft = BodyDraft(usual)
    bodies.add(db, PLANNER, at, draft)
    return draft, (city, recess)


@dataclass
class Year:
    """The year to be planned: Tuesdays, except city holidays and August, and two specials."""

    first: date
    last: date
    specials: tuple[tuple[date, str, str], ...]
    count: int
    """How many meetings that makes."""
    calendars: tuple[str, str]
    """Ids of the calendars whose days are skipped."""


@pytest.fixture
def year(served: Any) -> Year:
    """A body that usually meets on Tuesdays, and calendars that it does not follow yet."""
    draft, calendars_of = furnish(served)
    first, last = coming_year(SystemClock().utc().astimezone(ZONE).date())
    spring, summer = (last - timedelta(days=n) for n in (287, 210))
    closed = named_days(CITY_HOLIDAYS, first, last)
    regular = [day for day in days(draft.pattern, first, first, last) if day.month != 8]
    count = len({*(day for day in regular if day not in closed), spring, summer})
    specials = ((spring, "2:00 PM", "Budget hearing"), (summer, "6:00 PM", "Budget vote"))
    return Year(first, last, specials, count, calendars_of)


def is_planned(page: Page, served: Any, year: Year) -> None:
    """Compare what is in the database with the year, and undo it."""
    expect(page.locator("#says")).to_contain_text(f"Planned {year.count} meetings of City Council")
    at = SystemClock().utc()
    found = meetings.meetings(served.db, at, at + timedelta(days=800), at)
    assert len(found) == year.count
    titles = [one.meeting.title for one in found if one.meeting.title != "City Council"]
    assert titles == ["Budget hearing", "Budget vote"]
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text(f"Undid: Planned {year.count} meetings")


def in_time(hands: TimedUser, way: str) -> None:
    """Print how long a person would take, and compare it with the promised five minutes."""
    print(hands.summary(way))
    assert hands.seconds < FIVE_MINUTES


def test_a_year_of_council_is_planned_by_keyboard_alone_in_five_minutes(
    page: Page, served: Any, year: Year
) -> None:
    hands = TimedUser(page)
    page.goto("/meetings")
    page.locator("body").focus()
    hands.tab_to("Plan meetings that repeat")
    with hands.waits():
        hands.press("Enter")
        expect(page.locator("#plan-days")).to_contain_text("Every Tuesday at 10:00")
    page.locator("#body").focus()
    for name in year.calendars:
        hands.tab_to(f"holiday-{name}")
        hands.type("no")
    for on, at, title in year.specials:
        hands.tab_to("differ-day", empty=True)
        hands.type(f"{on:%m%d%Y}")
        hands.tab_to("differ-at", empty=True)
        hands.type(at)
        hands.tab_to("differ-title", empty=True)
        hands.type(title)
    with hands.waits():
        hands.press("Tab")
        expect(page.locator("#plan-keep")).to_have_text(f"Plan {year.count} meetings")
    hands.tab_to("plan-keep")
    with hands.waits():
        hands.press("Enter")
        expect(page.locator("#says")).to_contain_text("Planned")
    in_time(hands, "by keyboard")
    is_planned(page, served, year)


def test_a_year_of_council_is_planned_by_mouse_in_five_minutes(
    page: Page, served: Any, year: Year
) -> None:
    hands = TimedUser(page)
    page.goto("/meetings")
    with hands.waits():
        hands.point(page.get_by_role("link", name="Plan meetings that repeat"))
        expect(page.locator("#plan-days")).to_contain_text("Every Tuesday at 10:00")
    for name in year.calendars:
        hands.choose(page.locator(f"#holiday-{name}"), "no meeting that day")
    for number, (on, at, title) in enumerate(year.specials, 1):
        hands.point(page.locator(f"#differ-day-{number}"), left=True)
        hands.type(f"{on:%m%d%Y}")
        hands.point(page.locator(f"#differ-at-{number}"))
        hands.type(at)
        hands.point(page.locator(f"#differ-title-{number}"))
        hands.type(title)
    with hands.waits():
        hands.point(page.locator("#plan-days p").first)
        expect(page.locator("#plan-keep")).to_have_text(f"Plan {year.count} meetings")
    with hands.waits():
        hands.point(page.locator("#plan-keep"))
        expect(page.locator("#says")).to_contain_text("Planned")
    in_time(hands, "by mouse")
    is_planned(page, served, year)
