"""A source is seen and heard before it airs, with a verdict in words."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from support.desk import ADMIN

from config.clock import SystemClock
from scheduler.actions import sources
from scheduler.domain.model.source import SourceDraft

pytestmark = pytest.mark.browser


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 36), (20, 90, 160)).save(out, "JPEG")
    return out.getvalue()


def test_the_chosen_source_gets_a_verdict_before_it_airs(page: Page, served: Any) -> None:
    now = SystemClock().utc()
    first = sources.add(served.db, ADMIN, now, SourceDraft("Chamber", "test:")).id
    second = sources.add(served.db, ADMIN, now, SourceDraft("Lobby", "test:")).id
    meter = {first: '{"left_db": -18, "right_db": -20}', second: '{"left_db": -100}'}
    seen = {first, second}

    def answer(route: Route) -> None:
        source = route.request.url.split("/")[-3]
        if source not in seen:
            route.fulfill(status=204)
            return
        headers = {"X-Gavel-Meter": meter[source], "X-Gavel-Age": "0.1"}
        route.fulfill(status=200, content_type="image/jpeg", body=picture(), headers=headers)

    page.route("**/look/ch13.jpg", answer)
    page.goto("/")
    page.get_by_role("button", name="Put a source on air").first.click()
    verdict = page.locator("[data-verdict]")
    page.locator("#drawer-body select[name=source]").select_option(first)
    expect(verdict).to_contain_text("A picture and sound for")
    page.locator("#drawer-body select[name=source]").select_option(second)
    expect(verdict).to_contain_text("but no sound")
    seen.clear()
    page.locator("#drawer-body select[name=source]").select_option(first)
    expect(verdict).to_contain_text("Waiting for its picture")
    expect(verdict).to_contain_text("No answer for 2", timeout=40_000)
