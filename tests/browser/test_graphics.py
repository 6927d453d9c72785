"""The Graphics card in a browser: every press by keyboard, at the widths of desk and phone."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import CH13, PLANNER
from support.session import MeetingSession, a_meeting_now

from config.clock import SystemClock
from playout.model.graphics import Crawl, LowerThird
from scheduler.actions import bodies
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.roster import AgendaItem, Member
from scheduler.queries.host_api import commands_after

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
BOTH = [(390, 844, "dark"), (1440, 900, "light")]
MEMBERS = (Member("Ana Ruiz", "Chair"), Member("Mei Chen", "Council Member, Ward 3"))
ITEMS = (AgendaItem("Call to order", "1"), AgendaItem("Budget", "7.B"))
FOCUSED = "() => document.activeElement.id"


@pytest.fixture
def room(served: Any) -> MeetingSession:
    """A meeting on air with two members and two agenda items, just reported."""
    at = SystemClock().utc().replace(microsecond=0)
    usual = MeetingDefaults(CH13, "", 2 * HOUR, body="City Council", televised=False)
    bodies.add(served.db, PLANNER, at, BodyDraft(usual, members=MEMBERS))
    made = MeetingSession(served.db, a_meeting_now(served.db, at - HOUR / 2, agenda_items=ITEMS))
    made.begin(at - HOUR / 2)
    made.report(SystemClock().utc())
    return made


def ordered(room: MeetingSession) -> Any:
    return commands_after(room.db, CH13, 0)[-1].graphic


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_a_name_is_shown_and_taken_off_by_keyboard(page: Page, room: MeetingSession) -> None:
    page.goto("/")
    chair = page.locator(f"#graphics-{CH13} button", has_text="Ana Ruiz")
    expect(chair).to_be_enabled()
    chair.focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    expect(chair).to_contain_text("Sending…")
    given = room.answer(SystemClock().utc())
    assert isinstance(given.graphic, LowerThird) and given.graphic.second == "Chair"

    room.graphics = (f"third-{given.id}",)
    room.report(SystemClock().utc())
    expect(chair).to_contain_text("on the picture")
    expect(chair).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == f"{CH13}-hide-lower-third"
    page.keyboard.press("Enter")
    expect(page.locator(f"#graphics-{CH13}")).to_contain_text("Lower third taken down: sending")


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_what_is_typed_survives_the_renewal_of_the_card(page: Page, room: MeetingSession) -> None:
    page.goto("/")
    page.locator(f"#{CH13}-type summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Jo Day")
    room.graphics = ("bug",)
    room.report(SystemClock().utc())
    expect(page.locator(f"#graphics-{CH13}")).to_contain_text("the bug")
    page.keyboard.press("Tab")
    page.keyboard.type("Resident")
    page.keyboard.press("Enter")

    expect(page.locator(f"#graphics-{CH13}")).to_contain_text("“Jo Day, Resident”")
    assert (ordered(room).first, ordered(room).second) == ("Jo Day", "Resident")
    crawl = page.locator(f"#{CH13}-crawl")
    crawl.fill("Call 311")
    crawl.press("Enter")
    expect(page.locator(f"#graphics-{CH13}")).to_contain_text("“Call 311”")
    assert isinstance(ordered(room), Crawl)


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_an_unfolded_agenda_stays_unfolded_and_axe_finds_nothing(
    page: Page, room: MeetingSession
) -> None:
    require_axe()
    page.goto("/")
    page.locator(f"#{CH13}-items summary").click()
    room.graphics = ("clock",)
    room.report(SystemClock().utc())
    expect(page.locator(f"#graphics-{CH13}")).to_contain_text("the clock")

    expect(page.locator(f"#{CH13}-items button").first).to_be_visible()
    page.locator(f"#{CH13}-type summary").click()
    assert findings(page) + overflow_findings(page) == []
