"""A bulletin written with its picture beside it: what is typed is drawn, as it will air."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe

from media.typeset import FONT_FOLDER
from scheduler.queries import slides as board
from scheduler.queries import station

pytestmark = pytest.mark.browser
PICTURE = "#slide-preview img"


def drawn(page: Page) -> str:
    """The picture that stands in the form now."""
    return str(page.locator(PICTURE).get_attribute("src"))


def test_a_bulletin_is_seen_at_air_size_while_it_is_written(page: Page, served: Any) -> None:
    require_axe()
    page.goto("/bulletins")
    page.locator("[data-add]").click()
    expect(page.locator(PICTURE)).to_be_visible()
    before = drawn(page)
    page.fill("[name=heading]", "Tell us what you think")
    page.select_option("[name=layout]", "qr")
    expect(page.locator("[name=link]")).to_be_visible()
    expect(page.locator("[name=picture]")).to_be_hidden()
    page.fill("[name=link]", "https://three-rivers.example/tenth")
    expect(page.locator("#slide-preview")).to_contain_text("5 words")
    page.fill("[name=body]", "comment " * 40)
    expect(page.locator("#slide-preview")).to_contain_text("too long to read in 10 seconds")

    assert drawn(page) != before
    size = page.locator(PICTURE).evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert size == [1280, 720]
    assert findings(page) + overflow_findings(page) == []

    page.fill("[name=body]", "Comment until December 18.")
    expect(page.locator("#slide-preview")).not_to_contain_text("too long")
    page.get_by_role("button", name="Add the bulletin").click()
    expect(page.locator(".cards h2")).to_have_text("Tell us what you think")
    (slide,) = board.slides(served.db)

    assert slide.draft.link == "https://three-rivers.example/tenth"


def test_events_are_added_and_removed_by_keyboard(page: Page, served: Any) -> None:
    require_axe()
    page.goto("/bulletins")
    page.locator("[data-add]").click()
    page.fill("[name=heading]", "This week")
    page.select_option("[name=layout]", "events")
    rows, more = page.locator("[data-event]:visible"), page.locator("[data-event-more]")
    expect(rows).to_have_count(1)
    expect(page.locator("[name=body]")).to_be_hidden()
    for number, (date, what) in enumerate((("Dec 7", "Council"), ("Dec 9", "Zoning"))):
        if number:
            more.focus()
            page.keyboard.press("Enter")
        else:
            rows.first.locator("input").first.focus()
        page.keyboard.type(date)
        page.keyboard.press("Tab")
        page.keyboard.type("6 PM")
        rows.nth(number).locator("[name=event-what]").focus()
        page.keyboard.type(what)
    expect(rows).to_have_count(2)
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Remove event 1").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows.first.locator("[name=event-date]")).to_be_focused()
    page.get_by_role("button", name="Add the bulletin").click()
    expect(page.locator(".cards h2")).to_have_text("This week")
    (slide,) = board.slides(served.db)

    assert slide.draft.body == "Dec 9 | Zoning |  | 6 PM"


def test_an_automatic_page_is_switched_on_from_the_list(page: Page, served: Any) -> None:
    page.goto("/bulletins")
    page.get_by_role("button", name="Switch on: Meetings this week").click()
    expect(page.locator(".cards h2")).to_have_text("Meetings this week")

    assert [slide.draft.layout for slide in board.slides(served.db)] == ["week"]


def test_a_citys_look_is_seen_while_it_is_chosen(page: Page, served: Any) -> None:
    require_axe()
    page.goto("/settings/look")
    page.fill("[name=plain_background]", "#fdf6e3")
    expect(page.locator("#look-preview")).to_contain_text("hard to read on this background")
    page.fill("[name=plain_text]", "#1b2129")
    page.fill("[name=plain_accent]", "#a03010")
    expect(page.locator("#look-preview")).not_to_contain_text("hard to read")
    page.set_input_files("#font-file", FONT_FOLDER / "DejaVuSerif.ttf")
    expect(page.locator("[name=font] option:checked")).to_have_text("DejaVu Serif", timeout=20_000)
    expect(page.locator("#look-preview.htmx-request")).to_have_count(0)

    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changed the look of bulletins.")).to_be_visible()
    look, _ = station.look(served.db)

    assert [colours.background for colours in look.colours] == ["#fdf6e3"]
    assert look.font is not None
