"""The week with a column for each channel: what airs where, side by side."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.boxes import box_of
from support.desk import CH13, PLANNER, an_asset

from config.clock import SystemClock
from config.names import ChannelId
from scheduler.actions import airings
from scheduler.domain.model.airing import AiringDraft

pytestmark = pytest.mark.browser
NEW_YORK = ZoneInfo("America/New_York")
CH14 = ChannelId("ch14")


def test_every_day_of_the_week_has_a_column_for_each_channel(page: Page, served: Any) -> None:
    now = SystemClock().utc()
    local = now.astimezone(NEW_YORK).replace(hour=10, minute=0, second=0, microsecond=0)
    monday = local + timedelta(days=7 - local.weekday())
    file = an_asset(served.db, length=timedelta(hours=1)).id
    for day, channel, title in ((0, CH13, "Council"), (0, CH14, "Schools"), (2, CH14, "Parks")):
        start = (monday + timedelta(days=day)).astimezone(ZoneInfo("UTC"))
        draft = AiringDraft(channel, title, start, timedelta(hours=1), asset=file)
        airings.add(served.db, PLANNER, now, draft)
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    expect(page.locator(".ec-event")).to_have_count(1)
    page.get_by_role("button", name="Week, all channels").click()
    expect(page.locator(".ec-event")).to_have_count(3)
    boxes = {
        title: box_of(page.locator(".ec-event", has_text=title))
        for title in ("Council", "Schools", "Parks")
    }
    assert min(box["width"] for box in boxes.values()) > 60
    left = {title: box["x"] for title, box in boxes.items()}
    assert left["Council"] < left["Schools"] < left["Parks"]
