"""Debian's Chromium without a window, as the tests of pages and of the whole way drive it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

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
def launched() -> Iterator[Browser]:
    """A running browser. A machine without one fails: `make test` installs it."""
    place = shutil.which("chromium")
    if place is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=place, args=ARGUMENTS)
        yield browser
        browser.close()
