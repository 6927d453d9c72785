"""The ways on from a file that was found: to the schedule, and to a search that is saved."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.boxes import box_of
from support.desk import HOUR, PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import details
from scheduler.domain.library.details import Details
from scheduler.queries import searches

pytestmark = pytest.mark.browser
BOTH = [(390, 844, "light"), (1440, 900, "dark")]


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_a_file_is_put_on_the_other_channel_from_its_page(page: Page, served: Any) -> None:
    """By keyboard: the drawer opens with file and title, and a file of the list has the way too."""
    require_axe()
    file = an_asset(served.db, "Council, March 3", "c")
    page.goto("/media")
    page.get_by_role("button", name="Schedule it: Council, March 3").press("Enter")
    drawer = page.locator("#drawer.show #drawer-body")
    expect(drawer.locator("[name=asset]")).to_have_value(file.id)
    page.keyboard.press("Escape")
    expect(page.locator(f"#schedule-{file.id}")).to_be_focused()

    page.goto(f"/media/{file.id}")
    page.get_by_role("button", name="Schedule it").press("Enter")
    expect(drawer.locator("[name=title]")).to_have_value("Council, March 3")
    expect(drawer.locator("[name=asset]")).to_have_value(file.id)
    assert findings(page) + overflow_findings(page) == []
    name = box_of(drawer.locator("[name=channel]"))["width"]
    assert name > 250, "the names of channels can be told apart"
    day = SystemClock().utc().date() + timedelta(days=31)
    drawer.locator("[name=channel]").select_option("ch14")
    drawer.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    drawer.locator("[name=at]").fill("19:00")
    drawer.locator("button.btn-primary").press("Enter")
    expect(page.locator("#says")).to_contain_text("Added Council, March 3")
    assert "/schedule/ch14/" in page.url

    page.goto(f"/media/{file.id}")
    page.locator("#airs-next a").press("Enter")
    page.wait_for_url(f"**/schedule/ch14/*?day={day}")
    expect(page.get_by_text("Council, March 3").first).to_be_attached()
    assert overflow_findings(page) == []


@pytest.mark.parametrize("page", BOTH, indirect=True)
def test_what_was_searched_for_is_saved_as_it_stands(page: Page, served: Any) -> None:
    require_axe()
    at = SystemClock().utc()
    for number, title in enumerate(("Council, March 3", "Parks update")):
        file = an_asset(served.db, title, f"{number}", HOUR)
        details.edit(served.db, PLANNER, at, file.id, Details(body=title.split(",")[0]), 0)
    page.goto("/media")
    expect(page.locator("#save-search")).to_have_count(0)
    page.get_by_role("searchbox", name="Search").fill("march")
    page.get_by_text("Filters").click()
    page.get_by_label("Body").fill("council")
    expect(page.get_by_text("1 file found")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Save this search").press("Enter")
    drawer = page.locator("#drawer.show #drawer-body")
    expect(drawer.get_by_label("Words")).to_have_value("march")
    expect(drawer.get_by_label("Public body")).to_have_value("council")
    expect(drawer.locator("#found")).to_contain_text("Council, March 3")
    drawer.get_by_label("Name").fill("Council in March")
    drawer.get_by_role("button", name="Save the search").press("Enter")
    expect(page.get_by_text("Saved the search Council in March")).to_be_visible()
    (card,) = searches.cards(served.db, at)

    asked = card.saved.draft.search
    assert (asked.words, asked.filter.body) == ("march", "council")
