"""Pictures of a running demo for the README.

python tests/browser/screenshots.py http://127.0.0.1:8080 LOGIN PASSWORD docs/screenshots
"""

import io
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
LARGEST = 200_000
DESK, PHONE = (1440, 900), (390, 844)


def next_tuesday() -> date:
    """Return the demo council's next day: it meets on Tuesdays."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


@dataclass(frozen=True)
class Shot:
    """One picture: its page, size and color scheme, and what is clicked before it is taken."""

    name: str
    address: str
    size: tuple[int, int] = DESK
    scheme: Literal["light", "dark"] = "light"
    clicks: tuple[str, ...] = ()


def shots(day: date) -> list[Shot]:
    """Return every picture to take. The clicks open a drawer or a page and change nothing."""
    week = f"/schedule/ch13/{day:%G-W%V}?day={day}"
    later = "#drawer.show form:has([name=minutes][value='30']) button"
    block = "#drawer.show [hx-get^='/blocks/']:has-text('rotation')"
    film = "#library a:has-text('Parks in Every Season')"
    return [
        Shot("on-air", "/", scheme="dark"),
        Shot("on-air-phone", "/", PHONE, "dark"),
        Shot("schedule", week),
        Shot("schedule-phone", week, PHONE, "dark"),
        Shot("clash", week, clicks=("tr[data-row]:not(.past):has-text('Council')", later)),
        Shot("blocks", week.replace("ch13", "ch14"), clicks=("button[hx-get^='/blocks?']", block)),
        Shot("series", "/programs", clicks=("a[hx-get^='/series/']:has-text('Parks')",)),
        Shot("meetings", "/meetings", scheme="dark"),
        Shot("meeting-phone", "/meetings", PHONE, "light", ("main a[href^='/meetings/']",)),
        Shot("dry-run", "/dry-run"),
        Shot("reports", "/reports/ch13"),
        Shot("media", "/media", scheme="dark"),
        Shot("file", "/media", clicks=(film,)),
        Shot("file-phone", "/media", PHONE, "dark", (film,)),
        Shot("keeping", "/media/keeping"),
        Shot("bulletins", "/bulletins"),
        Shot("public", "/tv/ch13"),
    ]


def signed_in(browser: Browser, base: str, login: str, password: str) -> StorageState:
    """Return what a browser stores once somebody has signed in."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")
    state = context.storage_state()
    context.close()
    return state


def settled(page: Page) -> None:
    """Wait until the program pictures and the week grid are drawn."""
    page.wait_for_load_state("load")
    for picture in page.locator("[data-picture] .unseen").all():
        picture.wait_for(state="hidden", timeout=20_000)
    if page.locator("#week").count():
        page.locator(".ec-event").first.wait_for()
    page.wait_for_timeout(1500)


def small(png: bytes) -> bytes:
    """Reduce the picture to as many colors as fit into LARGEST bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            break
    return out.getvalue()


def main(base: str, login: str, password: str, folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        state = signed_in(browser, base, login, password)
        for shot in shots(next_tuesday()):
            context = browser.new_context(
                base_url=base,
                storage_state=state,
                viewport={"width": shot.size[0], "height": shot.size[1]},
                color_scheme=shot.scheme,
            )
            page = context.new_page()
            page.goto(shot.address)
            settled(page)
            for selector in shot.clicks:
                page.locator(selector).first.click()
                settled(page)
            (folder / f"{shot.name}.png").write_bytes(small(page.screenshot()))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
