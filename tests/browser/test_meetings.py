"""Meetings and live controls in a real browser: by keyboard alone, on a phone, and with axe."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.chromium import KEY_DELAY_MS
from support.desk import ADMIN, CH13, PLANNER, an_asset
from support.session import MeetingSession, a_meeting_now, in_session

from config.clock import SystemClock
from playout.model.commands import Verb
from playout.model.plan import EndRule
from scheduler.actions import airings, meetings, sources
from scheduler.db.store import Database
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.source import SourceDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import grid
from scheduler.queries.host_api import commands_after

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
SIZES = [
    (1440, 900, "light"),
    (390, 844, "dark"),
    pytest.param((1440, 900, "dark"), marks=pytest.mark.soak),
    pytest.param((390, 844, "light"), marks=pytest.mark.soak),
]
SIZES_OF = "(all) => all.map((e) => [e.offsetWidth, e.offsetHeight])"
PHONE = [(390, 844, "light")]


@pytest.fixture
def checker() -> None:
    require_axe()


def furnish(served: Any) -> Any:
    """Plan a meeting for tomorrow, and put one on air that began an hour and a half ago."""
    at, db = SystemClock().utc(), served.db
    chamber = sources.add(db, ADMIN, at, SourceDraft("Council Chamber", "test:")).id
    draft = MeetingDraft(CH13, "Standing Committee", at + 24 * HOUR, 2 * HOUR, source=chamber)
    meetings.add(db, PLANNER, at, draft)
    room = in_session(db, (at - 1.5 * HOUR).replace(microsecond=0))
    room.report(SystemClock().utc())
    return room


def with_an_end(db: Database, at: datetime) -> MeetingSession:
    """Put a live airing on air that the clock may end: the kind that can be held."""
    room = MeetingSession(db, a_meeting_now(db, at))
    live = grid.airing(db, room.live, at).airing
    airings.edit(db, PLANNER, at, live.id, replace(live.draft, end_rule=EndRule.CUT), live.version)
    publish_changed(db, at)
    room.begin(at)
    room.report(SystemClock().utc())
    return room


def test_a_meeting_is_added_and_undone_by_keyboard_alone(page: Page, served: Any) -> None:
    sources.add(served.db, ADMIN, SystemClock().utc(), SourceDraft("Council Chamber", "test:"))
    page.goto("/meetings")
    page.keyboard.press("n")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("City Council")
    page.keyboard.press("Tab")
    page.keyboard.type("City Council: Special Meeting")
    page.locator("#same_day").focus()
    page.keyboard.type("1930", delay=KEY_DELAY_MS)
    page.keyboard.press("Tab")
    expect(page.locator("#moves")).to_contain_text("City Council: Special Meeting airs tomorrow")
    page.locator("#title").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/*")
    expect(page.locator("h1")).to_have_text("City Council: Special Meeting")
    expect(page.locator("#meeting-now")).to_contain_text("tomorrow at 10:00")
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Added the meeting")
    expect(page.locator("#meeting-now")).to_contain_text("canceled")


@pytest.mark.parametrize("page", PHONE, indirect=True)
def test_the_live_buttons_on_a_phone_do_what_they_announce(page: Page, served: Any) -> None:
    at = SystemClock().utc().replace(microsecond=0)
    replay = AiringDraft(CH13, "Planning", at + HOUR / 2, HOUR, asset=an_asset(served.db).id)
    after = airings.add(served.db, PLANNER, at, replay)
    room = with_an_end(served.db, at - 1.5 * HOUR)
    page.goto("/")
    fifteen = page.locator("#ch13-extend-15")
    expect(fifteen).to_contain_text("+15 min")
    assert overflow_findings(page) == []
    fifteen.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answers")).to_contain_text("+15 min")
    for key, says, word in (
        ("hold", "stays until it is adjourned", "Hold"),
        ("extend-30", "+30 min", "+30 min"),
    ):
        button = page.locator(f"#ch13-{key}")
        expect(button).to_contain_text(says)
        page.wait_for_timeout(100)
        button.click()
        expect(page.locator(".answers")).to_contain_text(word)
    for key, says, word in (
        ("adjourn", "Adjourn City Council", "Adjourn"),
        ("take", "Put Planning on air now", "Take next"),
    ):
        page.locator(f"#ch13-{key}").click()
        expect(page.locator("#confirm")).to_contain_text(says)
        page.keyboard.press("Escape")
        expect(page.locator("#confirm")).to_be_hidden()
        page.locator(f"#ch13-{key}").click()
        page.locator("#confirm [value=yes]").click()
        expect(page.locator(".answers")).to_contain_text(word)
    sizes = page.locator(".acts-live button").evaluate_all(SIZES_OF)
    assert sizes and min(map(min, sizes)) >= 44
    given = commands_after(served.db, CH13, 0)
    assert [(one.verb, one.item, one.minutes) for one in given] == [
        (Verb.EXTEND, room.item, 15),
        (Verb.HOLD, room.item, None),
        (Verb.EXTEND, room.item, 30),
        (Verb.ADJOURN, room.item, None),
        (Verb.TAKE, after.id, None),
    ]
    expect(page.locator("#banner")).to_be_attached()


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_axe_finds_nothing_on_the_meeting_pages(page: Page, served: Any, checker: None) -> None:
    room = furnish(served)
    page.goto("/")
    expect(page.locator("#ch13-adjourn")).to_be_visible()
    found = findings(page) + overflow_findings(page)
    page.get_by_role("button", name="Put a source on air").first.click()
    expect(page.locator("#drawer")).to_have_class("offcanvas offcanvas-end drawer show")
    found += findings(page)
    for path in ("/meetings", f"/meetings/{room.meeting.id}", "/emergency", "/settings"):
        page.goto(path)
        found += findings(page)
        found += overflow_findings(page)
        if path.startswith("/meetings"):
            page.locator("[data-add]").first.click()
            expect(page.locator("#moves")).not_to_contain_text("appears here")
            found += findings(page)
    assert found == []
