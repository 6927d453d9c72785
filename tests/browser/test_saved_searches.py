"""The newest meeting as a standing replay in a real browser, by mouse and by keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import CH13, HOUR, PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import details
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.domain.library.details import Details
from scheduler.process.publish import publish

pytestmark = pytest.mark.browser


def council(db: Database, title: str, days_ago: int, key: str, length: timedelta) -> None:
    now = SystemClock().utc()
    asset = an_asset(db, title, key, length)
    day = now.date() - timedelta(days=days_ago)
    details.edit(db, PLANNER, now, asset.id, Details(day=day, body="City Council"), 0)


@pytest.mark.parametrize("page", [(390, 844, "light"), (1440, 900, "dark")], indirect=True)
def test_a_search_is_saved_and_a_series_airs_the_newest_it_finds(page: Page, served: Any) -> None:
    require_axe()
    council(served.db, "Council, last week", 7, "a", HOUR)
    council(served.db, "Council, this week", 1, "b", 90 * timedelta(minutes=1))
    page.goto("/media/searches")
    page.get_by_role("button", name="Save a search").press("Enter")
    page.get_by_label("Name").fill("Newest Council")
    page.get_by_label("Public body").press_sequentially("city council")
    found = page.locator("#found")
    expect(found.get_by_text("Finds 2 files now")).to_be_visible()
    expect(found.get_by_role("listitem").first).to_contain_text("Council, this week")
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Save the search").press("Enter")
    expect(page.get_by_text("feeds nothing yet")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []

    page.goto("/programs")
    page.get_by_role("button", name="New series").click()
    page.get_by_label("Name of the series").fill("Council replay")
    for day in ("Mon", "Wed", "Fri"):
        page.get_by_label(day, exact=True).set_checked(True)
    page.get_by_label("At", exact=True).fill("14:00")
    page.get_by_label("Length").fill("1:00")
    page.get_by_label("Or the first of a saved search").select_option(label="Newest Council")
    page.get_by_label("Starts").select_option("follow")
    page.get_by_role("button", name="Start the series").click()
    expect(page.get_by_text("Started Council replay")).to_be_visible()

    now = SystemClock().utc()
    publish(served.db, CH13, now)
    with served.db.read() as session:
        rows = find.searches.airings(session, now, now + timedelta(days=5), channel=CH13)
        airing = load.plan.airing(rows[-1])
    assert airing.draft.length == 90 * timedelta(minutes=1)
    page.goto("/dry-run")
    shown = "Shows Council, this week, unless a newer one is found."
    expect(page.get_by_text(shown).first).to_be_visible()

    page.goto("/media/searches")
    page.get_by_role("link", name="Newest Council").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("It feeds the series Council replay")).to_be_visible()
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(page.get_by_text("No saved search yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Newest Council")).to_be_visible()
