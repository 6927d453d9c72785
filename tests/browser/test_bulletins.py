"""A bulletin written with its picture beside it: what is typed is drawn, as it will air."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe

from scheduler.queries import slides as board

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


def test_an_automatic_page_is_switched_on_from_the_list(page: Page, served: Any) -> None:
    page.goto("/bulletins")
    page.get_by_role("button", name="Switch on: Meetings this week").click()
    expect(page.locator(".cards h2")).to_have_text("Meetings this week")

    assert [slide.draft.layout for slide in board.slides(served.db)] == ["week"]
