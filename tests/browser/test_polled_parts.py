"""Parts of a page that refresh themselves never disturb whoever is using them."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from support.desk import CH13, PLANNER, an_asset
from support.session import MeetingSession, in_session

from config.clock import SystemClock
from playout.model.commands import Verb
from scheduler.actions import media
from scheduler.queries.host_api import commands_after

pytestmark = pytest.mark.browser
POLLED = "[hx-trigger*=every]"
FOCUSABLE = ":is(a, button, summary, select, textarea, input:not([type=hidden]))"


def in_the_chamber(served: Any) -> MeetingSession:
    """A meeting that has been on air for an hour, as its broadcast machine reports."""
    at = SystemClock().utc().replace(microsecond=0)
    room = in_session(served.db, at - timedelta(hours=1))
    room.report(SystemClock().utc())
    return room


class Held:
    """Answers to a polled part, held back until the test releases them."""

    def __init__(self, page: Page, part: str) -> None:
        self.page = page
        self.waiting: list[Route] = []
        self.over = False
        page.route(part, self._hold)

    def _hold(self, route: Route) -> None:
        if self.over:
            route.continue_()
        else:
            self.waiting.append(route)

    def answer(self) -> None:
        """Answer everything that was asked, and from now on at once."""
        assert self.waiting
        self.over = True
        for one in self.waiting:
            one.continue_()
        self.page.wait_for_timeout(700)


def test_a_title_being_typed_in_the_library_survives_a_refresh(page: Page, served: Any) -> None:
    """The list refreshed itself every two seconds, and with it the field being typed in."""
    old = an_asset(served.db, "Council recording")
    page.goto("/media")
    page.locator(f"#rename-{old.id}").click()
    title = page.locator(f"#asset-{old.id} [name=title]")
    title.fill("Council, 24 Nov")
    media.register(served.db, PLANNER, SystemClock().utc(), "b.upload", "b.mp4", "Budget film")
    page.wait_for_timeout(2500)
    expect(title).to_have_value("Council, 24 Nov")
    expect(title).to_be_focused()
    page.locator("[data-search]").focus()
    page.wait_for_timeout(2500)
    expect(title).to_have_value("Council, 24 Nov")
    title.fill("Council recording")
    page.locator("[data-search]").fill("council")
    expect(page.locator("#library article")).to_have_count(1, timeout=8000)
    expect(page.locator("#library")).not_to_contain_text("Budget film", use_inner_text=True)
    expect(title).to_be_visible()


def test_polling_keeps_what_is_unfolded_and_focused(page: Page, served: Any) -> None:
    room = in_the_chamber(served)
    page.goto("/")
    told = page.locator("#ch13-all summary")
    told.focus()
    page.keyboard.press("Enter")
    before = page.locator("#desk-ch13 [data-rev]").get_attribute("data-rev")
    room.press(Verb.RECESS, SystemClock().utc())
    room.report(SystemClock().utc())
    expect(page.locator("#desk-ch13 [data-rev]")).not_to_have_attribute("data-rev", before or "")
    page.wait_for_timeout(100)
    expect(page.locator("#ch13-all")).to_have_attribute("open", "")
    expect(told).to_be_focused()


def test_a_confirmed_press_counts_although_a_poll_replaced_the_button(
    page: Page, served: Any
) -> None:
    """A poll under way replaced the button behind the dialog, and Adjourn did nothing."""
    room = in_the_chamber(served)
    page.goto("/")
    held = Held(page, "**/channels/ch13/desk")
    room.press(Verb.RECESS, SystemClock().utc())
    room.report(SystemClock().utc())
    page.wait_for_timeout(1500)
    page.locator("#ch13-adjourn").click()
    expect(page.locator("#confirm")).to_be_visible()
    held.answer()
    page.locator("#confirm [value=yes]").click()
    expect(page.locator("#ch13-adjourn")).to_be_visible()
    page.wait_for_timeout(500)
    assert [one.verb for one in commands_after(served.db, CH13, 0)] == [Verb.ADJOURN]


def test_a_slow_press_counts_although_a_poll_arrived_during_it(page: Page, served: Any) -> None:
    room = in_the_chamber(served)
    page.goto("/")
    held = Held(page, "**/channels/ch13/desk")
    room.press(Verb.RECESS, SystemClock().utc())
    room.report(SystemClock().utc())
    page.wait_for_timeout(1500)
    page.locator("#ch13-adjourn").hover()
    page.mouse.down()
    held.answer()
    page.mouse.up()
    expect(page.locator("#confirm")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/media", "/meetings"])
def test_every_focusable_element_of_a_polled_part_has_an_id_to_restore_its_focus(
    page: Page, served: Any, path: str
) -> None:
    room = in_the_chamber(served)
    an_asset(served.db)
    page.goto(path if path != "/meetings" else f"/meetings/{room.meeting.id}")
    parts = page.locator(POLLED)
    nameless = page.locator(f"{POLLED} {FOCUSABLE}:not([id])")
    assert parts.count() > 2
    assert [one.evaluate("e => e.outerHTML") for one in nameless.all()] == []
