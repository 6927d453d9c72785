"""The menu: every page within reach at any width, whoever else is present."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe

from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
WIDTHS = [(1440, 900, "light"), (1280, 800, "dark"), (1024, 768, "light")]
REACHED = """() => [...document.querySelectorAll('.links a')].filter((e) => {
  const box = e.getBoundingClientRect();
  const spots = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3]];
  return spots.every(([x, y]) => e.contains(document.elementFromPoint(x, y)));
}).map((e) => e.textContent)"""


def with_a_colleague(page: Page, served: Any) -> None:
    presence = served.app.extensions[SERVICES_KEY].presence
    presence.note("morgan", "Morgan of the Operations Desk", "On air")
    page.goto("/schedule")
    expect(page.locator(".here .chip")).to_have_count(1)


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_the_whole_menu_fits_while_a_colleague_is_present(page: Page, served: Any) -> None:
    with_a_colleague(page, served)
    named = page.locator(".links a").all_text_contents()
    assert len(named) >= 8
    assert page.evaluate(REACHED) == named


@pytest.mark.parametrize("page", [(390, 844, "dark")], indirect=True)
def test_on_a_phone_the_menu_is_folded_and_opens_by_keyboard(page: Page, served: Any) -> None:
    require_axe()
    page.goto("/schedule")
    named = page.locator(".links a").all_text_contents()
    menu = page.get_by_role("button", name="Menu")
    expect(page.locator(".links")).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".links.collapse.show")).to_be_visible()
    assert page.evaluate(REACHED) == named
    assert findings(page) + overflow_findings(page) == []
