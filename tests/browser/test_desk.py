"""What a person does at the desk, in a real browser: by keyboard, on a phone, by dragging."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.boxes import box_of
from support.chromium import KEY_DELAY_MS
from support.desk import ADMIN, CH13, PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import airings
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.queries import grid

pytestmark = pytest.mark.browser
NEW_YORK = ZoneInfo("America/New_York")
PHONE = (390, 844, "dark")
HOUR = timedelta(hours=1)


def now() -> datetime:
    return SystemClock().utc()


def planned(served: Any, start: datetime, title: str = "City Council", **over: Any) -> Airing:
    draft = AiringDraft(channel=CH13, title=title, start=start, length=HOUR, **over)
    return airings.add(served.db, PLANNER, now(), draft)


def tomorrow_at(hour: int) -> datetime:
    local = now().astimezone(NEW_YORK) + timedelta(days=1)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def test_an_airing_is_added_with_the_keyboard_alone(page: Page, served: Any) -> None:
    start = tomorrow_at(15)
    week = f"{start:%G-W%V}"
    page.goto(f"/schedule/ch13/{week}?day={start.date()}")
    page.keyboard.press("n")
    expect(page.locator("#drawer [name=title]")).to_be_focused()
    page.keyboard.type("Budget hearing")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{start:%m%d%Y}", delay=KEY_DELAY_MS)
    expect(page.locator("#drawer [name=day]")).to_have_value(f"{start:%Y-%m-%d}")
    page.keyboard.press("Tab")
    if not page.locator("#drawer [name=at]").evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("15:00", delay=KEY_DELAY_MS)
    page.locator("#drawer [name=length]").focus()
    page.keyboard.type("1:30")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Added Budget hearing")
    row = page.locator("tr[data-row]", has_text="Budget hearing")
    expect(row.locator("td").first).to_have_text("15:00")
    page.keyboard.press("ArrowDown")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_have_text("Budget hearing")
    expect(page.locator("#drawer")).to_have_class(re.compile(r"\bshow\b"))
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(row).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Added Budget hearing")
    expect(row).to_have_count(0)


def test_a_drag_in_the_grid_moves_the_airing(page: Page, served: Any) -> None:
    start = tomorrow_at(10)
    made = planned(served, start)
    page.goto(f"/schedule/ch13/{start:%G-W%V}?day={start.date()}")
    event = page.locator(".ec-event", has_text="City Council")
    event.scroll_into_view_if_needed()
    box = box_of(event)
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 20, steps=4)
    page.mouse.move(x, y + 44, steps=6)
    page.mouse.up()
    expect(page.locator("#says")).to_contain_text("Moved City Council")
    moved = grid.airing(served.db, made.id, now()).airing
    assert timedelta(0) < moved.start - made.start <= 2 * HOUR


def test_a_dialog_says_what_will_happen_and_can_be_canceled(page: Page, served: Any) -> None:
    start = tomorrow_at(10)
    made = planned(served, start)
    page.goto(f"/schedule/ch13/{start:%G-W%V}?day={start.date()}")
    page.locator(f"#row-{made.id}").click()
    page.get_by_role("button", name="Cancel this airing").click()
    expect(page.locator("#confirm")).to_contain_text("Subscribers see it as canceled")
    page.get_by_role("button", name="Keep it").click()
    assert not grid.airing(served.db, made.id, now()).airing.cancelled
    page.get_by_role("button", name="Cancel this airing").click()
    page.get_by_role("button", name="Cancel the airing").click()
    expect(page.locator("#says")).to_contain_text("Canceled City Council")
    assert grid.airing(served.db, made.id, now()).airing.cancelled


def test_a_mistake_is_shown_in_the_drawer_with_what_was_typed(page: Page) -> None:
    page.goto("/schedule")
    page.keyboard.press("n")
    page.fill("#drawer [name=title]", "Budget hearing")
    page.fill("#drawer [name=length]", "soon")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer .wrong")).to_contain_text("Write a length with its units")
    expect(page.locator("#drawer [name=title]")).to_have_value("Budget hearing")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
@pytest.mark.parametrize(
    "path",
    ["/", "/schedule", "/programs", "/media", "/bulletins", "/settings", "/tv/ch13"],
)
def test_no_page_is_wider_than_a_phone(page: Page, served: Any, path: str) -> None:
    an_asset(served.db)
    planned(served, now() + HOUR, "Standing Committee on Public Works and Infrastructure")
    page.goto(path)
    page.wait_for_timeout(300)
    assert overflow(page) <= 0


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_on_air_page_on_a_phone_counts_down_and_shows_the_picture(
    page: Page, served: Any
) -> None:
    asset = an_asset(served.db)
    planned(served, now() - HOUR / 2, asset=asset.id)
    pictures = served.app.extensions["gavel"].pictures
    pictures.put("ch13", _jpeg(), '{"left_db": -20, "right_db": -14}')
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    left = page.locator("#desk-ch13 [data-until]")
    before = left.inner_text()
    assert re.fullmatch(r"0:(29|30):\d\d", before)
    expect(left).not_to_have_text(before)
    picture = page.locator("[data-picture] img").first
    expect(picture).to_have_js_property("naturalWidth", 64)
    assert pictures.watched("ch13")
    bar = page.locator("[data-meter=left_db]").first
    assert bar.evaluate("e => parseFloat(e.style.height)") == pytest.approx(66.7, abs=1)


def test_a_file_is_uploaded_with_its_progress(page: Page, served: Any) -> None:
    page.goto("/media")
    page.set_input_files(
        "#files", {"name": "council.mp4", "mimeType": "video/mp4", "buffer": b"x" * 9_000_000}
    )
    expect(page.locator("#library")).to_contain_text("council")
    expect(page.locator("#uploading .note")).to_have_count(0)
    folder = served.app.extensions["gavel"].settings.uploads
    assert next(folder.glob("*.upload")).stat().st_size == 9_000_000


def test_a_link_for_a_colleague_opens_a_welcome(page: Page) -> None:
    page.goto("/settings")
    page.locator("form[action$=invite] [value=scheduler]").check()
    page.get_by_role("button", name="Create link").click()
    address = page.locator(".secret").inner_text()
    assert "/welcome/" in address and ADMIN.name not in address


def _jpeg() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 36), (40, 60, 90)).save(out, "JPEG")
    return out.getvalue()


def test_an_opened_drawer_does_not_take_the_focus_again(page: Page, served: Any) -> None:
    """A drawer that took the focus again a moment later lost what was typed in between."""
    page.goto("/meetings")
    page.evaluate(
        "window.went = []; document.addEventListener('focusin', (e) => went.push(e.target.id))"
    )
    page.keyboard.press("n")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert page.evaluate("went.filter((id) => id)")[-2:] == ["body", "title"]
    assert page.evaluate("went").count("body") == 1
