"""Graphics from the page to the picture and back: the whole system on one simulated clock."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, PLANNER
from support.page import Element, read
from support.session import a_meeting_now
from support.website import Site, post
from support.whole_system import WholeSystem

from scheduler.actions import airings, bodies
from scheduler.actions import graphics as action
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.meetings.roster import Member
from scheduler.domain.model.airing_graphics import AiringGraphic
from scheduler.domain.model.graphics import GraphicsDraft
from scheduler.queries import meetings

SECOND = timedelta(seconds=1)
BEGINS = NOW + MINUTE
CARD = "/channels/ch13/graphics"


@pytest.fixture
def council(site: Site) -> Meeting:
    """A council that begins in a minute, with one member and a bug on its channel."""
    usual = MeetingDefaults(CH13, "", HOUR, body="City Council", televised=False)
    bodies.add(site.db, PLANNER, NOW, BodyDraft(usual, members=(Member("Ana Ruiz", "Chair"),)))
    bug = GraphicsDraft(bug_on=True, bug_text="CH 13", over_slides=False)
    action.set_graphics(site.db, ADMIN, NOW, CH13, bug, 0)
    return a_meeting_now(site.db, BEGINS)


def card(system: WholeSystem) -> Element:
    return read(system.staff.get(CARD))


def over(system: WholeSystem) -> str:
    """Return what the card says lies over the picture."""
    return card(system).one("p").text


def press(system: WholeSystem, words: str) -> None:
    """Press the button of the card with these words, as the page sends it."""
    form = next(each for each in card(system).all("form") if words in each)
    post(system.staff, CARD, **form.sent)


def test_a_press_shows_a_name_over_the_meeting_for_its_seconds(
    site: Site, tmp_path: Path, council: Meeting
) -> None:
    system = WholeSystem(site, tmp_path)
    system.run_until(BEGINS - 20 * SECOND)
    assert over(system) == "Nothing lies over the picture."
    system.run_until(BEGINS + 20 * SECOND)
    assert over(system) == "Over the picture: the bug with LIVE"

    press(system, "Ana Ruiz")
    system.run_for(3)
    assert "“Ana Ruiz, Chair”" in over(system) and "the bug with LIVE" in over(system)
    assert "on the picture" in next(b for b in card(system).all("button") if "Ana Ruiz" in b)
    system.run_for(10)
    assert over(system) == "Over the picture: the bug with LIVE"


def test_a_name_and_the_bug_are_taken_off_and_the_bug_stays_off(
    site: Site, tmp_path: Path, council: Meeting
) -> None:
    system = WholeSystem(site, tmp_path)
    system.run_until(BEGINS + 20 * SECOND)
    press(system, "Ana Ruiz")
    system.run_for(3)
    press(system, "Take off the name")
    press(system, "Bug off")
    system.run_for(3)

    assert over(system) == "Nothing lies over the picture."
    system.run_for(60)
    assert over(system) == "Nothing lies over the picture."
    press(system, "Bug on")
    system.run_for(3)
    assert over(system) == "Over the picture: the bug with LIVE"


def test_what_is_planned_with_the_live_airing_comes_by_itself(
    site: Site, tmp_path: Path, council: Meeting
) -> None:
    live = meetings.meeting(site.db, council.id, NOW).live
    assert live is not None
    guest = AiringGraphic("Jo Day", "Guest", after=2 * MINUTE, shown_for=10 * SECOND)
    draft = replace(live.airing.draft, graphics=(guest,))
    airings.edit(site.db, PLANNER, NOW, live.id, draft, live.airing.version)
    system = WholeSystem(site, tmp_path)
    system.run_until(BEGINS + 2 * MINUTE - 3 * SECOND)
    assert over(system) == "Over the picture: the bug with LIVE"
    system.run_for(7)

    assert "“Jo Day, Guest”" in over(system)
    system.run_for(10)
    assert over(system) == "Over the picture: the bug with LIVE"
