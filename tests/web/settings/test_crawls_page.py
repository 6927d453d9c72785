"""The page of what a channel shows by the clock: crawls added, changed, removed and undone, and
the hours of the clock.
"""

from typing import Any

import pytest
from support.desk import CH13, NOW, PLANNER
from support.page import Element, read
from support.website import Site, post

from config.names import Revision
from playout.model.graphics import GraphicsRules
from scheduler.actions import graphics as graphics_action
from scheduler.actions.undo import undo
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.model.graphics import GraphicsDraft
from scheduler.domain.model.people import SYSTEM_ACTOR, Role
from scheduler.queries import changes
from scheduler.queries import crawls as query
from scheduler.reading.snapshot import snapshot

PAGE = "/crawls/ch13"
LEAVES = {
    "text": "Leaf pickup\nbegins Monday.", "weekdays": ["0", "1", "2", "3", "4"],
    "at": "7:00", "until": "9:00", "every": "15 min", "speed": "150", "first": "2026-11-22",
}  # fmt: skip


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def rules(site: Site) -> GraphicsRules | None:
    with site.db.read() as session:
        since, until = window(NOW)
        read = snapshot(session, CH13, since, until)
        return build_plan(read, since, until, NOW, Revision(1)).graphics


def crawls(site: Site) -> list[str]:
    return [one.crawl.draft.text for one in query.crawls_page(site.db, CH13, NOW).crawls]


def page(desk: Any) -> Element:
    return read(desk.get(PAGE))


def test_a_crawl_is_added_listed_and_carried_into_the_plan(site: Site, desk: Any) -> None:
    assert "No crawl yet" in page(desk).text
    assert post(desk, PAGE, **LEAVES).status_code == 303

    shown = page(desk).text
    assert "Leaf pickup begins Monday." in shown
    assert "Every weekday 07:00–09:00, every 15 min. Next" in shown
    made = rules(site)
    assert made is not None and {one.text for one in made.crawls} == {"Leaf pickup begins Monday."}
    assert {one.begins.hour for one in made.crawls if one.begins} == {12}, "7:00 in New York"


