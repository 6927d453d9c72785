"""The public page refreshes itself: news appears, and nothing moves under the reader."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.boxes import box_of
from support.desk import PLANNER, a_draft

from config.clock import SystemClock
from scheduler.actions import airings, programs
from scheduler.domain.model.program import ProgramDraft

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
LATE_ANSWERS = """
const text = Response.prototype.text;
Response.prototype.text = async function () {
    for (let n = 0; n < 20; n++) await fetch("/healthz");
    return text.call(this);
};
"""
"""Lets the page wait for the text of an answer long after its headers came."""
TURN = 31_000
"""Half a minute and a little, in milliseconds of the page's own clock."""


def planned(served: Any, title: str, hours: float, **over: Any) -> Any:
    now = SystemClock().utc()
    draft = a_draft(now + hours * HOUR, title=title, length=HOUR / 2, **over)
    return airings.add(served.db, PLANNER, now - HOUR, draft)


@pytest.fixture
def viewer(chromium: Browser, served: Any) -> Iterator[Page]:
    """A visitor's browser whose timers run when the test says so."""
    size = {"width": 390, "height": 600}
    context = chromium.new_context(base_url=served.url, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def renewed(page: Page) -> None:
    """Let half a minute pass, and wait until the page has put the answer in its place."""
    part = page.locator("[data-renew]")
    before = part.get_attribute("data-renewed") or ""
    page.clock.run_for(TURN)
    expect(part).not_to_have_attribute("data-renewed", before)
    page.clock.run_for(100)


def test_news_appears_without_reloading_the_page(viewer: Page, served: Any) -> None:
    planned(served, "Planning Commission", 1)
    viewer.goto("/tv/ch13")
    expect(viewer.get_by_text("This page updates automatically while it is open.")).to_be_visible()
    viewer.evaluate("window.same = true")
    planned(served, "Zoning Board", 2)
    renewed(viewer)
    expect(viewer.get_by_text("Zoning Board")).to_be_visible()
    assert viewer.evaluate("window.same") is True


def test_an_unchanged_page_is_not_touched(viewer: Page, served: Any) -> None:
    planned(served, "Planning Commission", 1)
    viewer.goto("/tv/ch13")
    viewer.evaluate(
        "window.touched = 0;"
        "new MutationObserver((all) => { window.touched += all.length; })"
        ".observe(document.querySelector('[data-renew]'), {subtree: true, childList: true})"
    )
    renewed(viewer)
    renewed(viewer)
    assert viewer.evaluate("window.touched") == 0


def test_focus_and_scroll_position_are_kept(viewer: Page, served: Any) -> None:
    record = programs.add(
        served.db, PLANNER, SystemClock().utc(), ProgramDraft("Hall", link="https://a.example/")
    )
    for hour in range(20):
        planned(served, f"Program {hour}", 1 + hour, program=record.id)
    viewer.add_init_script(LATE_ANSWERS)
    viewer.goto("/tv/ch13")
    link = viewer.get_by_role("link", name="Program 12", exact=True)
    link.focus()
    viewer.wait_for_timeout(300)
    before = box_of(link)
    planned(served, "Brand new", 0.5)
    planned(served, "Newer still", 1.5)
    renewed(viewer)
    expect(link).to_be_focused()
    expect(viewer.get_by_text("Brand new")).to_have_count(2)
    assert abs(box_of(link)["y"] - before["y"]) <= 1


def test_a_lost_server_is_reported_until_it_is_back(viewer: Page, served: Any) -> None:
    viewer.goto("/tv/ch13")
    viewer.route("**/now", lambda route: route.abort())
    for _ in range(7):
        viewer.clock.run_for(TURN)
        viewer.wait_for_timeout(50)
    viewer.clock.run_for(TURN)
    expect(viewer.get_by_text("has not updated")).to_be_visible()
    viewer.unroute("**/now")
    renewed(viewer)
    expect(viewer.get_by_text("has not updated")).to_be_hidden()
