"""Pictures of a running demo for the README.

python tests/browser/screenshots.py http://127.0.0.1:8080 LOGIN PASSWORD docs/screenshots
"""

import io
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
LARGEST = 200_000
DESK, PHONE = (1440, 900), (390, 844)


def next_tuesday() -> date:
    """The demo's council meets on Tuesdays."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


def shots(day: date) -> list[tuple[str, str, tuple[int, int], str]]:
    """Name, address, size and scheme of each picture."""
    week = f"{day:%G-W%V}?day={day}"
    return [
        ("on-air", "/", DESK, "dark"),
        ("schedule", f"/schedule/ch13/{week}", DESK, "light"),
        ("media", "/media", DESK, "light"),
        ("bulletins", "/bulletins", DESK, "light"),
        ("public", "/tv/ch13", DESK, "light"),
        ("on-air-phone", "/", PHONE, "dark"),
        ("schedule-phone", f"/schedule/ch13/{week}", PHONE, "dark"),
    ]


def signed_in(browser: Browser, base: str, login: str, password: str) -> StorageState:
    """What a browser keeps once somebody has signed in."""
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
    """Wait until what moves is there: program pictures, the week grid."""
    page.wait_for_load_state("load")
    for picture in page.locator("[data-picture] .unseen").all():
        picture.wait_for(state="hidden", timeout=20_000)
    if page.locator("#week").count():
        page.locator(".ec-event").first.wait_for()
    page.wait_for_timeout(1500)


def small(png: bytes) -> bytes:
    """The picture with as many colours as fit into LARGEST bytes."""
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
        for name, address, (width, height), scheme in shots(next_tuesday()):
            context = browser.new_context(
                base_url=base,
                storage_state=state,
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(address)
            settled(page)
            (folder / f"{name}.png").write_bytes(small(page.screenshot()))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
