"""axe finds nothing on any page, drawer or dialog: light and dark, on a desktop and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import template_rendered
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import ADMIN, HOUR, PLANNER, an_asset
from support.furnished import add_one_of_everything

import web
from config.clock import SystemClock
from scheduler.actions import people, slides
from scheduler.domain.model.people import Role
from scheduler.domain.model.slide import SlideDraft

pytestmark = pytest.mark.browser
SIZES = [
    (1440, 900, "light"),
    (390, 844, "dark"),
    pytest.param((1440, 900, "dark"), marks=pytest.mark.soak),
    pytest.param((390, 844, "light"), marks=pytest.mark.soak),
]
TEMPLATES = Path(web.__file__).parent / "templates"
DRAWERS = {
    "/programs": ("/calendars", "/series/new", "/series/", "/programs/new", "/programs/"),
    "/bulletins": ("/bulletins/new", "/bulletins/proposals/", "/bulletins/"),
    "/media": ("/media/proposals/",),
    "/bodies": ("/bodies/new", "/bodies/"),
    "/settings": ("/settings/channels/new", "/settings/channels/", "/settings/sources/"),
    "/settings/alerts": ("/settings/alerts/new", "/settings/alerts/"),
    "/crawls/ch13": ("/crawls/ch13/new", "/crawls/ch13/"),
}
"""What else opens at the side of a page, by the beginning of its address."""
UNSEEN = {"kit/base.html", "kit/bare.html", "gate/welcome.html", "alerts/message.html"}
"""What others extend, the page of the second test, and that of `test_alerts`."""


@pytest.fixture(autouse=True)
def checker() -> None:
    require_axe()


@pytest.fixture
def rendered(served: Any) -> Iterator[set[str]]:
    """The names of the templates that were sent to the browser."""
    names: set[str] = set()

    def note(sender: Any, template: Any, **rest: Any) -> None:
        names.add(template.name)

    with template_rendered.connected_to(note, served.app):
        yield names


def looked(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it is."""
    return findings(page) + overflow_findings(page)


def opened(page: Page, selector: str) -> list[str]:
    """Open a drawer and return what axe finds wrong with it."""
    page.locator(selector).first.click()
    expect(page.locator("#drawer")).to_have_class("offcanvas offcanvas-end drawer show")
    found = looked(page)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    return found


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_its_window(
    page: Page, served: Any, rendered: set[str]
) -> None:
    pages = add_one_of_everything(served.db, SystemClock().utc())
    page.goto("/")
    found = looked(page)
    page.keyboard.press("?")
    found += looked(page)
    page.keyboard.press("Escape")
    page.goto("/schedule")
    expect(page.locator(".ec-event").first).to_be_visible()
    found += looked(page) + opened(page, "[data-add]") + opened(page, "tr[data-row]")
    found += opened(page, "button[aria-label^='Decide']")
    for drawer in ("/blocks?", "/schedule/ch13/day/", "/series/new"):
        found += opened(page, f"button[hx-get^='{drawer}']")
    for path in pages:
        page.goto(path)
        for folded in page.locator("main details > summary").all():
            folded.click()
        found += looked(page)
        if page.locator("[data-add]").count():
            found += opened(page, "[data-add]")
        for drawer in DRAWERS.get(path, ()):
            found += opened(page, f"main [hx-get^='{drawer}']")
    page.goto("/emergency")
    page.fill("main textarea", "Boil water until noon.")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/emergency/check")
    found += looked(page)
    templates = {
        str(one.relative_to(TEMPLATES))
        for one in TEMPLATES.rglob("*.html")
        if "{% extends" in one.read_text()
    }

    assert found == []
    assert templates - UNSEEN <= rendered


@pytest.mark.parametrize("page", SIZES[:2], indirect=True)
def test_axe_finds_nothing_in_a_block_that_chooses_what_fills_gaps(page: Page, served: Any) -> None:
    at = SystemClock().utc()
    an_asset(served.db, "Winter spots", length=HOUR / 60)
    slides.add(served.db, PLANNER, at, SlideDraft("Winter parking", "Odd days.", None, at))
    page.goto("/schedule")
    page.locator("button[hx-get^='/blocks?']").click()
    page.locator("#drawer.show button[hx-get^='/blocks/new']").click()
    for name, typed in (("name", "Night spots"), ("at", "00:00"), ("until", "00:00")):
        page.locator(f"#drawer [name={name}]").fill(typed)
    page.locator("#drawer [name=fill]").select_option("gaps")
    expect(page.locator("#drawer [name=opener]")).to_be_hidden()
    page.locator("#drawer [name=assets]").first.check()
    expect(page.locator("#preview")).to_contain_text("Every day 00:00–00:00")
    found = looked(page)
    page.locator("#drawer button.btn-primary").click()
    expect(page.locator("#says")).to_contain_text("Added the block Night spots")
    expect(page.locator("table.rundown")).to_contain_text("chosen by Night spots")
    assert found + looked(page) == []


@pytest.mark.parametrize("page", SIZES[:2], indirect=True)
def test_axe_finds_nothing_on_the_welcome_page_or_in_a_dialog(page: Page, served: Any) -> None:
    add_one_of_everything(served.db, SystemClock().utc())
    page.goto("/schedule")
    page.locator("tr[data-row]", has_text="City Council").last.click()
    page.get_by_role("button", name="Cancel this airing").click()
    found = looked(page)
    token = people.invite(served.db, ADMIN, SystemClock().utc(), Role.VIEWER)
    page.context.clear_cookies()
    page.goto(f"/welcome/{token}")
    assert found + looked(page) == []
