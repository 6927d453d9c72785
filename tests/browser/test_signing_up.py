"""The first person of a new installation, from the installer's link to the desk."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.clock import SystemClock
from scheduler.actions import people

pytestmark = pytest.mark.browser


def test_the_first_link_makes_an_administrator_who_is_signed_in(
    stranger: Page, served: Any
) -> None:
    token = people.first_admin_link(served.db, SystemClock().utc())
    stranger.goto(f"/welcome/{token}")
    password = "a short sentence of words"
    for name, text in (
        ("name", "Dana"), ("login", "dana"), ("password", password), ("again", password),
    ):  # fmt: skip
        stranger.fill(f"[name={name}]", text)
    stranger.keyboard.press("Enter")
    stranger.wait_for_url(f"{served.url}/")
    stranger.goto("/settings")
    expect(stranger.locator("main")).to_contain_text("Dana")
