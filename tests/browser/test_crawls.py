"""A crawl is planned by keyboard alone on a phone, and seen before it is saved."""

from typing import Any

from playwright.sync_api import Page, expect
from support.desk import CH13

from config.clock import SystemClock
from scheduler.queries.crawls import crawls_page

FOCUSED = "() => document.activeElement.name"


def test_a_crawl_is_planned_by_keyboard_and_seen_before_it_is_saved(
    phone: Page, served: Any
) -> None:
    phone.goto(f"/crawls/{CH13}")
    phone.get_by_role("button", name="Add a crawl").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#drawer [name=text]")).to_be_focused()
    phone.keyboard.type("Leaf pickup begins Monday.")
    for _ in range(8):
        phone.keyboard.press("Tab")
    assert phone.evaluate(FOCUSED) == "at"
    phone.keyboard.type("7:00")
    phone.keyboard.press("Tab")
    phone.keyboard.type("9:00")
    phone.keyboard.press("Tab")
    expect(phone.locator("#preview img")).to_be_visible()
    expect(phone.locator("#preview")).to_contain_text("every 15 min. One pass lasts")
    phone.keyboard.press("Enter")

    expect(phone.locator("main")).to_contain_text("Every day 07:00–09:00, every 15 min.")
    expect(phone.locator("main")).to_contain_text("Leaf pickup begins Monday.")
    (card,) = crawls_page(served.db, CH13, SystemClock().utc()).crawls
    assert card.crawl.draft.text == "Leaf pickup begins Monday."
