"""The week grid for people who see no color, need a large target, or use no mouse."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.boxes import box_of
from support.mixed_week import COUNCIL, LONE, NEW_YORK, SHORTS, a_mixed_week

from config.clock import SystemClock

pytestmark = pytest.mark.browser
SIZES = [
    (1440, 900, "light"),
    (1440, 900, "dark"),
    (1024, 768, "light"),
    (390, 844, "light"),
    (390, 844, "dark"),
]
TARGET = 24
"""Pixels either way that a target of WCAG 2.2 has at least."""
BOXES = """() => [...document.querySelectorAll('#week .ec-event:not(.ec-bg-event)')].map((e) => {
  const box = e.getBoundingClientRect(), text = e.querySelector('.ec-event-title');
  return { name: e.innerText, x: box.x, y: box.y, right: box.right, bottom: box.bottom,
           cut: text.scrollHeight > text.clientHeight + 1
                || text.scrollWidth > text.clientWidth + 1,
           title: e.title };
})"""
CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const part = (v) => (v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const behind = (e) => {
    for (let n = e; n; n = n.parentElement) {
      const colour = parse(getComputedStyle(n).backgroundColor);
      if (colour.length < 4 || colour[3] > .99) return colour;
    }
    return [255, 255, 255];
  };
  const marked = '#week .kind, #week .ec-event-title, .legend .kind, .rundown .kind';
  return [...document.querySelectorAll(marked)].map((e) => {
    const text = light(parse(getComputedStyle(e).color)), ground = light(behind(e));
    return [e.textContent, (Math.max(text, ground) + .05) / (Math.min(text, ground) + .05)];
  });
}"""


@pytest.fixture
def week(page: Page, served: Any) -> Page:
    """The schedule of next week, on its Wednesday."""
    monday = next_monday()
    a_mixed_week(served.db, monday, SystemClock().utc())
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday + timedelta(days=2)}")
    expect(page.locator("#week .ec-event").first).to_be_visible()
    return page


def next_monday() -> date:
    today = SystemClock().utc().astimezone(NEW_YORK).date()
    return today + timedelta(days=7 - today.weekday())


def tile(page: Page, title: str) -> Locator:
    return page.locator("#week .ec-event:not(.ec-bg-event)", has_text=title)


def test_kinds_differ_by_word_and_mark_as_in_the_legend(week: Page) -> None:
    named = {
        "live": tile(week, COUNCIL).first,
        "replay": tile(week, "Planning Commission"),
        "slate": tile(week, "Road closures"),
        "program": tile(week, "Canal Years"),
        "proposal": tile(week, "Youth Orchestra"),
        "block": week.locator(".ec-bg-event", has_text="Afternoon documentaries"),
        "bulletins": week.locator(".ec-bg-event", has_text="Evening notices"),
    }
    mark = "(e) => getComputedStyle(e, '::before').content"
    marks = []
    for word, place in named.items():
        expect(place).to_contain_text(word)
        marks.append(place.locator(f".kind-{word}").evaluate(mark))
        assert marks[-1] == week.locator(f".legend .kind-{word}").evaluate(mark)
    assert len(set(marks)) == len(named) and "none" not in marks


def test_a_tile_says_in_words_what_its_program_lacks(week: Page) -> None:
    missing = tile(week, "Film without a file")
    expect(missing).to_contain_text("check it")
    assert "It has no file yet." in (missing.get_attribute("title") or "")


@pytest.mark.parametrize("page", SIZES[:3], indirect=True)
def test_every_tile_is_a_named_target_and_hides_no_other(week: Page) -> None:
    boxes = week.evaluate(BOXES)
    assert len(boxes) >= 20
    for box in boxes:
        assert box["bottom"] - box["y"] >= TARGET - 0.5, box
        assert box["right"] - box["x"] >= TARGET, box
        assert box["name"].strip() and box["title"], box
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            beside = one["right"] <= other["x"] + 1 or other["right"] <= one["x"] + 1
            apart = one["bottom"] <= other["y"] + 0.5 or other["bottom"] <= one["y"] + 0.5
            assert beside or apart, (one, other)


def test_a_short_item_shows_its_name_and_true_time(week: Page) -> None:
    lone = tile(week, LONE)
    expect(lone).to_contain_text("09:55")
    above, below = box_of(lone), box_of(tile(week, COUNCIL).first)
    assert above["y"] + above["height"] <= below["y"] + 1
    expect(tile(week, "Weather")).to_contain_text("11:00")
    expect(tile(week, "Parks and Recreation")).to_contain_text("11:05")


def test_a_cut_off_name_is_shown_whole_in_the_tooltip(week: Page) -> None:
    for title in (COUNCIL, LONE, "Budget Hearing, part 8", "Youth Orchestra at the Armory"):
        assert title in (tile(week, title).first.get_attribute("title") or "")


def test_consecutive_short_items_are_one_tile_that_lists_them_by_keyboard(week: Page) -> None:
    body = tile(week, "4 short items").locator(".ec-event-body")
    body.focus()
    week.keyboard.press("Enter")
    expect(week.locator("#drawer-title")).to_have_text("4 items")
    for title in SHORTS:
        expect(week.locator("#drawer-body")).to_contain_text(title)
    expect(week.locator("#drawer-body .way").first).to_be_focused()
    week.keyboard.press("Tab")
    week.keyboard.press("Enter")
    expect(week.locator("#drawer-title")).to_have_text(SHORTS[1])
    week.keyboard.press("Escape")
    expect(body).to_be_focused()


@pytest.mark.parametrize("page", SIZES[3:4], indirect=True)
def test_on_a_phone_the_agenda_shows_every_name_in_full(week: Page) -> None:
    expect(week.locator("#week .ec-list")).to_be_visible()
    boxes = week.evaluate(BOXES)
    named = " ".join(box["name"] for box in boxes)
    for title in (*SHORTS, COUNCIL, LONE, "Intergovernmental Affairs Committee"):
        assert title in named
    for box in boxes:
        assert not box["cut"], box
        assert box["bottom"] - box["y"] >= TARGET
    assert f"live\n{COUNCIL}" in "\n".join(box["name"] for box in boxes)


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_axe_finds_nothing_and_every_mark_has_contrast(week: Page) -> None:
    require_axe()
    assert findings(week) + overflow_findings(week) == []
    for text, contrast in week.evaluate(CONTRAST):
        assert contrast >= 4.5, text
    if week.viewport_size and week.viewport_size["width"] > 600:
        tile(week, "4 short items").click()
        expect(week.locator("#drawer")).to_have_class("offcanvas offcanvas-end drawer show")
        assert findings(week) == []


def test_a_live_row_of_the_rundown_is_labeled_live(week: Page) -> None:
    row = week.locator(".rundown tr[data-row]", has_text="Intergovernmental")
    expect(row.locator(".kind")).to_have_text("live")
