"""The operator's controls: they stay in view, and a press is answered where it was made."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.desk import CH13
from support.session import MeetingSession, a_meeting_now
from support.waiting import in_the_end

from config.clock import SystemClock
from playout.model.events import Alerted, Message, MessagePlacement
from playout.model.wire import JournalEntry, Report
from scheduler.actions import reports
from scheduler.queries.host_api import commands_after

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
BOTH = [(390, 844, "dark"), (1440, 900, "light")]
IN_VIEW = """(e) => { const box = e.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0; }"""
COVERED = """(desk) => {
    const inside = (e) => { const box = e.getBoundingClientRect();
        return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; };
    const uncovered = (e) => { const box = e.getBoundingClientRect();
        return [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2].every(
            (y) => (e.closest("form") || e).contains(
                document.elementFromPoint(box.left + 8, y))); };
    const parts = [...desk.querySelectorAll(".now .title, .now .across, .controls button")];
    const wrong = parts.filter((e) => !inside(e) || !uncovered(e)).map((e) => e.innerText);
    return [parts.length, wrong, document.querySelector(".desk .program").offsetHeight]; }"""
"""What of title, time left and buttons is covered or out of view, and the picture's rows."""
SMALLEST_PICTURE = 100
"""Rows of the picture below which nobody sees what is on air."""
LOW = [(1440, 900), (1366, 768), (1280, 720), (390, 844)]
WATCHED = """(id) => { window.seen = []; new MutationObserver(() =>
    window.seen.push(document.getElementById(id)?.innerText ?? "")
  ).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
"""Keeps every text that a button has from now on."""
PRESSED = """(e) => { e.click(); return e.innerText; }"""


@pytest.fixture
def room(served: Any) -> MeetingSession:
    """A meeting on air whose broadcast machine has reported."""
    at = SystemClock().utc().replace(microsecond=0)
    made = MeetingSession(served.db, a_meeting_now(served.db, at - HOUR / 2))
    made.begin(at - HOUR / 2)
    made.report(SystemClock().utc())
    return made


def obeyed(room: MeetingSession) -> None:
    """Let the broadcast machine obey the latest command and report so."""
    at = SystemClock().utc()
    (given,) = commands_after(room.db, CH13, 0)
    done = JournalEntry(1, "obeyed", at, "command", command=given)
    reports.accept_report(room.db, CH13, Report(room.status(at), entries=(done,)), at)


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_every_control_is_in_view_during_a_live_airing_wherever_the_page_is_scrolled(
    page: Page, room: MeetingSession
) -> None:
    page.goto("/")
    desk = page.locator(f"#desk-{CH13}")
    expect(desk.locator(".acts-live")).to_be_visible()
    for down in (0, 120):
        page.evaluate("(y) => window.scrollTo(0, y)", down)
        for key in ("slate", "adjourn", "hold", "extend-15"):
            button = page.locator(f"#{CH13}-{key}")
            assert button.evaluate(IN_VIEW), f"{key} is not in view {down} px down"


def test_title_and_time_left_are_uncovered_beside_every_control_in_a_low_window(
    page: Page, room: MeetingSession
) -> None:
    page.goto("/")
    desk = page.locator(f"#desk-{CH13}")
    expect(desk.locator(".acts-live")).to_be_visible()
    for width, height in LOW:
        page.set_viewport_size({"width": width, "height": height})
        room.report(SystemClock().utc())
        parts, covered, rows = desk.evaluate(COVERED)

        assert parts >= len(["title", "time left", "slate", "adjourn", "hold"])
        assert covered == [], f"covered in a window of {width} by {height}"
        assert rows >= SMALLEST_PICTURE


@pytest.mark.parametrize("page", [(390, 844, "light")], indirect=True)
def test_a_notice_on_a_phone_covers_neither_title_nor_time_left_nor_a_control(
    page: Page, room: MeetingSession
) -> None:
    text = "Water main break on Elm Street. Boil water until further notice."
    at = SystemClock().utc()
    message = Message("m1", text, MessagePlacement.STRIP, at, at + HOUR, "Ann")
    room.facts.append(Alerted(message))
    room.report(SystemClock().utc())
    page.goto("/")
    desk = page.locator(f"#desk-{CH13}")
    expect(desk.locator(".acts-live")).to_be_visible()
    expect(page.locator("#banner .notice")).to_contain_text("Water main break")
    parts, covered, rows = desk.evaluate(COVERED)

    assert parts >= len(["title", "time left", "slate", "adjourn", "hold"])
    assert (covered, rows >= SMALLEST_PICTURE) == ([], True)


@pytest.mark.parametrize("page", [(390, 844, "light")], indirect=True)
def test_a_press_answers_where_it_was_made_and_then_reports_its_outcome(
    page: Page, room: MeetingSession
) -> None:
    page.goto("/")
    fifteen = page.locator(f"#{CH13}-extend-15")
    expect(fifteen).to_be_enabled()
    assert "Sending…" in fifteen.evaluate(PRESSED), "nothing was said before the server answered"
    expect(page.locator(".answers")).to_contain_text("+15 min")
    # "Done" stands for seconds only, in which a busy machine may not look once.
    page.evaluate(WATCHED, f"{CH13}-extend-15")
    obeyed(room)
    assert in_the_end(lambda: any("Done" in text for text in page.evaluate("() => window.seen")))
    expect(page.locator(f"#{CH13}-extend-30")).not_to_contain_text("Done")
