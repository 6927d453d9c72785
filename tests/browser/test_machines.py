"""The page of machines in a real browser: two are seen, and a channel is moved by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.air_machine import Air
from support.axe import findings, overflow_findings, require_axe
from support.desk import ADMIN, CH13
from support.website import Site

from config.clock import SystemClock
from playout.model.commands import Verb
from playout.model.pair import PairStatus
from scheduler.actions import pairs
from scheduler.queries import people
from scheduler.queries.host_api import commands_after
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser


def two_machines(served: Any) -> tuple[Air, Air]:
    """Let one machine send and another stand by."""
    settings = served.app.extensions[SERVICES_KEY].settings
    site = Site(served.app, served.db, SystemClock(), settings)
    at = site.clock.utc()
    first = Air(site, site.host_key("Rack 1"), "air1")
    second = Air(site, site.host_key("Rack 2"), "air2", "e" * 32, address="10.0.0.6")
    first.pair = PairStatus("air1-0", preferred=True, state="sending", term=1, ready=True, since=at)
    second.pair = PairStatus(
        "air2-0", preferred=False, state="standing by", term=1, ready=True, since=at,
        clock_difference=0.0004,
    )  # fmt: skip
    ids = {host.name: host.id for host in people.hosts(site.db)}
    pairs.set_pair(site.db, ADMIN, at, CH13, ids["Rack 1"], ids["Rack 2"], None)
    first.report()
    second.report()
    return first, second


@pytest.mark.parametrize("page", [(390, 844, "light")], indirect=True)
def test_a_channel_is_moved_by_keyboard_after_a_question_in_words(page: Page, served: Any) -> None:
    require_axe()
    two_machines(served)
    page.goto("/settings/machines")
    expect(page.get_by_text("stands by", exact=True)).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Move City Channel 13 here").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Viewers see no change.").first).to_be_visible()
    page.get_by_role("button", name="Move the channel").press("Enter")
    expect(page.get_by_text("moves within a few seconds")).to_be_visible()
    (move,) = commands_after(served.db, CH13, 0)
    assert (move.verb, move.machine) == (Verb.MOVE, "air2-0")
