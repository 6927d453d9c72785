"""A week planned from nothing, by mouse and by keyboard alone; overlaps; the day searched."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect
from sqlalchemy import insert, select
from support.axe import findings, overflow_findings, require_axe
from support.boxes import box_of
from support.chromium import KEY_DELAY_MS
from support.desk import CH13, PLANNER, an_asset

from config.clock import SystemClock
from scheduler.actions import airings, calendars, series
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.queries import grid

pytestmark = pytest.mark.browser
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
DRAWER = "#drawer.show #drawer-body:not(:has(> .htmx-added))"
"""Once htmx has taken in what it put there."""
HERE = "wanted => document.activeElement.matches(wanted)"


def now() -> datetime:
    return SystemClock().utc()


def next_monday() -> datetime:
    local = now().astimezone(NEW_YORK).replace(hour=0, minute=0, second=0, microsecond=0)
    return local + timedelta(days=7 - local.weekday())


class Mouse:
    """A hand that clicks, and types into what it clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def type(self, selector: str, text: str, typed: str = "") -> None:
        self.page.locator(selector).first.fill(text)

    def choose(self, selector: str, label: str) -> None:
        self.page.locator(selector).first.select_option(label=label)


class Keyboard:
    """A hand that uses Tab, letters, space and Enter only."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str, most: int = 90) -> None:
        self.page.locator(selector).first.wait_for()
        for _ in range(most):
            if self.page.evaluate(HERE, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reached {selector}")

    def press(self, selector: str) -> None:
        self.reach(selector)
        box = self.page.locator(selector).first.get_attribute("type") == "checkbox"
        self.page.keyboard.press("Space" if box else "Enter")

    def type(self, selector: str, text: str, typed: str = "") -> None:
        self.reach(selector)
        self.page.keyboard.type(typed or text, delay=KEY_DELAY_MS)

    def choose(self, selector: str, label: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(label)


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_week_is_planned_from_nothing(page: Page, served: Any, hands: type[Any]) -> None:
    an_asset(served.db, "Documentary", length=HOUR / 2)
    monday, by = next_monday(), hands(page)
    tuesday = monday + timedelta(days=1)
    page.goto("/programs")
    by.press("button[hx-get='/calendars']")
    by.type(f"{DRAWER} [name=name]", "" if hands is Keyboard else "City holidays")
    by.type(f"{DRAWER} [name=text]", f"Our day: {tuesday:%Y-%m-%d}\n")
    by.press(f"{DRAWER} button.btn-primary")
    expect(page.locator("#says")).to_contain_text("Added the calendar City holidays")
    week = f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}"
    for name, day, typed in (("Regular meeting", "1", "10:00"), ("Committees", "2", "09:30")):
        page.goto(week)
        by.press("button[hx-get^='/series/new']")
        by.type(f"{DRAWER} [name=title]", name)
        by.press(f"{DRAWER} [name=weekdays][value='{day}']")
        by.type(f"{DRAWER} [name=at]", typed, f"{typed.replace(':', '')}AM")
        by.type(f"{DRAWER} [name=length]", "2:00")
        by.choose(f"{DRAWER} [name^=holiday-]", "airs on the business day before")
        if day == "1":
            expect(page.locator("#preview")).to_contain_text("Our day is on Tuesday")
        by.press(f"{DRAWER} button.btn-primary")
        expect(page.locator("#says")).to_contain_text(f"Started {name}")
    page.goto(week)
    by.press("button[hx-get^='/blocks?']")
    by.press(f"{DRAWER} button[hx-get^='/blocks/new']")
    by.type(f"{DRAWER} [name=name]", "Afternoon")
    by.type(f"{DRAWER} [name=at]", "13:00")
    by.type(f"{DRAWER} [name=until]", "17:00")
    by.press(f"{DRAWER} [name=assets]")
    by.press(f"{DRAWER} form[action='/blocks'] button.btn-primary")
    expect(page.locator("#says")).to_contain_text("Added the block Afternoon")
    page.goto(week)
    by.press("tr[data-row]")
    by.type(f"{DRAWER} #copy-at", "19:00")
    by.press(f"{DRAWER} form[action$='/copy'] button")
    expect(page.locator("#says")).to_contain_text("Added the replay of")
    planned = grid.week(served.db, [CH13], monday.date(), now())
    starts = [f"{planned.local(view.airing.start, CH13):%a %H:%M}" for view in planned.airings]
    assert "Mon 10:00" in starts and "Wed 09:30" in starts and "Tue 10:00" not in starts
    assert any(view.airing.draft.replay for view in planned_everywhere(served))
    assert {stretch.block.draft.name for stretch in planned.stretches} == {"Afternoon"}


def planned_everywhere(served: Any) -> list[Any]:
    mondays = [next_monday().date() + timedelta(days=7 * n) for n in (-1, 0, 1)]
    return [v for day in mondays for v in grid.week(served.db, [CH13], day, now()).airings]


def evening(served: Any) -> tuple[Airing, Airing]:
    file = an_asset(served.db, length=3 * HOUR).id
    start = (next_monday() + timedelta(hours=19)).astimezone(now().tzinfo)
    made = [
        AiringDraft(CH13, title, start + n * HOUR, HOUR, asset=file)
        for n, title in enumerate(("Council", "Planning"))
    ]
    first, second = (airings.add(served.db, PLANNER, now(), draft) for draft in made)
    return first, second


def dragged(page: Page, x: float, y: float, over: float, down: float) -> None:
    """Press at (x, y) and drag slowly by so many pixels to the right and down."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + over / 2, y + down / 2, steps=4)
    page.mouse.move(x + over, y + down, steps=6)
    page.mouse.up()


