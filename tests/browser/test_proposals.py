"""A proposal from a producer's keyboard to the schedule and back; axe checks each state."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import ADMIN, CH13, PLANNER, an_asset

from config.clock import SystemClock
from config.names import ChannelId
from scheduler.actions import airings, people, slides
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.people import Role
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import grid, proposals
from scheduler.queries import slides as board

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")
SECRET = "a short sentence of words"
OPEN = "#drawer.show #drawer-body:not(:has(> .htmx-added))"
HERE = "wanted => document.activeElement.matches(wanted)"


def now() -> datetime:
    return SystemClock().utc()


def reach(page: Page, selector: str, most: int = 90) -> None:
    """Press Tab until the element has the focus."""
    page.locator(selector).first.wait_for()
    for _ in range(most):
        if page.evaluate(HERE, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def looked(page: Page) -> list[str]:
    return findings(page) + overflow_findings(page)


@pytest.fixture
def producer(page: Page, served: Any) -> Iterator[Page]:
    """A second browser, signed in as a producer."""
    require_axe()
    assert page.context.browser is not None
    context = page.context.browser.new_context(
        viewport=page.viewport_size, color_scheme="dark", base_url=served.url
    )
    made = context.new_page()
    made.goto(f"/welcome/{people.invite(served.db, ADMIN, now(), Role.PRODUCER)}")
    for name, text in (("name", "Pru"), ("login", "pru"), ("password", SECRET), ("again", SECRET)):
        made.fill(f"[name={name}]", text)
    made.keyboard.press("Enter")
    made.wait_for_url(f"{served.url}/")
    yield made
    context.close()


@pytest.mark.parametrize("page", [(1440, 900, "light"), (390, 844, "light")], indirect=True)
def test_by_keyboard_a_proposal_is_made_approved_and_undone(
    page: Page, producer: Page, served: Any
) -> None:
    noon = (now().astimezone(NEW_YORK) + timedelta(days=1)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    council = AiringDraft(CH13, "City Council", noon - HOUR / 2, HOUR, asset=an_asset(served.db).id)
    standing = airings.add(served.db, PLANNER, now(), council)
    day = f"/schedule/ch13/{noon:%G-W%V}?day={noon.date()}"

    producer.goto(day)
    producer.keyboard.press("n")
    producer.locator(f"{OPEN} [name=title]").wait_for()
    expect(producer.locator("#drawer [name=title]")).to_be_focused()
    producer.keyboard.type("Parks update")
    reach(producer, "#drawer [name=length]")
    producer.keyboard.type("1:00")
    producer.keyboard.press("Tab")
    clash = "Parks update would overlap City Council (tomorrow 11:30–12:30)."
    expect(producer.locator("#clash")).to_contain_text(clash)
    found = looked(producer)
    reach(producer, "#drawer form[action='/proposals'] button.btn-primary")
    producer.keyboard.press("Enter")
    expect(producer.locator("#says")).to_contain_text("Proposed Parks update")
    expect(producer.locator("tr.proposed")).to_contain_text("proposed")
    drawn = producer.locator(".ec-event.proposed")
    expect(drawn).to_contain_text("Parks update")
    expect(drawn).to_contain_text("proposal")
    assert drawn.evaluate("e => getComputedStyle(e).outlineStyle") == "dashed"
    found += looked(producer)
    (made,) = proposals.waiting(served.db, now())
    assert made.start == noon

    page.goto(day)
    expect(page.locator("#h-proposed")).to_have_text("1 proposal")
    expect(page.locator(".ec-event.proposed")).to_have_count(1)
    found += looked(page)
    reach(page, "button[aria-label^='Decide: Parks update']")
    page.keyboard.press("Enter")
    reach(page, f"{OPEN} form[action$='/accept'] button")
    found += looked(page)
    page.keyboard.press("Enter")
    expect(page.locator(f"{OPEN} .way").first).to_be_focused()
    assert grid.airing(served.db, standing.id, now()).airing == standing
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Approved Parks update, cutting")
    expect(page.locator("tr.proposed")).to_have_count(0)
    assert not proposals.waiting(served.db, now())
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Approved Parks update")
    expect(page.locator("#h-proposed")).to_have_text("1 proposal")
    assert grid.airing(served.db, standing.id, now()).airing.draft == council
    assert found == []


def test_a_missing_reason_gets_the_focus_and_the_producer_reads_the_one_given(
    page: Page, producer: Page, served: Any
) -> None:
    producer.goto("/schedule/ch13")
    producer.locator("[data-add]").click()
    producer.fill("#drawer [name=title]", "Parks update")
    producer.fill("#drawer [name=length]", "0:30")
    producer.get_by_role("button", name="Propose it").click()
    expect(producer.locator("#says")).to_contain_text("Proposed Parks update")

    page.goto("/schedule/ch13")
    page.locator("button[aria-label^='Decide']").click()
    page.get_by_role("button", name="Decline it").click()
    expect(page.locator(f"{OPEN} #reason-wrong")).to_contain_text("Say why")

    expect(page.locator("#reason")).to_be_focused()
    found = looked(page)
    page.keyboard.type("The council needs the hour.")
    page.get_by_role("button", name="Decline it").click()
    expect(page.locator("#says")).to_contain_text("Declined Parks update")

    producer.goto("/schedule/ch13")
    producer.locator("button[aria-label^='Open']").click()
    expect(producer.locator("#drawer-body")).to_contain_text("The council needs the hour.")
    assert found + looked(producer) == []


@pytest.mark.parametrize("page", [(1440, 900, "light"), (390, 844, "light")], indirect=True)
def test_by_keyboard_a_producers_bulletin_is_seen_and_approved_before_it_airs(
    page: Page, producer: Page, served: Any
) -> None:
    other = SlideDraft("Winter parking", "Odd side on odd days.", ChannelId("ch14"), now())
    slides.add(served.db, PLANNER, now(), other)
    producer.goto("/bulletins")
    producer.keyboard.press("n")
    producer.locator(f"{OPEN} [name=heading]").wait_for()
    expect(producer.locator("#drawer [name=heading]")).to_be_focused()
    producer.keyboard.type("Leaf pickup")
    producer.keyboard.press("Tab")
    producer.keyboard.type("Bags at the curb by 6 am.")
    found = looked(producer)
    reach(producer, "#drawer form[action='/bulletins'] button.btn-primary")
    producer.keyboard.press("Enter")
    expect(producer.locator("#says")).to_contain_text("A scheduler approves it first.")
    expect(producer.locator("main .todo").first).to_contain_text("Waiting for approval")
    found += looked(producer)
    assert board.slides(served.db, CH13) == ()

    page.goto("/schedule/ch13")
    reach(page, "button[aria-label^='Decide: Bulletin: Leaf pickup']")
    page.keyboard.press("Enter")
    shown = page.locator(f"{OPEN} img.air-size")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 1280)
    found += looked(page)
    reach(page, f"{OPEN} form[action$='/accept'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Approved “Leaf pickup”, proposed by Pru.")
    assert [one.draft.heading for one in board.slides(served.db, CH13)] == ["Leaf pickup"]
    found += looked(page)
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Approved the bulletin Leaf pickup")
    assert board.slides(served.db, CH13) == ()
    expect(page.locator("#h-proposed")).to_have_text("1 proposal")

    reach(page, "button[aria-label^='Decide: Bulletin: Leaf pickup']")
    page.keyboard.press("Enter")
    reach(page, f"{OPEN} form[action$='/decline'] textarea")
    page.keyboard.type("Say which week.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("Declined “Leaf pickup”.")
    producer.goto("/bulletins")
    expect(producer.locator("main .todo").first).to_contain_text(
        "Declined by Dana: Say which week."
    )
    assert found + looked(producer) == []
