"""axe finds nothing on any page: light and dark, on a desk and on a phone, drawers and dialogs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import template_rendered
from playwright.sync_api import Page, expect
from support.axe import findings, required, wider
from support.desk import ADMIN, CH13, PLANNER, PRODUCER, an_asset

import web
from config.clock import SystemClock
from scheduler.actions import (
    airings,
    blocks,
    bodies,
    calendars,
    filler,
    hosts,
    meeting_series,
    meetings,
    people,
    programs,
    proposals,
    series,
    slide_proposals,
    slides,
)
from scheduler.actions import sources as inputs
from scheduler.domain.airing import AiringDraft
from scheduler.domain.blocks import BlockDraft
from scheduler.domain.body import BodyDraft, Usual
from scheduler.domain.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.meeting import MeetingDraft
from scheduler.domain.meeting_series import MeetingSeriesDraft
from scheduler.domain.people import Role
from scheduler.domain.program import ProgramDraft
from scheduler.domain.recurrence import Rule, SeriesDraft, Weekly
from scheduler.domain.slide import SlideDraft
from scheduler.domain.source import SourceDraft

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
SIZES = [
    (1440, 900, "light"),
    (390, 844, "dark"),
    pytest.param((1440, 900, "dark"), marks=pytest.mark.soak),
    pytest.param((390, 844, "light"), marks=pytest.mark.soak),
]
DRAWERS = {
    "/programs": ("/calendars", "/series/new", "/series/", "/programs/new", "/programs/"),
    "/bulletins": ("/bulletins/new", "/bulletins/proposals/", "/bulletins/"),
    "/media": ("/media/proposals/",),
    "/bodies": ("/bodies/new", "/bodies/"),
    "/settings": ("/settings/channels/new", "/settings/channels/", "/settings/sources/"),
}
"""What else opens at the side of a page, by the beginning of its address."""
UNSEEN = {"base.html", "bare.html", "welcome.html"}
"""What others extend, and the page of the second test."""


@pytest.fixture(autouse=True)
def checker() -> None:
    required()


@pytest.fixture
def rendered(served: Any) -> Iterator[set[str]]:
    """Names of the templates that were sent to the browser."""
    names: set[str] = set()

    def note(sender: Any, template: Any, **rest: Any) -> None:
        names.add(template.name)

    with template_rendered.connected_to(note, served.app):
        yield names


def furnish(served: Any) -> list[str]:
    """Something of everything, one airing ready, one without a file; addresses of all pages."""
    at, db = SystemClock().utc(), served.db
    asset = an_asset(db)
    program = programs.add(db, PLANNER, at, ProgramDraft("City Council", asset=asset.id))
    on_air = AiringDraft(CH13, "City Council", at - HOUR / 2, HOUR, program=program.id)
    airings.add(db, PLANNER, at, on_air)
    airings.add(db, PLANNER, at, AiringDraft(CH13, "Budget hearing", at + HOUR, HOUR))
    proposals.add(db, PRODUCER, at, AiringDraft(CH13, "Parks update", at + HOUR / 2, HOUR / 4))
    rule = Rule("America/New_York", at.time(), Weekly(frozenset({1})), at.date())
    series.add(db, PLANNER, at, SeriesDraft("Council, weekly", rule, on_air))
    parking = SlideDraft("Winter parking", "Odd side on odd days.", None, at)
    board = slides.add(db, PLANNER, at, parking)
    page = SlideDraft("Leaf pickup", "Bags at the curb by 6 am.", None, at)
    slide_proposals.add(db, PRODUCER, at, page)
    slide_proposals.add(db, PRODUCER, at, page, board.id, board.version)
    filler.propose(db, PRODUCER, at, CH13, asset.id, True)
    evening = (at + 9 * HOUR).time(), (at + 11 * HOUR).time()
    days, files = frozenset(range(7)), (asset.id,)
    blocks.add(
        db, PLANNER, at, BlockDraft(CH13, "Evening", days, *evening, at.date(), assets=files)
    )
    for name in ("playout-1", "playout-2"):
        hosts.add_host(db, ADMIN, at, name)
    chamber = inputs.add(db, ADMIN, at, SourceDraft("Council Chamber", "test:")).id
    draft = MeetingDraft(CH13, "Standing Committee", at + 24 * HOUR, 2 * HOUR, source=chamber)
    meeting = meetings.add(db, PLANNER, at, draft).id
    usual = Usual(CH13, "", 2 * HOUR, body="Standing Committee", source=chamber)
    bodies.add(db, PLANNER, at, BodyDraft(usual))
    text = f"Recess: {(at + 48 * HOUR).date()} to {(at + 9 * 24 * HOUR).date()}"
    recess = calendars.add(db, PLANNER, at, CalendarDraft("Recess", text)).id
    repeats = Rule(
        "America/New_York",
        at.time().replace(microsecond=0),
        Weekly(frozenset(range(7))),
        at.date(),
        (at + 20 * 24 * HOUR).date(),
        holidays=(Observance(recess, Policy.SKIP),),
    )
    plan = meeting_series.add(db, PLANNER, at, MeetingSeriesDraft(usual, repeats)).id
    token = people.invite(db, ADMIN, at, Role.VIEWER)
    vic = people.redeem_link(db, at, token, "Vic", "vic", "a short sentence of words").id
    return [
        *("/dry-run", "/programs", "/media", "/bulletins", "/settings", "/emergency", "/account"),
        *("/bodies", "/meetings/plan", f"/meetings/plan/{plan}"),
        *("/meetings", f"/meetings/{meeting}", f"/reports/{CH13}/{at.date()}", "/reports/ch14"),
        *(
            "/history",
            "/history?q=council",
            "/history?q=nothing+like+it",
            f"/settings/people/{vic}",
        ),
        *(f"/settings/sources/{chamber}/look", "/tv/ch13", "/login", "/nowhere"),
    ]


def looked(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    return findings(page) + wider(page)


def opened(page: Page, selector: str) -> list[str]:
    """What is wrong once the drawer that this opens is there."""
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
    pages = furnish(served)
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
    templates = {one.name for one in (Path(web.__file__).parent / "templates").glob("*.html")}

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
    furnish(served)
    page.goto("/schedule")
    page.locator("tr[data-row]").last.click()
    page.get_by_role("button", name="Cancel this airing").click()
    found = looked(page)
    token = people.invite(served.db, ADMIN, SystemClock().utc(), Role.VIEWER)
    page.context.clear_cookies()
    page.goto(f"/welcome/{token}")
    assert found + looked(page) == []
