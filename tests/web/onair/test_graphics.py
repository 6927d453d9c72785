"""The Graphics card: what it says lies over the picture, and what its buttons order."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, PLANNER
from support.page import Element, read
from support.session import MeetingSession, in_session
from support.website import Site, post

from playout.commands.limits import UNTIL_TAKEN_OFF
from playout.model.commands import Command, Verb
from playout.model.events import Alerted, Message, MessagePlacement
from playout.model.graphics import Crawl, LowerThird
from scheduler.actions import airings, bodies, crawls
from scheduler.actions import graphics as action
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.roster import AgendaItem, Member
from scheduler.domain.model.airing_graphics import AiringGraphic, AiringGraphicKind
from scheduler.domain.model.graphics import GraphicsDraft
from scheduler.domain.model.people import Role
from scheduler.domain.series.crawls import CrawlDraft
from scheduler.domain.series.hours import WeeklyHours
from scheduler.process.publish import publish_changed
from scheduler.queries import grid
from scheduler.queries.host_api import commands_after

CARD = "/channels/ch13/graphics"
MEMBERS = (Member("Ana Ruiz", "Chair"), Member("Mei Chen"))
ITEMS = (AgendaItem("Call to order", "1"), AgendaItem("Budget", "7.B"))


@pytest.fixture
def room(site: Site) -> MeetingSession:
    """A council meeting since 13:00 with two members and two agenda items."""
    usual = MeetingDefaults(CH13, "", 2 * HOUR, body="City Council", televised=False)
    bodies.add(site.db, PLANNER, NOW, BodyDraft(usual, members=MEMBERS))
    return in_session(site.db, agenda_items=ITEMS)


@pytest.fixture
def desk(site: Site, room: MeetingSession) -> Any:
    return site.browser(Role.OPERATOR)


def card(desk: Any) -> Element:
    return read(desk.get(CARD))


def later(site: Site, room: MeetingSession, seconds: float, *graphics: str) -> None:
    """Let time pass, and the host report what lies over the picture."""
    site.clock.advance(timedelta(seconds=seconds))
    room.graphics = graphics
    room.report(site.clock.utc())


def showing(page: Element, words: str) -> Element:
    """Return the form whose button shows these words."""
    return next(form for form in page.all("form") if form.fields.get("first") == words)


def press(desk: Any, form: Element, **over: str) -> Element:
    headers = {"HX-Request": "true", "X-CSRFToken": ""}
    return read(desk.post(CARD, data={**form.sent, **_token(form), **over}, headers=headers))


def _token(form: Element) -> dict[str, str]:
    return {"csrf_token": form.one("input", name="csrf_token").get("value")}


def ordered(site: Site) -> Command:
    return commands_after(site.db, CH13, 0)[-1]


def test_members_and_agenda_items_are_buttons_that_show_two_lines(site: Site, desk: Any) -> None:
    page = card(desk)
    assert [each.text for each in page.all("summary")] == ["2 agenda items"]
    press(desk, showing(page, "Ana Ruiz"), seconds="15")

    graphic = ordered(site).graphic
    assert isinstance(graphic, LowerThird)
    assert (graphic.first, graphic.second) == ("Ana Ruiz", "Chair")
    assert graphic.shown_for == timedelta(seconds=15) and graphic.id == ordered(site).id
    press(desk, showing(page, "Budget"))
    graphic = ordered(site).graphic
    assert isinstance(graphic, LowerThird)
    assert (graphic.first, graphic.second) == ("Budget", "Item 7.B")


def test_a_press_says_what_became_of_it_and_the_picture_only_what_is_seen(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    page = press(desk, showing(card(desk), "Ana Ruiz"))
    assert "Nothing lies over the picture." in page
    assert "Sending…" in showing(page, "Ana Ruiz")

    site.clock.advance(timedelta(seconds=1))
    given = room.answer(site.clock.utc())
    page = card(desk)
    assert "Nothing lies over the picture." in page
    assert "Done" in showing(page, "Ana Ruiz") and "“Ana Ruiz, Chair”: done" in page

    later(site, room, 1, f"third-{given.id}", "bug-live")
    page = card(desk)
    assert "Over the picture: the bug with LIVE, “Ana Ruiz, Chair”" in page
    assert "on the picture" in showing(page, "Ana Ruiz")
    assert "on the picture" not in showing(page, "Mei Chen")


def test_a_name_on_the_picture_can_be_taken_off(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    assert card(desk).button("Take off the name") is None
    later(site, room, 1, "third-x", "crawl-y")
    page = card(desk)
    assert "Over the picture: a crawl, a name" in page
    form = next(each for each in page.all("form") if "Take off the name" in each)
    press(desk, form)
    assert ordered(site).verb is Verb.HIDE_LOWER_THIRD
    press(desk, next(each for each in page.all("form") if "Stop the crawl" in each))

    assert ordered(site).verb is Verb.STOP_CRAWL


def test_a_typed_name_and_a_typed_crawl_are_ordered(site: Site, desk: Any) -> None:
    page = read(desk.get("/")).id("ch13-type")
    name, crawl = page.all("form")
    press(desk, name, first=" Jo  Day ", second="Resident")
    graphic = ordered(site).graphic
    assert isinstance(graphic, LowerThird) and (graphic.first, graphic.second) == (
        "Jo Day",
        "Resident",
    )
    press(desk, crawl, first="Call 311", minutes="15")
    graphic = ordered(site).graphic

    assert isinstance(graphic, Crawl) and graphic.text == "Call 311"
    assert graphic.times == 0 and graphic.ends == site.clock.utc() + 15 * MINUTE


@pytest.mark.parametrize(
    ("chosen", "stays"),
    [
        ({}, timedelta(seconds=30)),
        ({"seconds": "15"}, timedelta(seconds=15)),
        ({"seconds": "43200"}, UNTIL_TAKEN_OFF),
    ],
)
def test_an_agenda_item_stays_as_long_as_the_channel_or_the_operator_says(
    site: Site, desk: Any, chosen: dict[str, str], stays: timedelta
) -> None:
    action.set_graphics(
        site.db, ADMIN, NOW, CH13, GraphicsDraft(names_for=timedelta(seconds=30)), 0
    )
    page = read(desk.get("/"))
    (offered,) = page.all("select", id="ch13-seconds")
    press(desk, showing(card(desk), "Budget"), **chosen)
    graphic = ordered(site).graphic

    assert offered.one("option", selected=True).text == "30 seconds"
    assert isinstance(graphic, LowerThird) and graphic.shown_for == stays


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first": " "}, "Write the first line of the lower third."),
        ({"first": "x" * 121}, "up to 120 characters for a line"),
        ({"first": "Ana", "seconds": "900"}, "2 seconds to 5 minutes"),
        ({"first": "", "kind": "crawl"}, "Write the text of the crawl."),
        ({"first": "x" * 601, "kind": "crawl"}, "up to 600 characters for a crawl"),
        ({"first": "Ana", "verb": "take"}, None),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(
    site: Site, desk: Any, typed: dict[str, str], words: str | None
) -> None:
    headers = {"HX-Request": "true"}
    form = showing(card(desk), "Mei Chen")
    answer = desk.post(CARD, data={**form.sent, **_token(form), **typed}, headers=headers)

    assert commands_after(site.db, CH13, 0) == ()
    if words is None:
        assert answer.status_code == 422
    else:
        assert words in read(answer)


def test_a_name_meant_for_what_is_over_is_refused_by_its_machine(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    form = showing(card(desk), "Ana Ruiz")
    assert form.fields["cue"] == room.air(site.clock.utc()).current.id
    site.clock.advance(timedelta(seconds=1))
    press(desk, form, cue="item:another")
    room.answer(site.clock.utc())
    page = card(desk)

    assert "Refused" in showing(page, "Ana Ruiz")
    assert "City Council: Regular Meeting is on air now." in page


def test_an_emergency_message_is_said_to_come_first(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    at = site.clock.utc()
    message = Message("m", "Boil water.", MessagePlacement.STRIP, at, at + HOUR, "Eve")
    room.facts.append(Alerted(message))
    assert "emergency" not in card(desk)
    later(site, room, 1)

    assert "An emergency message is on until 14:00" in card(desk)


def test_the_bug_can_be_taken_off_and_put_on_again(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    assert card(desk).button("Bug off") is None
    action.set_graphics(site.db, ADMIN, NOW, CH13, GraphicsDraft(bug_on=True, bug_text="CH 13"), 0)
    publish_changed(site.db, NOW)
    press(desk, next(form for form in card(desk).all("form") if "Bug off" in form))
    site.clock.advance(timedelta(seconds=1))
    room.answer(site.clock.utc())

    assert ordered(site).verb is Verb.BUG_OFF
    assert card(desk).button("Bug on") and card(desk).button("Bug off") is None


def test_what_is_planned_by_hand_and_by_time_is_a_button_while_its_airing_is_on(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    live = grid.airing(site.db, room.live, NOW).airing
    planned = (
        AiringGraphic("Jo Day", "Guest", after=30 * MINUTE),
        AiringGraphic("Call 311", kind=AiringGraphicKind.CRAWL, passes=2),
    )
    draft = replace(live.draft, graphics=planned)
    airings.edit(site.db, PLANNER, NOW, live.id, draft, live.version)
    press(desk, showing(card(desk), "Call 311"))

    graphic = ordered(site).graphic
    assert isinstance(graphic, Crawl) and (graphic.text, graphic.times) == ("Call 311", 2)
    assert showing(card(desk), "Jo Day").fields["second"] == "Guest"


def test_the_card_of_a_silent_machine_promises_nothing(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    later(site, room, 1, "bug")
    site.clock.advance(MINUTE)
    page = card(desk)

    assert "not known while the machine is silent" in page and "the bug" not in page
    assert all(each.has("disabled") for each in page.all("button"))


def test_a_card_that_has_not_changed_is_not_sent_again(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    rev = card(desk).one(data_rev=True).get("data-rev")
    assert desk.get(CARD, headers={"X-Gavel-Rev": rev}).status_code == 204
    later(site, room, 1, "clock")

    assert desk.get(CARD, headers={"X-Gavel-Rev": rev}).status_code == 200


def test_who_does_not_operate_sees_the_picture_but_no_button(
    site: Site, room: MeetingSession
) -> None:
    later(site, room, 1, "bug", "clock")
    for role in (Role.VIEWER, Role.SCHEDULER, Role.EMERGENCY):
        client = site.browser(role)
        page = read(client.get("/"))
        assert "the clock, the bug" in page.id("graphics-ch13")
        assert not page.id("graphics-ch13").all("button") and page.id("ch13-type") is None
        assert post(client, CARD, verb="graphic", first="Ana Ruiz").status_code == 403
    assert commands_after(site.db, CH13, 0) == ()


def test_the_page_of_a_meeting_tells_its_presses_without_hundreds_of_names(
    site: Site, desk: Any, room: MeetingSession
) -> None:
    press(desk, showing(card(desk), "Ana Ruiz"))
    site.clock.advance(timedelta(seconds=1))
    room.answer(site.clock.utc())
    cue = room.air(site.clock.utc()).current.id
    post(desk, "/channels/ch13/command", verb="mark", cue=cue)
    site.clock.advance(timedelta(seconds=1))
    room.answer(site.clock.utc())
    page = read(desk.get(f"/meetings/{room.meeting.id}"))

    assert "Start replays from here" in page and "Graphic shown" not in page


def test_a_crawl_by_the_clock_is_named_by_its_text_and_can_be_stopped(
    site: Site, room: MeetingSession, desk: Any
) -> None:
    hours = WeeklyHours(frozenset(range(7)), time(7), time(9))
    draft = CrawlDraft(CH13, "Leaf pickup begins Monday.", hours, NOW.date())
    added = crawls.add(site.db, PLANNER, NOW, draft)
    later(site, room, 1, "bug", f"crawl-{added.id}-2026-11-22-3")

    assert "Over the picture: “Leaf pickup begins Monday.”, the bug" in card(desk).text
    assert "Stop the crawl" in card(desk).text


@pytest.mark.parametrize(("chosen", "stays"), [("", 20), ("8", 20), ("30", 30), ("43200", None)])
def test_a_name_planned_with_its_own_time_keeps_it_unless_another_is_chosen(
    site: Site, desk: Any, room: MeetingSession, chosen: str, stays: int | None
) -> None:
    live = grid.airing(site.db, room.live, NOW).airing
    shown = AiringGraphic("Jo Day", "Resident", shown_for=timedelta(seconds=20))
    draft = replace(live.draft, graphics=(shown,))
    airings.edit(site.db, PLANNER, NOW, live.id, draft, live.version)
    button = showing(card(desk), "Jo Day")
    assert "Resident · 20 s" in button
    press(desk, button, **({"seconds": chosen} if chosen else {}))

    graphic = ordered(site).graphic
    assert isinstance(graphic, LowerThird)
    assert graphic.shown_for == (timedelta(seconds=stays) if stays else UNTIL_TAKEN_OFF)
