"""Alerts in a real browser: the page, the keyboard, and the link of a message on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import ADMIN, CH13

from config.signing import secret_key, signature
from playout.alerts.conditions import Condition
from scheduler.actions import alert_messages, alerts, contacts
from scheduler.domain.model.alerts import ContactDraft
from scheduler.queries import alert_pages
from web.alerts.views import ACKNOWLEDGE
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser


def fault(served: Any) -> str:
    """Raise a fault that Ann is told of, and return the address of her link."""
    services = served.app.extensions[SERVICES_KEY]
    db, now = services.db, services.clock.utc()
    contacts.add(db, ADMIN, now, ContactDraft("Ann", target="ann@example.gov"))
    for before in (60, 0):
        alerts.observe(
            db, Condition.BLACK, holds=True, at=now - timedelta(seconds=before), reporter="host",
            detail="The picture on air is black.", channel=CH13,
        )  # fmt: skip
    alert_messages.make(db, now, "Test City")
    [waiting] = alert_messages.waiting(db, now)
    signed = signature(secret_key(services.settings.data_dir), ACKNOWLEDGE, waiting.id)
    return f"/alerts/message/{waiting.id}/{signed}"


@pytest.mark.parametrize("page", [(390, 844, "dark")], indirect=True)
def test_the_link_of_a_message_is_acknowledged_on_a_phone_by_keyboard(
    page: Page, served: Any
) -> None:
    require_axe()
    page.goto(fault(served))
    expect(page.get_by_text("The picture on air is black.")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="I take care of it").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Thank you.")
    assert findings(page) + overflow_findings(page) == []
    services = served.app.extensions[SERVICES_KEY]
    assert alert_pages.open_alerts(services.db)[0].acknowledged_by == "Ann, from the message"


@pytest.mark.parametrize("page", [(1440, 900, "light")], indirect=True)
def test_an_alert_is_acknowledged_from_its_page_and_leaves_the_banner(
    page: Page, served: Any
) -> None:
    fault(served)
    page.goto("/alerts")
    expect(page.locator("#banner")).to_contain_text("Black picture")
    page.get_by_role("button", name="Acknowledge: Black picture").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#says")).to_contain_text("you take care of it")
    expect(page.locator("#banner")).not_to_contain_text("Black picture")
