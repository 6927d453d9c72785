"""Captions of a file: given by keyboard, refused beside the field, read on a phone, undone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import an_asset

pytestmark = pytest.mark.browser
SRT = "".join(
    f"{n}\n00:{n:02}:02,000 --> 00:{n:02}:58,000\nThe clerk will call item {n},\nplease.\n\n"
    for n in range(1, 41)
)
HERE = "wanted => document.activeElement.matches(wanted)"


def reach(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus."""
    page.locator(selector).first.wait_for()
    for _ in range(most):
        if page.evaluate(HERE, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def choose(page: Page, name: str, text: str) -> None:
    page.set_input_files(
        "#caption-file", {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )


def test_captions_are_given_replaced_and_removed_by_keyboard(page: Page, served: Any) -> None:
    require_axe()
    file = an_asset(served.db)
    page.goto("/media")
    reach(page, f"#captions-{file.id}")
    page.keyboard.press("Enter")
    expect(page.locator("#h-captions")).to_have_text("No captions")
    assert findings(page) + overflow_findings(page) == []
    choose(page, "minutes.txt", "Dear council, here are the minutes.")
    reach(page, "#give-captions")
    page.keyboard.press("Enter")
    expect(page.locator("#caption-wrong")).to_contain_text("Export the captions as SRT")
    assert findings(page) + overflow_findings(page) == []
    choose(page, "council.srt", SRT)
    reach(page, "#give-captions")
    page.keyboard.press("Enter")
    expect(page.locator("#h-captions")).to_have_text("Captions: SRT, 40 captions, covers 62 %")
    expect(page.locator(".captions tbody tr")).to_have_count(40)
    assert findings(page) + overflow_findings(page) == []
    reach(page, "#remove-captions")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove them").press("Enter")
    expect(page.locator("#h-captions")).to_have_text("No captions")
    page.get_by_role("button", name="Undo").press("Enter")
    page.goto(f"/media/{file.id}/captions")
    expect(page.locator("#h-captions")).to_contain_text("40 captions")


def test_captions_are_read_on_a_phone(phone: Page, served: Any) -> None:
    require_axe()
    file = an_asset(served.db)
    phone.goto(f"/media/{file.id}/captions")
    choose(phone, "council.srt", SRT)
    phone.tap("#give-captions")
    expect(phone.locator("#h-captions")).to_contain_text("40 captions")

    assert findings(phone) + overflow_findings(phone) == []
