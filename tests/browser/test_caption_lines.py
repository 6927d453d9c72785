"""Captions corrected beside the picture, by keyboard and by mouse, and against somebody else."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import ADMIN, an_asset

from config.clock import SystemClock
from media.caption_files import keep_track
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionOrigin, facts_of
from media.store import MediaStore
from scheduler.actions import captions
from scheduler.domain.model.asset import Asset
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
SAID = ("The clerk will cull", "item four, please.", "Aye.", "So ordered.")
OTHERS = """async ([begin, before, text]) => {
  const editor = document.querySelector("[data-caption-editor]");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const body = new URLSearchParams({ begin, before, text });
  const sent = { method: "POST", headers: { "X-CSRFToken": token }, body };
  return (await fetch(editor.action, sent)).status;
}"""


def captioned(served: Any) -> Asset:
    file = an_asset(served.db)
    cues = [
        cue
        for place, text in enumerate(SAID)
        for cue in laid_out((2 + 4 * place) * 10**6, (5 + 4 * place) * 10**6, [text])
    ]
    assert file.length is not None
    track = encode(cues)
    facts = facts_of(track, CaptionOrigin.AUTOMATIC, file.length, "en")
    assert facts is not None
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    stored = keep_track(track, facts, store)
    captions.give(served.db, ADMIN, SystemClock().utc(), file.id, stored, "")
    return file


def test_a_finger_corrects_a_caption_by_the_button_beside_it(phone: Page, served: Any) -> None:
    """No touch screen has a double-click."""
    phone.goto(f"/media/{captioned(served).id}")
    phone.get_by_role("button", name="Edit the caption at").first.tap()
    phone.locator("#caption-words").fill("The clerk will call")
    phone.locator("[data-caption-save]").tap()
    expect(phone.locator("li[data-begin]").first).to_contain_text("The clerk will call")
    assert overflow_findings(phone) == []


def test_captions_are_corrected_by_keyboard_and_mouse_and_nothing_typed_is_lost(
    page: Page, served: Any
) -> None:
    require_axe()
    page.goto(f"/media/{captioned(served).id}")
    rows, words = page.locator("li[data-begin]"), page.locator("#caption-words")
    page.locator("[data-caption-lines]").focus()
    page.keyboard.press("Enter")
    expect(words).to_be_focused()
    expect(page.locator("#caption-line-wrong")).not_to_have_class("wrong")
    assert findings(page) + overflow_findings(page) == []
    words.fill("The clerk will call")
    page.keyboard.press("Control+Enter")
    expect(rows.nth(0)).to_contain_text("The clerk will call")
    expect(words).to_have_value(SAID[1])
    words.fill("nonsense")
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    expect(rows.nth(1).locator("button").first).to_be_focused()
    expect(rows.nth(1)).to_contain_text(SAID[1])

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(words).to_have_value("Aye.")
    begin = rows.nth(2).get_attribute("data-begin")
    assert page.evaluate(OTHERS, [begin, "Aye.", "No."]) == 200
    words.fill("Nay.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#caption-line-wrong")).to_contain_text("Someone changed this caption")
    expect(page.locator("[data-caption-present]")).to_have_text("No.")
    expect(words).to_have_value("Nay.")
    page.keyboard.press("Control+Enter")
    expect(rows.nth(2)).to_contain_text("Nay.")

    page.keyboard.press("Escape")
    rows.nth(3).locator("button").first.dblclick()
    expect(words).to_have_value("So ordered.")
    page.locator("[data-caption-delete]").click()
    expect(rows).to_have_count(3)
    page.keyboard.press("u")
    page.wait_for_load_state()
    expect(rows).to_have_count(4)
    page.locator("#captions-read").press("Enter")
    expect(page.locator("[data-automatic]")).to_have_count(0)
    expect(page.locator("#caption-corrections li")).to_have_count(4)
