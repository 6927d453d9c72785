"""Where elements of a page are drawn, read so that no refresh of the page can come in between."""

import time

from playwright.sync_api import FloatRect, Locator
from support.chromium import PAGE_TIMEOUT_MS


def box_of(place: Locator) -> FloatRect:
    """Return where an element is drawn, once two looks in a row agree.

    A part that refreshes itself replaces its elements: the one that was found may be gone before it
    is measured, and the next one may still be moving to its place. Raise AssertionError if the
    element does not come to rest within PAGE_TIMEOUT_MS.
    """
    until = time.monotonic() + PAGE_TIMEOUT_MS / 1000
    before = None
    while time.monotonic() < until:
        box = place.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        place.page.wait_for_timeout(20)
    raise AssertionError(f"{place} never came to rest")
