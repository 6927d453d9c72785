"""A meeting that overruns, run by thumb alone: each press on the first screen and answered."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support.boxes import box_of
from support.desk import CH13, HOUR, MINUTE, PLANNER
from support.session import MeetingSession, a_meeting_now

from config.clock import SystemClock
from playout.model.commands import Verb
from playout.model.plan import EndRule
from scheduler.actions import airings
from scheduler.process.publish import publish_changed
from scheduler.queries import grid

pytestmark = pytest.mark.browser
FIRST_SCREEN = """(e) => { const box = e.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    return window.scrollY === 0 && box.top >= 0 && box.bottom <= window.innerHeight
        && e.contains(document.elementFromPoint(x, y)); }"""


class Evening(SystemClock):
    """The machine's clock, which the test moves forward so that it need not wait."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def utc(self) -> datetime:
        return super().utc() + self.ahead


@dataclass
class Desk:
    """The desk on a phone, and the broadcast machine that it commands."""

    page: Page
    room: MeetingSession
    clock: Evening

    def find(self, key: str) -> Locator:
        """Return a button of the channel."""
        return self.page.locator(f"#{CH13}-{key}")

    def touch(self, button: Locator) -> None:
        """Tap the button where it is drawn, without scrolling to it or pressing what covers it."""
        expect(button).to_be_enabled()
        assert button.evaluate(FIRST_SCREEN), f"not in the first screen: {button.inner_text()}"
        box = box_of(button)
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def press(self, key: str, word: str = "") -> Locator:
        """Tap a button and see its answer; where it asks first, tap `word` in the dialog."""
        button = self.find(key)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.touch(button)
            if word:
                self.touch(self.page.locator("dialog[open] [value=yes]"))
            expect(button).to_contain_text("Sending…")
        self.room.answer(self.clock.utc())
        return button

    def later(self, span: timedelta) -> None:
        """Move time on, let the machine report, and load the page again."""
        self.clock.ahead += span
        self.room.report(self.clock.utc())
        self.page.reload()


@pytest.fixture
def desk(phone: Page, served: Any) -> Iterator[Desk]:
    """A meeting with two minutes to go, whose airing would be cut at its end."""
    clock, house = Evening(), served.app.extensions["gavel"]
    served.app.extensions["gavel"] = replace(house, clock=clock)
    at = clock.utc().replace(microsecond=0)
    start = at - 2 * HOUR + 2 * MINUTE
    room = MeetingSession(served.db, a_meeting_now(served.db, start))
    view = grid.airing(served.db, room.live, at)
    cut = replace(view.airing.draft, end_rule=EndRule.CUT)
    airings.edit(served.db, PLANNER, at, room.live, cut, view.airing.version)
    publish_changed(served.db, at)
    room.begin(start)
    room.report(clock.utc())
    yield Desk(phone, room, clock)


def test_an_overrun_is_run_by_thumb_within_the_first_screen_of_a_phone(desk: Desk) -> None:
    page, now = desk.page, desk.page.locator(f"#desk-{CH13} .now")
    page.goto("/")
    expect(desk.press("hold")).to_contain_text("Done")
    desk.later(20 * MINUTE)
    expect(now).to_contain_text("past scheduled end")
    expect(desk.press("extend-15")).to_contain_text("Done")
    desk.press("recess")
    expect(desk.find("resume")).to_contain_text("Recess: done")
    expect(now).to_contain_text("in recess: viewers see its slate")
    expect(desk.find("go")).to_have_count(0)
    desk.press("resume")
    expect(desk.find("recess")).to_contain_text("Resume: done")
    expect(now).not_to_contain_text("in recess")
    desk.room.press(Verb.RECESS, desk.clock.utc(), item=desk.room.item)
    desk.press("recess")
    expect(desk.find("resume")).to_contain_text("Recess: refused: see above")
    expect(page.locator(f"#desk-{CH13} .answers")).to_contain_text("is already in recess")
    desk.press("adjourn", "Adjourn")
    expect(desk.find("resume")).to_contain_text("Adjourn: done")
    expect(now).not_to_contain_text("City Council")
    assert page.evaluate("window.scrollY") == 0