def test_a_crawl_is_changed_removed_and_brought_back(site: Site, desk: Any) -> None:
    post(desk, PAGE, **LEAVES)
    (card,) = query.crawls_page(site.db, CH13, NOW).crawls
    address = f"{PAGE}/{card.crawl.id}"
    version = str(card.crawl.version)
    changed = {**LEAVES, "text": "Snow route parking is in force.", "version": version}
    post(desk, address, **changed)
    assert crawls(site) == ["Snow route parking is in force."]
    assert post(desk, address, **changed).status_code == 422, "another changed it since"
    post(desk, f"{address}/remove", version=str(int(version) + 1))
    assert crawls(site) == [] and rules(site) is None

    removed = changes.latest(site.db, "crawl", card.crawl.id)
    assert removed is not None and removed.sentence.startswith("Removed the crawl “Snow route")
    undo(site.db, PLANNER, NOW, removed.id)
    assert crawls(site) == ["Snow route parking is in force."]


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"text": ""}, "Please fill this in"),
        ({"weekdays": []}, "Choose at least one day of the week"),
        ({"every": "1 min"}, "every 2 minutes to 12 hours"),
        ({"until": "7:01"}, "three minutes or more after"),
        ({"last": "2026-11-01"}, "cannot be before the first"),
        ({"at": "25:00"}, "25:00"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_the_typing_is_kept(
    site: Site, desk: Any, over: dict[str, Any], words: str
) -> None:
    answer = post(desk, PAGE, **{**LEAVES, **over})

    assert answer.status_code == 422 and crawls(site) == []
    again = read(answer)
    assert words in again.text or words in answer.text
    assert over.get("text") == "" or "Leaf pickup" in answer.text


def test_a_second_crawl_without_a_pause_is_refused_with_what_to_do(site: Site, desk: Any) -> None:
    post(desk, PAGE, **{**LEAVES, "every": ""})
    answer = post(desk, PAGE, **{**LEAVES, "text": "Call 311.", "every": ""})

    assert answer.status_code == 422
    assert "“Leaf pickup begins Monday.” already moves without a pause" in read(answer).text


def test_the_eleventh_crawl_is_refused(site: Site, desk: Any) -> None:
    for number in range(10):
        post(desk, PAGE, **{**LEAVES, "text": f"Notice {number}"})
    answer = post(desk, PAGE, **LEAVES)

    assert answer.status_code == 422 and "up to 10 crawls" in read(answer).text
    assert "as many crawls as it may have" in page(desk).text


def test_the_preview_shows_the_picture_the_length_and_the_coming_days(
    site: Site, desk: Any
) -> None:
    shown = read(post(desk, f"{PAGE}/preview", **LEAVES))

    assert "Every weekday 07:00–09:00, every 15 min. One pass lasts" in shown.text
    assert "tomorrow 07:00–09:00" in shown.text
    assert shown.one("img").get("src", "").startswith("data:image/jpeg")
    assert crawls(site) == []
    assert "Days" not in read(post(desk, f"{PAGE}/preview", text="")).text


def with_clock(site: Site) -> None:
    draft = GraphicsDraft(clock_on=True)
    graphics_action.set_graphics(site.db, SYSTEM_ACTOR, NOW, CH13, draft, 0)


def clock_form(desk: Any) -> dict[str, Any]:
    return dict(page(desk).one("form", id="clock-hours").sent)


def test_the_clock_is_shown_in_its_hours_alone(site: Site, desk: Any) -> None:
    assert "is off, so these hours show nothing yet" in page(desk).text
    with_clock(site)
    assert "at all hours" in page(desk).text
    typed = {**clock_form(desk), "days-0": ["0", "1"], "at-0": "6:00", "until-0": "9:00"}
    post(desk, f"{PAGE}/clock", **typed)

    assert "in these hours only" in page(desk).text
    made = rules(site)
    assert made is not None and made.clock is not None
    assert {(one.begins.hour, one.ends.hour) for one in made.clock.hours} == {(11, 14)}
    assert {one.begins.weekday() for one in made.clock.hours} == {0, 1}
    change = changes.latest(site.db, "clock", CH13)
    assert change is not None
    undo(site.db, PLANNER, NOW, change.id)
    made = rules(site)
    assert made is not None and made.clock is not None and made.clock.hours == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"days-0": ["0"], "at-0": "6:00"}, "Enter both times"),
        ({"at-0": "6:00", "until-0": "9:00"}, "Choose at least one day"),
        ({"days-0": ["0"], "at-0": "6:00", "until-0": "late"}, "Enter both times"),
    ],
)
def test_hours_that_cannot_be_used_are_kept_as_typed(
    site: Site, desk: Any, row: dict[str, Any], words: str
) -> None:
    answer = post(desk, f"{PAGE}/clock", **{**clock_form(desk), **row})

    assert answer.status_code == 422 and words in read(answer).text
    assert 'value="6:00"' in answer.text
    assert query.crawls_page(site.db, CH13, NOW).clock_hours == ()


def test_of_two_people_the_later_is_told_before_the_hours_are_overwritten(
    site: Site, desk: Any
) -> None:
    typed = clock_form(desk)
    with_clock(site)
    row = {"days-0": ["0"], "at-0": "6:00", "until-0": "9:00"}
    answer = post(desk, f"{PAGE}/clock", **{**typed, **row})

    assert answer.status_code == 422 and "Save again to use yours" in read(answer).text
    again = dict(read(answer).one("form", id="clock-hours").sent)
    assert post(desk, f"{PAGE}/clock", **again).status_code == 303
    assert len(query.crawls_page(site.db, CH13, NOW).clock_hours) == 1


def test_who_may_not_plan_sees_the_page_without_its_buttons(site: Site) -> None:
    viewer = site.browser(Role.VIEWER)

    assert "Add a crawl" not in read(viewer.get(PAGE)).text
    assert post(viewer, PAGE, **LEAVES).status_code == 403
