"""The desk without a mouse: every control can be reached by key, and the focus is visible."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from support.desk import CH13, PLANNER, an_asset

from config.clock import SystemClock
from config.names import ChannelId
from playout.model.wire import Report, Status
from scheduler.actions import airings, reports
from scheduler.domain.model.airing import AiringDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import grid

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
WHERE = """(wanted) => {
    const e = document.activeElement, style = getComputedStyle(e);
    const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
    return { here: e.matches(wanted), seen: seen, tag: e.outerHTML.slice(0, 90) };
}"""


def tomorrow() -> datetime:
    return (SystemClock().utc() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def focused_by_tab(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus; each stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE, selector)
        assert stop["seen"], f"the focus is not seen on {stop['tag']}"
        if stop["here"]:
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_a_key_pressed_while_the_page_loads_is_obeyed(page: Page, served: Any) -> None:
    at = SystemClock().utc()
    made = airings.add(served.db, PLANNER, at, AiringDraft(CH13, "City Council", tomorrow(), HOUR))
    local = made.start.astimezone(grid.channel(served.db, CH13).tz)
    page.goto(f"/schedule/ch13/{local:%G-W%V}?day={local.date()}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_have_class(re.compile(r"\bshow\b"))
    focused_by_tab(page, "form:has([name=minutes][value='30']) button")
    waiting: list[Route] = []
    page.route("**/keyboard.js", lambda asked: waiting.append(asked))
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Moved City Council")
    page.keyboard.press("u")
    for asked in waiting:
        asked.continue_()
    page.unroute("**/keyboard.js")

    expect(page.locator("#says")).to_contain_text("Undid: Moved City Council")


def test_by_keyboard_an_airing_is_moved_canceled_and_both_undone(page: Page, served: Any) -> None:
    at = SystemClock().utc()
    made = airings.add(served.db, PLANNER, at, AiringDraft(CH13, "City Council", tomorrow(), HOUR))
    local = made.start.astimezone(grid.channel(served.db, CH13).tz)
    page.goto(f"/schedule/ch13/{local:%G-W%V}?day={local.date()}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_have_text("City Council")
    expect(page.locator("#drawer")).to_have_class(re.compile(r"\bshow\b"))
    focused_by_tab(page, "form:has([name=minutes][value='30']) button")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Moved City Council")
    assert grid.airing(served.db, made.id, at).airing.start == made.start + HOUR / 2
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Moved City Council")
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Redid: Moved City Council")
    assert grid.airing(served.db, made.id, at).airing.start == made.start + HOUR / 2
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Moved City Council")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_have_class(re.compile(r"\bshow\b"))
    focused_by_tab(page, "[data-yes='Cancel the airing']")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm")).to_be_visible()
    focused_by_tab(page, "#confirm [value=yes]")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Canceled City Council")
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Canceled City Council")
    assert not grid.airing(served.db, made.id, at).airing.cancelled


def test_the_question_mark_lists_the_keys_and_escape_closes_them(page: Page) -> None:
    page.keyboard.press("?")
    for said in ("move in the rundown", "add an airing", "undo or redo the last change"):
        expect(page.locator("#keys")).to_contain_text(said)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_take_next_by_keyboard_first_shows_its_consequence(page: Page, served: Any) -> None:
    at, asset = SystemClock().utc(), an_asset(served.db)
    for hours, title in ((-0.5, "City Council"), (1, "Budget hearing")):
        start = at + hours * HOUR
        airings.add(served.db, PLANNER, at, AiringDraft(CH13, title, start, HOUR, asset=asset.id))
    publish_changed(served.db, at)
    a_host_is_heard(served)
    page.goto("/")
    focused_by_tab(page, "#ch13-take")
    page.keyboard.press("Enter")
    said = page.locator("#confirm")
    expect(said).to_contain_text("Put Budget hearing on air now?")
    expect(said).to_contain_text("City Council ends now")
    focused_by_tab(page, "#confirm [value=yes]")
    page.keyboard.press("Enter")
    expect(page.locator("#desk-ch13 .answers")).to_contain_text("Take next: on its way")


def a_host_is_heard(served: Any) -> None:
    at = SystemClock().utc()
    status = Status(
        channel=CH13,
        host="playout-1",
        at=at,
        tick=60000,
        layer="deck",
        cue=None,
        item=None,
        title="City Council",
        started=at,
        ends=None,
        offset=0.0,
        revision=None,
        serial=1,
        outputs=1,
        late_ticks=0,
        clock_step=0.0,
    )
    reports.accept_report(served.db, ChannelId("ch13"), Report(status), at)