def centred(place: Locator) -> FloatRect:
    """Return its place on the screen, scrolled to the middle: near an edge a drag would scroll."""
    place.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return box_of(place)


def test_dragging_the_lower_edge_lengthens_the_airing(page: Page, served: Any) -> None:
    council, planning = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    event = page.locator(".ec-event", has_text="Planning")
    event.hover()
    edge = centred(event.locator(".ec-resizer").last)
    dragged(page, edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2, 0, 36)
    expect(page.locator("#says")).to_contain_text("Planning")
    longer = grid.airing(served.db, planning.id, now()).airing

    assert longer.start == planning.start and HOUR < longer.draft.length <= 2 * HOUR
    assert grid.airing(served.db, council.id, now()).airing.draft == council.draft


def test_dragging_with_alt_held_makes_a_copy(page: Page, served: Any) -> None:
    _, planning = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    box = centred(page.locator(".ec-event", has_text="Planning"))
    page.keyboard.down("Alt")
    dragged(page, box["x"] + box["width"] / 2, box["y"] + 8, 0, 90)
    page.keyboard.up("Alt")
    expect(page.locator(".ec-event", has_text="Planning")).to_have_count(2)
    week = grid.week(served.db, [CH13], monday.date(), now()).airings
    found = sorted((v.airing for v in week if v.airing.title == "Planning"), key=lambda a: a.start)

    assert [one.id == planning.id for one in found] == [True, False]
    assert found[0].start == planning.start
    assert planning.end <= found[1].start <= planning.start + 2 * HOUR


def test_the_day_view_has_a_column_for_each_channel_and_moves_between_them(
    page: Page, served: Any
) -> None:
    _, planning = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    page.get_by_role("button", name="Day, all channels").click()
    for name in ("City Channel 13", "City Channel 14"):
        expect(page.locator("#week")).to_contain_text(name)
    event = page.locator(".ec-event", has_text="Planning")
    expect(event).to_have_count(1)
    box = centred(event)
    dragged(page, box["x"] + box["width"] / 2, box["y"] + 8, box["width"] * 1.1, 0)
    expect(page.locator("#says")).to_contain_text("Moved Planning")
    moved = grid.airing(served.db, planning.id, now()).airing

    assert (moved.channel, moved.start) == ("ch14", planning.start)


MANY = 504
DRAWN = f"""
(() => {{
  const look = () => {{
    if (document.querySelectorAll(".ec-event").length >= {MANY}) window.drawn = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})();
"""


def test_a_week_of_five_hundred_airings_is_drawn_quickly(page: Page, served: Any) -> None:
    file, monday = an_asset(served.db).id, next_monday()
    like = AiringDraft(CH13, "Item", monday.astimezone(now().tzinfo), HOUR / 3, asset=file)
    airings.add(served.db, PLANNER, now(), like)
    with served.db.write() as session:
        row = session.execute(select(AiringRow)).scalar_one()
        same = {one.key: getattr(row, one.key) for one in AiringRow.__mapper__.column_attrs}
        session.execute(insert(AiringRow), [
            same | {"id": f"many-{n}", "start": row.start + n * HOUR / 3,
                    "end": row.end + n * HOUR / 3, "title": f"Item {n}"}
            for n in range(1, MANY)
        ])  # fmt: skip
    page.add_init_script(DRAWN)
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    expect(page.locator(".ec-event")).to_have_count(MANY, timeout=30_000)
    drawn = page.evaluate("window.drawn")
    shown = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    print(f"{MANY} airings: page {shown:.0f} ms, grid drawn {drawn:.0f} ms after the click")

    assert drawn < 5000


def test_dragging_onto_another_airing_asks_what_should_happen(page: Page, served: Any) -> None:
    council, planning = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    event = page.locator(".ec-event", has_text="Planning")
    event.scroll_into_view_if_needed()
    box = box_of(event)
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 16, steps=3)
    page.mouse.move(x, y - 36, steps=5)
    page.mouse.up()
    expect(page.locator("#drawer-body")).to_contain_text("Planning would overlap Council")
    assert grid.airing(served.db, planning.id, now()).airing.start == planning.start
    page.locator("button.way[value=cut]").click()
    expect(page.locator("#says")).to_contain_text("Moved Planning, cutting at 19:30")
    cut = grid.airing(served.db, council.id, now()).airing
    assert cut.draft.length == HOUR / 2
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Moved Planning")
    assert grid.airing(served.db, council.id, now()).airing.draft.length == HOUR


