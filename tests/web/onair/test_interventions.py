"""A source put on air by hand, emergency messages, the banner, and displaced programs."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, an_airing, an_asset
from support.page import read
from support.session import MeetingSession, in_session
from support.website import Site, post

from config.names import ChannelId
from playout.model.commands import Verb
from playout.model.events import MessagePlacement
from playout.model.plan import MissedStart
from scheduler.actions import commands
from scheduler.actions.commands import Order
from scheduler.domain.model.people import Actor, Role
from scheduler.process.publish import publish_changed
from scheduler.queries.changes import changes
from scheduler.queries.host_api import commands_after
from scheduler.refusals import Forbidden, Refused

WORDS = "Boil water notice for Zone 4. Call 311."


@pytest.fixture
def room(site: Site) -> MeetingSession:
    asset = an_asset(site.db, length=HOUR)
    an_airing(site.db, NOW + 2 * HOUR, title="Parks", asset=asset.id, missed=MissedStart.SKIP)
    publish_changed(site.db, NOW)
    return in_session(site.db)


def go(site: Site, room: MeetingSession, by: timedelta) -> None:
    site.clock.advance(by)
    room.report(site.clock.utc())


def test_a_source_goes_on_air_with_a_time_to_return(site: Site, room: MeetingSession) -> None:
    desk, source = site.browser(Role.OPERATOR), room.meeting.draft.source
    assert "Put a source on air now" in desk.get("/channels/ch13/override").get_data(as_text=True)
    typed = {"source": source, "text": "Mayor's briefing", "minutes": "30", "cue": "c1"}
    assert post(desk, "/channels/ch13/override", **typed).status_code == 303
    given = commands_after(site.db, CH13, 0)[-1]
    assert (given.verb, given.source, given.text) == (Verb.OVERRIDE, source, "Mayor's briefing")
    assert given.until == NOW + 30 * MINUTE and given.cue == "c1"
    entry = changes(site.db, limit=1)[0]
    assert entry.sentence == "Put Chamber on air until 13:30" and not entry.can_undo
    assert post(desk, "/channels/ch13/override", source="").status_code == 422


def test_all_staff_see_who_put_a_source_on_and_when_it_ends(
    site: Site, room: MeetingSession
) -> None:
    viewer = site.browser(Role.VIEWER)
    assert "notice" not in viewer.get("/live/banner").get_data(as_text=True)
    over = {"source": room.meeting.draft.source, "until": NOW + 40 * MINUTE, "text": "Briefing"}
    room.press(Verb.OVERRIDE, NOW + 10 * MINUTE, **over)
    go(site, room, 10 * MINUTE + timedelta(seconds=1))
    told = viewer.get("/live/banner").get_data(as_text=True)
    assert "City Channel 13: Briefing, put on air by Otto." in told
    assert "The schedule resumes at 13:40." in told


def test_questions_go_to_operators_only(site: Site, room: MeetingSession) -> None:
    go(site, room, 2 * HOUR + MINUTE)
    said = "stays on until it is adjourned"
    assert said in site.browser(Role.OPERATOR).get("/live/banner").get_data(as_text=True)
    assert said not in site.browser(Role.VIEWER).get("/live/banner").get_data(as_text=True)


def test_an_emergency_message_goes_to_the_channels_chosen(site: Site, room: MeetingSession) -> None:
    desk = site.browser(Role.EMERGENCY)
    page = desk.get("/emergency").get_data(as_text=True)
    assert "never sounds or imitates" in page
    typed = {"text": WORDS, "placement": "full", "minutes": "60", "channels": ["ch13"]}
    assert post(desk, "/emergency", **typed).status_code == 303
    given = commands_after(site.db, CH13, 0)[-1]
    assert (given.verb, given.text, given.placement) == (
        Verb.EMERGENCY,
        WORDS,
        MessagePlacement.FULL,
    )
    assert given.until == NOW + HOUR
    assert commands_after(site.db, ChannelId("ch14"), 0) == ()
    assert WORDS in changes(site.db, limit=1)[0].sentence
    assert post(desk, "/emergency", text="", channels=["ch13"]).status_code == 422
    assert post(desk, "/emergency", text=WORDS).status_code == 422


def test_the_message_in_force_is_in_the_banner_and_can_be_taken_down(
    site: Site, room: MeetingSession
) -> None:
    over = {"text": WORDS, "until": NOW + HOUR, "placement": MessagePlacement.STRIP}
    room.press(Verb.EMERGENCY, NOW + MINUTE, **over)
    go(site, room, 2 * MINUTE)
    told = site.browser(Role.VIEWER).get("/live/banner").get_data(as_text=True)
    assert "emergency message by Otto until 14:00" in told and "notice-emergency" in told
    desk = site.browser(Role.EMERGENCY)
    assert WORDS in desk.get("/emergency").get_data(as_text=True)
    post(desk, "/emergency/ch13/clear")
    assert commands_after(site.db, CH13, 0)[-1].verb is Verb.CLEAR


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SCHEDULER, Role.OPERATOR])
def test_an_emergency_needs_its_own_right(site: Site, role: Role) -> None:
    order = Order(Verb.EMERGENCY, until=NOW + HOUR, text=WORDS)
    with pytest.raises(Forbidden):
        commands.give(site.db, Actor("a", "A", frozenset({role})), NOW, CH13, order)
    emergency = Actor("e", "Eve", frozenset({Role.EMERGENCY}))
    with pytest.raises(Forbidden):
        commands.give(site.db, emergency, NOW, CH13, Order(Verb.ADJOURN))
    assert commands.give(site.db, emergency, NOW, CH13, order).text == WORDS


@pytest.mark.parametrize(
    "order",
    [
        Order(Verb.EMERGENCY, until=NOW, text=WORDS),
        Order(Verb.EMERGENCY, until=NOW + 13 * HOUR, text=WORDS),
        Order(Verb.EMERGENCY, until=NOW + HOUR, text="x" * 301),
        Order(Verb.EMERGENCY, text=WORDS),
        Order(Verb.OVERRIDE, until=NOW + HOUR),
    ],
)
def test_orders_without_an_end_or_words_are_refused(site: Site, order: Any) -> None:
    with pytest.raises(Refused):
        commands.give(site.db, ADMIN, NOW, CH13, order)


def test_displaced_programs_are_rescheduled_from_the_desk(site: Site, room: MeetingSession) -> None:
    go(site, room, 3 * HOUR)
    desk = site.browser(Role.OPERATOR)
    page = read(desk.get("/"))
    assert "1 program was bumped" in page and "Reschedule it" in page
    answer = post(desk, "/channels/ch13/put-back")
    assert answer.status_code == 303
    assert "Rescheduled: Parks today" in desk.get("/").get_data(as_text=True)
