"""axe finds nothing on any page: light and dark, on a desk and on a phone, drawers and dialogs."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, source
from support.desk import ADMIN, CH13, PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import airings, hosts, people, programs, series, slides
from scheduler.domain.airing import AiringDraft
from scheduler.domain.people import Role
from scheduler.domain.program import ProgramDraft
from scheduler.domain.recurrence import Rule, SeriesDraft, Weekly
from scheduler.domain.slide import SlideDraft
from web.vendor import VendorError

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
SIZES = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (390, 844, "dark")]
PAGES = [
    "/dry-run",
    "/programs",
    "/media",
    "/bulletins",
    "/settings",
    "/tv/ch13",
    "/login",
    "/nowhere",
]


@pytest.fixture(autouse=True)
def checker() -> None:
    try:
        source()
    except (VendorError, subprocess.SubprocessError) as error:
        pytest.skip(f"axe-core could not be fetched: {error}")


def furnish(served: Any) -> None:
    """Something of everything, one airing ready, one without a file."""
    at, db = SystemClock().utc(), served.db
    asset = an_asset(db)
    program = programs.add(db, PLANNER, at, ProgramDraft("City Council", asset=asset.id))
    on_air = AiringDraft(CH13, "City Council", at - HOUR / 2, HOUR, program=program.id)
    airings.add(db, PLANNER, at, on_air)
    airings.add(db, PLANNER, at, AiringDraft(CH13, "Budget hearing", at + HOUR, HOUR))
    rule = Rule("America/New_York", at.time(), Weekly(frozenset({1})), at.date())
    series.add(db, PLANNER, at, SeriesDraft("Council, weekly", rule, on_air))
    slides.add(db, PLANNER, at, SlideDraft("Winter parking", "Odd side on odd days.", None, at))
    for name in ("playout-1", "playout-2"):
        hosts.add_host(db, ADMIN, at, name)


def opened(page: Page, selector: str) -> list[str]:
    """What is wrong once the drawer that this opens is there."""
    page.locator(selector).first.click()
    expect(page.locator("#drawer")).to_have_class("offcanvas offcanvas-end drawer show")
    found: list[str] = findings(page)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    return found


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_axe_finds_nothing_on_any_page(page: Page, served: Any) -> None:
    furnish(served)
    page.goto("/")
    found = findings(page)
    page.keyboard.press("?")
    found += findings(page)
    page.keyboard.press("Escape")
    page.goto("/schedule")
    expect(page.locator(".ec-event").first).to_be_visible()
    found += findings(page) + opened(page, "[data-add]") + opened(page, "tr[data-row]")
    for drawer in ("/blocks?", "/schedule/ch13/day/", "/series/new"):
        found += opened(page, f"button[hx-get^='{drawer}']")
    page.goto("/programs")
    found += opened(page, "button[hx-get='/calendars']")
    for path in PAGES:
        page.goto(path)
        for folded in page.locator("main details > summary").all():
            folded.click()
        found += findings(page)
        if page.locator("[data-add]").count():
            found += opened(page, "[data-add]")
    assert found == []


@pytest.mark.parametrize("page", SIZES[::3], indirect=True)
def test_axe_finds_nothing_on_the_welcome_page_or_in_a_dialog(page: Page, served: Any) -> None:
    furnish(served)
    page.goto("/schedule")
    page.locator("tr[data-row]").last.click()
    page.get_by_role("button", name="Cancel this airing").click()
    found = findings(page)
    token = people.invite(served.db, ADMIN, SystemClock().utc(), Role.VIEWER)
    page.context.clear_cookies()
    page.goto(f"/welcome/{token}")
    assert found + findings(page) == []
