"""A clerk at the pages of a station: by mouse, or with nothing but a keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser, Locator, Page, expect
from support.chromium import KEY_DELAY_MS
from support.station import LOGIN, PASSWORD, Station

MOST_TABS = 250
"""Presses of Tab within which everything on a page must be reached."""
HAS_FOCUS = "(element) => element === document.activeElement"


@dataclass
class Clerk:
    """One person in a browser. With `by_mouse` false everything is reached by Tab."""

    page: Page
    by_mouse: bool

    def go_to(self, place: Locator) -> None:
        """Give an element the focus: by a click, or by Tab until it has it."""
        expect(place).to_be_visible()
        if self.by_mouse:
            return place.click()
        for _ in range(MOST_TABS):
            if place.evaluate(HAS_FOCUS):
                return None
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{place} is not reached by {MOST_TABS} presses of Tab")

    def press(self, place: Locator) -> None:
        """Press a button or follow a link."""
        self.go_to(place)
        if not self.by_mouse:
            self.page.keyboard.press("Enter")

    def type(self, place: Locator, text: str) -> None:
        """Type into a field in place of what it holds."""
        self.go_to(place)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text, delay=KEY_DELAY_MS)

    def type_day(self, place: Locator, day: date) -> None:
        """Type a day into a date field, as month, day, year."""
        self.go_to(place)
        if self.by_mouse:  # a click may have hit the day or the year
            self.page.keyboard.press("Shift+Tab")
            self.page.keyboard.press("Tab")
        self.page.keyboard.type(f"{day:%m%d%Y}", delay=KEY_DELAY_MS)
        expect(place).to_have_value(f"{day:%Y-%m-%d}")

    def choose(self, place: Locator, label: str) -> None:
        """Choose from a list by its words."""
        if self.by_mouse:
            place.select_option(label=label)
            return
        self.go_to(place)
        self.page.keyboard.type(label, delay=KEY_DELAY_MS)
        expect(place.locator("option:checked")).to_have_text(label)


@contextmanager
def a_clerk(browser: Browser, station: Station, *, by_mouse: bool) -> Iterator[Clerk]:
    """Sign in as the administrator, and return the clerk at the On-air page.

    On leaving, fail on any error that a script of a page raised.
    """
    context = browser.new_context(
        base_url=station.address, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/login")
    clerk = Clerk(page, by_mouse)
    clerk.type(page.locator("[name=login]"), LOGIN)
    clerk.type(page.locator("[name=password]"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{station.address}/")
    yield clerk
    context.close()
    assert not wrong
