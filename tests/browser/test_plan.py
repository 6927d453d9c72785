"""A year of council is planned without a mouse: holidays, the August recess, two specials."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.chromium import HUMAN
from support.desk import ADMIN, CH13, HOUR, PLANNER

from config.clock import SystemClock
from scheduler.actions import bodies, calendars, sources
from scheduler.domain.body import BodyDraft, Usual
from scheduler.domain.calendar import CITY_HOLIDAYS, CalendarDraft, Observance, Policy
from scheduler.domain.patterns import days
from scheduler.domain.replays import ReplayRules
from scheduler.domain.source import SourceDraft
from scheduler.queries import meetings
from web.usual_form import coming_year

pytestmark = pytest.mark.browser
ZONE = ZoneInfo("America/New_York")


def furnish(served: Any) -> BodyDraft:
    """The council: Tuesdays at 10:00, the day after a holiday, not in August."""
    at, db = SystemClock().utc(), served.db
    source = sources.add(db, ADMIN, at, SourceDraft("Council Chamber", "test:")).id
    city = calendars.add(db, PLANNER, at, CalendarDraft("City holidays", CITY_HOLIDAYS)).id
    text = "August recess: August 1 to August 31"
    recess = calendars.add(db, PLANNER, at, CalendarDraft("Recess", text)).id
    usual = Usual(
        CH13,
        "",
        2 * HOUR,
        body="City Council",
        room="Council Chamber",
        source=source,
        replays=ReplayRules(same_day=time(19)),
    )
    skips = (Observance(city, Policy.AFTER), Observance(recess, Policy.SKIP))
    draft = BodyDraft(usual, holidays=skips)
    bodies.add(db, PLANNER, at, draft)
    return draft


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the field of this name has the focus and is still empty."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(
            "(name) => document.activeElement.name === name && !document.activeElement.value", name
        ):
            return
    raise AssertionError(f"Tab never reached {name}")


def special(page: Page, on: date, at: str, title: str) -> None:
    """Fill the next empty line, as hands on a keyboard do."""
    tab_to(page, "differ-day")
    page.keyboard.type(f"{on:%m%d%Y}", delay=HUMAN)
    tab_to(page, "differ-at")
    page.keyboard.type(at, delay=HUMAN)
    tab_to(page, "differ-title")
    page.keyboard.type(title)


def test_a_year_of_council_is_planned_by_keyboard_alone(page: Page, served: Any) -> None:
    draft = furnish(served)
    first, last = coming_year(SystemClock().utc().astimezone(ZONE).date())
    spring, summer = (last - timedelta(days=n) for n in (287, 210))
    page.goto("/meetings")
    page.get_by_role("link", name="Plan meetings that repeat").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-days")).to_contain_text("Every Tuesday at 10:00")
    page.locator("#body").focus()
    special(page, spring, "0200PM", "Budget hearing")
    special(page, summer, "0600PM", "Budget vote")
    page.keyboard.press("Tab")
    expect(page.locator("#plan-days")).to_contain_text("Budget vote")
    regular = [day for day in days(draft.pattern, first, first, last) if day.month != 8]
    count = len({*regular, spring, summer})
    expect(page.locator("#plan-keep")).to_have_text(f"Plan {count} meetings")
    page.locator("#plan-keep").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text(f"Planned {count} meetings of City Council")
    at = SystemClock().utc()
    found = meetings.meetings(served.db, at, at + timedelta(days=800), at)
    assert len(found) == count
    titles = [one.meeting.title for one in found if one.meeting.title != "City Council"]
    assert titles == ["Budget hearing", "Budget vote"]
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text(f"Undid: Planned {count} meetings")