def test_an_overlap_is_settled_and_the_day_searched_by_keyboard(page: Page, served: Any) -> None:
    council, planning = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    page.keyboard.press("/")
    page.keyboard.type("planning")
    expect(page.locator(f"#row-{council.id}")).to_be_hidden()
    expect(page.locator(f"#row-{planning.id}")).to_be_visible()
    page.locator("[data-search]").fill("")
    page.locator(f"#row-{council.id}").focus()
    page.keyboard.press("Enter")
    keys = Keyboard(page)
    keys.press(f"{DRAWER} form:has([name=minutes][value='30']) button")
    expect(page.locator("button.way[value=cut]")).to_be_focused()
    keys.press("button.way[value=ripple]")
    expect(page.locator("#says")).to_contain_text("Moved Council, moving 1 airing")
    assert grid.airing(served.db, planning.id, now()).airing.start == planning.start + HOUR / 2


ON_AT_ONCE = """() => {
  let gone = false;
  document.addEventListener("focusin", (event) => {
    if (gone || event.target.value !== "cut") return;
    gone = true;
    document.querySelector(".way[value=ripple]").focus();
  });
}"""
"""Somebody quick: from the first way to another as soon as it is there."""


def test_the_first_way_out_gets_the_focus_only_once(page: Page, served: Any) -> None:
    """Someone who had moved on to another way at once still pressed Enter on the first one."""
    council, _ = evening(served)
    monday = next_monday()
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    page.locator(f"#row-{council.id}").click()
    button = page.locator(f"{DRAWER} form:has([name=minutes][value='30']) button")
    button.wait_for()
    page.evaluate(ON_AT_ONCE)
    button.click()
    expect(page.locator(".way[value=ripple]")).to_be_focused()
    page.wait_for_timeout(300)
    expect(page.locator(".way[value=ripple]")).to_be_focused()


def test_copying_onto_a_planned_week_is_settled_by_keyboard(page: Page, served: Any) -> None:
    council, planning = evening(served)
    week, monday = timedelta(days=7), next_monday().date() + timedelta(days=7)
    parks = replace(planning.draft, title="Parks", start=planning.start + week + HOUR / 2)
    airings.add(served.db, PLANNER, now(), parks)
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday + timedelta(days=2)}")
    keys = Keyboard(page)
    keys.press("button[hx-post*='/copy']")
    expect(page.locator("#drawer-body")).to_contain_text(
        "1 of 2 airings would overlap what is planned"
    )
    expect(page.locator("#drawer-body")).to_contain_text("over Parks (20:30–21:30)")
    require_axe()
    expect(page.locator("#drawer")).to_have_class("offcanvas offcanvas-end drawer show")
    assert findings(page) + overflow_findings(page) == []
    expect(page.locator("button.way[value=skip]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("button[hx-post*='/copy']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("button.way[value=skip]")).to_be_focused()
    keys.press("button.way[value=elsewhere]")
    expect(page.locator("#says")).to_contain_text(
        "Copied 2 airings from the week before, moving 1 that conflicted."
    )
    planned = grid.week(served.db, [CH13], monday, now()).airings
    starts = {view.airing.title: view.airing.start for view in planned}
    assert starts["Council"] == council.start + week
    assert starts["Planning"] == starts["Parks"] + HOUR
    page.keyboard.press("u")
    expect(page.locator("#says")).to_contain_text("Undid: Copied 2 airings")
    planned = grid.week(served.db, [CH13], monday, now()).airings
    assert [view.airing.title for view in planned] == ["Parks"]


def test_calendars_and_blocks_show_their_days_while_they_are_typed(page: Page, served: Any) -> None:
    council, _ = evening(served)
    monday = next_monday()
    day = monday + timedelta(days=8)
    city = calendars.add(served.db, PLANNER, now(), CalendarDraft("City", "Far: July 1"))
    holidays = (Observance(city.id, Policy.BEFORE),)
    rule = Rule(
        "America/New_York", time(10), Weekly(frozenset({1})), monday.date(), holidays=holidays
    )
    meeting = replace(council.draft, title="Regular meeting")
    series.add(served.db, PLANNER, now(), SeriesDraft("Regular meeting", rule, meeting))
    page.goto("/programs")
    page.locator("button[hx-get='/calendars']").click()
    page.locator(f"{DRAWER} a", has_text="City").click()
    expect(page.locator("#drawer-title")).to_have_text("City")
    page.locator(f"{DRAWER} [name=text]").fill(f"Our day: {day:%Y-%m-%d}")
    page.keyboard.press("Tab")
    said = page.locator("#preview")
    expect(said).to_contain_text("Saving changes 1 airing of Regular meeting")
    page.goto(f"/schedule/ch13/{monday:%G-W%V}?day={monday.date()}")
    page.locator("button[hx-get^='/blocks?']").click()
    page.locator(f"{DRAWER} button[hx-get^='/blocks/new']").click()
    for name, typed in (("name", "Evening"), ("at", "18:00"), ("until", "23:00")):
        page.locator(f"{DRAWER} [name={name}]").fill(typed)
    page.locator(f"{DRAWER} [name=assets]").first.check()
    expect(said).to_contain_text("Every day 18:00–23:00")
    expect(said).to_contain_text("round Council, Planning")
