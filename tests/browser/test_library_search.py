"""The search of the library in a real browser: typed, filtered, shared, by keyboard."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import details, search_index
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.details import Details
from scheduler.domain.library.spoken import stored_text

pytestmark = pytest.mark.browser
FILES = 52


def fill(db: Database) -> str:
    """Add more files than one page lists, one of them with details and captions; return its id."""
    now = SystemClock().utc()
    for number in range(FILES - 1):
        an_asset(db, f"Parks update {number}", f"{number:x}"[-1])
    hearing = an_asset(db, "Council, March 3", "z")
    known = Details(day=date(2026, 3, 3), body="City Council", tags=("budget",))
    details.edit(db, PLANNER, now, hearing.id, known, 0)
    with db.write() as session:
        row = session.get(AssetRow, hearing.id)
        assert row is not None
        row.captions_key = "c" * 64
    said = stored_text([(3_920_000, "The stormwater fee rises."), (3_925_000, "Thank you.")])
    search_index.store_captions(db, "c" * 64, *said)
    return hearing.id


@pytest.mark.parametrize("page", [(390, 844, "light"), (1440, 900, "dark")], indirect=True)
def test_words_filters_and_pages_are_an_address_that_can_be_shared(page: Page, served: Any) -> None:
    require_axe()
    hearing = fill(served.db)
    page.goto("/media")
    expect(page.locator("article")).to_have_count(50)
    page.get_by_role("link", name="Next").press("Enter")
    expect(page.locator("article")).to_have_count(2)
    expect(page.get_by_text("51–52 of 52")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("council stormw")
    expect(page.locator("article")).to_have_count(1)
    said = page.get_by_role("link", name="1:05:20")
    expect(said).to_have_attribute("href", f"/media/{hearing}?at=3920")
    assert findings(page) + overflow_findings(page) == []
    assert page.url.endswith("/media?q=council+stormw"), "without the page and empty fields"

    page.reload()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("council stormw")
    expect(page.get_by_text("The stormwater fee rises.")).to_be_visible()
    page.get_by_text("Filters").click()
    page.get_by_label("Tags").fill("zoning")
    expect(page.get_by_text("No file matches")).to_be_visible()
    page.get_by_label("Tags").fill("BUDGET")
    expect(page.get_by_role("link", name="budget")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("link", name="Clear the search").click()
    expect(page.locator("article")).to_have_count(50)


def test_a_form_searches_the_library_for_more_files_than_it_lists(page: Page, served: Any) -> None:
    """By keyboard: the field's own search finds a file beyond the newest, and it is saved."""
    old = an_asset(served.db, "Budget hearing", "0")
    for number in range(101):
        an_asset(served.db, f"Parks {number}", f"{number:064x}"[:1])
    page.goto("/programs")
    page.keyboard.press("n")
    page.get_by_label("Title").fill("Hearings")
    page.get_by_role("searchbox", name="Search the library: Plays").fill("budg")
    expect(page.get_by_role("option", name="Budget hearing (1 h)")).to_be_attached()
    page.get_by_label("Plays", exact=True).select_option(old.id)
    page.get_by_role("button", name="Add the program").press("Enter")
    expect(page.get_by_text("Added Hearings")).to_be_visible()
