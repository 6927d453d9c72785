"""Debian's Chromium, headless, for the browser and whole-system tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

KEY_DELAY_MS = 30
"""Milliseconds between two keys: a busy Chromium loses what comes faster into its date fields."""
PAGE_TIMEOUT_MS = 60_000
"""Milliseconds a page has to show what is expected; a shared machine is slow at times."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser for the block. Fail where Chromium is missing; `make test` installs it."""
    place = shutil.which("chromium")
    if place is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    expect.set_options(timeout=PAGE_TIMEOUT_MS)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=place, args=ARGUMENTS)
        yield browser
        browser.close()
