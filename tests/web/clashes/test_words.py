"""An overlap in the browser: nothing changes until staff choose a way out."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site, post, token_of

from playout.model.plan import EndRule
from scheduler.actions import airings
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Role
from scheduler.queries import grid

EVENING = NOW + 6 * HOUR


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def form(**over: str) -> dict[str, str]:
    typed = {
        "channel": "ch13", "title": "Extra session", "day": "2026-11-22", "at": "19:30",
        "length": "1:00", "start_rule": "hard", "end_rule": "cut", "missed": "join", "public": "y",
    }  # fmt: skip
    return {**typed, **over}


def stands(site: Site, airing: Airing) -> Airing:
    return grid.airing(site.db, airing.id, NOW).airing


def hidden(answer: Any) -> dict[str, str]:
    """What the sheet of an overlap sends, except the way out."""
    return read(answer).one("form", class_="ways").fields


def two_in_the_evening(site: Site) -> tuple[Airing, Airing]:
    file = an_asset(site.db, length=3 * HOUR).id
    council = an_airing(site.db, EVENING, title="Council", asset=file)
    return council, an_airing(site.db, EVENING + HOUR, title="Planning", asset=file)


def test_an_overlap_is_asked_about_with_the_consequence_of_each_way_out(
    site: Site, desk: Any
) -> None:
    council, planning = two_in_the_evening(site)
    file = council.draft.asset or ""
    answer = post(desk, "/airings", **form(asset=file))
    text = read(answer).text
    assert answer.status_code == 422
    assert "Extra session would overlap Council (today 19:00–20:00), Planning (today" in text
    for said in (
        "Keep the start and cut at 19:30",
        "Council ends 19:30, 30 min earlier.",
        "Let it finish and move 1 airing",
        "Planning starts today 21:00 instead of 20:00.",
        "Skip Council and 1 more",
        "Leave both as they are",
        "Cancel, change nothing",
    ):
        assert said in text, said
    assert stands(site, council) == council
    sent = {**hidden(answer), "way": "ripple"}
    done = post(desk, "/airings", **sent)
    assert done.status_code == 303
    assert stands(site, planning).start == EVENING + 2 * HOUR
    page = read(desk.get(done.headers["Location"]))
    assert "Added Extra session, moving 1 airing." in page and page.find(data_undo=True)


def test_a_choice_made_for_an_older_schedule_is_asked_again(site: Site, desk: Any) -> None:
    council, planning = two_in_the_evening(site)
    asked = post(desk, "/airings", **form())
    airings.move(site.db, PLANNER, NOW, planning.id, EVENING + 4 * HOUR, planning.version)
    again = post(desk, "/airings", **{**hidden(asked), "way": "cut"})
    assert again.status_code == 422
    assert "The schedule has changed since" in again.get_data(as_text=True)
    assert stands(site, council) == council


def test_a_drag_onto_a_live_airing_changes_nothing_until_staff_choose(
    site: Site, desk: Any
) -> None:
    council, planning = two_in_the_evening(site)
    live = an_airing(
        site.db, EVENING + 3 * HOUR, title="Hearing", source="chamber", end_rule=EndRule.HOLD
    )
    there = {"by": str(150 * 60), "longer": "0", "to": "ch13"}
    answer = desk.post(
        f"/airings/{planning.id}/move",
        data={"version": planning.version, **there},
        headers={"X-CSRFToken": token_of(desk), "HX-Request": "true"},
    )
    text = read(answer).text
    assert answer.status_code == 422 and "Hearing cannot be cut: it is live." in text
    assert stands(site, planning) == planning
    post(desk, f"/airings/{planning.id}/move", **{**hidden(answer), "way": "ripple"})
    assert stands(site, planning).start == EVENING + 4 * HOUR
    assert stands(site, live) == live and stands(site, council) == council


def test_a_copy_by_dragging_is_not_a_replay(site: Site, desk: Any) -> None:
    council, _ = two_in_the_evening(site)
    there = {"by": str(14 * 3600), "longer": "0", "to": "ch14"}
    assert post(desk, f"/airings/{council.id}/copy", **there).status_code == 303
    found = grid.week(site.db, [grid.channels(site.db)[1].id], NOW.date() + timedelta(1), NOW)
    assert [(v.airing.title, v.airing.draft.replay) for v in found.airings] == [("Council", False)]
    assert found.airings[0].airing.start == NOW + 20 * HOUR


def test_moving_an_airing_five_minutes_into_the_next_one_asks_too(site: Site, desk: Any) -> None:
    council, _ = two_in_the_evening(site)
    answer = post(desk, f"/airings/{council.id}/move", version=council.version, minutes=5)
    assert answer.status_code == 422
    post(desk, f"/airings/{council.id}/move", **{**hidden(answer), "way": "cut"})
    moved = stands(site, council)
    assert (moved.start, moved.draft.length) == (EVENING + 5 * MINUTE, 55 * MINUTE)
