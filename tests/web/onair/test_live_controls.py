"""The buttons under a live meeting: what they promise and what they send."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.page import Element, read
from support.session import MeetingSession, a_meeting_now, in_session
from support.website import Site, post

from playout.model.commands import Verb
from playout.model.plan import MissedStart
from scheduler.actions import meetings
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish_changed
from scheduler.queries.host_api import commands_after


@pytest.fixture
def room(site: Site) -> MeetingSession:
    """A council meeting since 13:00, a file at 15:00 that joins in progress, another at 16:00."""
    asset = an_asset(site.db, length=HOUR)
    an_airing(site.db, NOW + 2 * HOUR, title="Budget replay", asset=asset.id)
    an_airing(site.db, NOW + 3 * HOUR, title="Parks", asset=asset.id, missed=MissedStart.SKIP)
    publish_changed(site.db, NOW)
    return in_session(site.db)


def at(site: Site, room: MeetingSession, when: datetime) -> Element:
    site.clock.advance(when - site.clock.utc())
    room.report(when)
    return read(site.browser(Role.OPERATOR).get("/"))


def button(page: Element, name: str) -> Element | None:
    return page.id(f"ch13-{name}")


def test_each_button_of_a_live_meeting_states_its_effect(site: Site, room: MeetingSession) -> None:
    page = at(site, room, NOW + HOUR)
    assert "until scheduled end" in page and "expected 15:00" in page
    assert "signal good" in page
    hold = button(page, "hold")
    assert hold.has("disabled") and "already on hold until adjourned" in hold
    fifteen = button(page, "extend-15")
    assert "Budget replay joins 15 min in" in fifteen and not fifteen.has("data-confirm")
    adjourn = button(page, "adjourn")
    assert adjourn.get("data-confirm") == "Adjourn City Council: Regular Meeting?"
    assert "Put Budget replay on air now" in button(page, "take").get("data-confirm")
    assert "recess" in button(page, "recess") and not button(page, "resume")
    assert not button(page, "go") and not button(page, "skip") and button(page, "slate")


def test_the_desk_names_the_limit_that_ends_a_held_meeting(site: Site) -> None:
    room = in_session(site.db, hard_limit=NOW + 3 * HOUR)
    page = at(site, room, NOW + HOUR)
    assert "held until adjourned, 16:00 at the latest" in page and "expected 15:00" in page
    assert "already on hold, until 16:00 at the latest" in button(page, "hold")
    assert "expected until 15:15" in button(page, "extend-15")


def test_full_effects_of_each_button_can_be_expanded(site: Site, room: MeetingSession) -> None:
    page = at(site, room, NOW + HOUR)
    told = page.id("ch13-all")
    assert "+30 min" in told and "15:00 Budget replay joins 30 min in." in told
    assert "Adjourn" in told


def test_fifteen_more_minutes_are_one_press_away(site: Site, room: MeetingSession) -> None:
    at(site, room, NOW + HOUR)
    desk = site.browser(Role.OPERATOR)
    typed = {"verb": "extend", "item": room.item, "minutes": "15"}
    assert post(desk, "/channels/ch13/command", **typed).status_code == 303
    given = commands_after(site.db, CH13, 0)[-1]
    assert (given.verb, given.item, given.minutes) == (Verb.EXTEND, room.item, 15)
    room.press(Verb.EXTEND, NOW + HOUR, item=room.item, minutes=15)
    assert "expected 15:15" in at(site, room, NOW + HOUR + MINUTE)


def test_the_machines_questions_are_on_the_desk(site: Site, room: MeetingSession) -> None:
    page = at(site, room, NOW + 2 * HOUR - 14 * MINUTE)
    assert "stays on until it is adjourned." in page and "At 15:00:" in page
    page = at(site, room, NOW + 2 * HOUR + 20 * MINUTE)
    assert "past scheduled end" in page and page.find(data_since=True)


def test_a_recess_is_shown_and_ends_with_one_press(site: Site, room: MeetingSession) -> None:
    room.press(Verb.RECESS, NOW + HOUR)
    page = at(site, room, NOW + HOUR + MINUTE)
    assert "in recess: viewers see its slate" in page
    assert button(page, "resume") and not button(page, "recess")


def test_a_meeting_canceled_on_air_keeps_its_buttons_until_adjourned(
    site: Site, room: MeetingSession
) -> None:
    at(site, room, NOW + HOUR)
    meetings.cancel(site.db, PLANNER, NOW + HOUR, room.meeting.id, room.meeting.version)
    publish_changed(site.db, NOW + HOUR)
    page = at(site, room, NOW + HOUR + MINUTE)
    assert "signal good" in page and "City Council: Regular Meeting" in page
    question = button(page, "adjourn").get("data-confirm")
    assert question == "Adjourn City Council: Regular Meeting?"
    room.press(Verb.ADJOURN, NOW + HOUR + MINUTE)
    at(site, room, NOW + HOUR + 2 * MINUTE)
    an_airing(site.db, NOW + 5 * HOUR, title="Late film")
    publish_changed(site.db, NOW + HOUR + 2 * MINUTE)
    assert room.item not in {one.id for one in room.plan().items}


def test_the_start_of_replays_is_marked_with_one_press_and_cleared(
    site: Site, room: MeetingSession
) -> None:
    page = at(site, room, NOW + 7 * MINUTE + timedelta(seconds=31))
    mark = button(page, "mark")
    assert "Start replays from here" in mark and not mark.has("data-confirm")
    assert "replays begin at 13:07:31 instead of 13:00:00" in mark and not button(page, "unmark")
    assert mark.find(data_clock="America/New_York") is not None
    typed = {"verb": "mark", "item": room.item, "cue": room.air(NOW).current.id}
    assert post(site.browser(Role.OPERATOR), "/channels/ch13/command", **typed).status_code == 303
    given = commands_after(site.db, CH13, 0)[-1]
    assert (given.verb, given.item) == (Verb.MARK, room.item)
    room.press(Verb.MARK, NOW + 8 * MINUTE, item=room.item)
    page = at(site, room, NOW + 9 * MINUTE)
    assert "instead of 13:08:00" in button(page, "mark")
    assert "replays begin at 13:00:00 again" in button(page, "unmark")


def test_a_live_that_has_not_begun_has_no_mark_button(site: Site) -> None:
    room = MeetingSession(site.db, a_meeting_now(site.db))
    page = at(site, room, NOW + MINUTE)
    assert button(page, "go") and not button(page, "mark")


def test_an_adjourned_meeting_can_be_brought_back(site: Site, room: MeetingSession) -> None:
    room.press(Verb.ADJOURN, NOW + HOUR)
    page = at(site, room, NOW + HOUR + MINUTE)
    assert "Back to the meeting" in button(page, "resume")
    late = at(site, room, NOW + 2 * HOUR + 30 * MINUTE)
    assert not button(late, "resume")


def test_lost_signal_is_shown(site: Site, room: MeetingSession) -> None:
    room.signal = False
    assert "no signal for" in at(site, room, NOW + HOUR)


def test_a_viewer_sees_no_button(site: Site, room: MeetingSession) -> None:
    at(site, room, NOW + HOUR)
    page = read(site.browser(Role.VIEWER).get("/"))
    assert "City Council: Regular Meeting" in page and not button(page, "adjourn")


def test_button_effects_are_computed_once_for_each_state(
    site: Site, room: MeetingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.queries import button_effects

    asked: list[Any] = []
    real = button_effects.outlook

    def counted(*given: Any) -> Any:
        asked.append(given)
        return real(*given)

    monkeypatch.setattr(button_effects, "outlook", counted)
    at(site, room, NOW + HOUR)
    once = len(asked)
    desk = site.browser(Role.OPERATOR)
    for _ in range(3):
        desk.get("/channels/ch13/desk")
    assert once == len(asked) > 5
    at(site, room, NOW + HOUR + timedelta(seconds=40))
    assert len(asked) == 2 * once


def test_a_meeting_in_recess_is_resumed_and_never_started(site: Site, room: MeetingSession) -> None:
    room.press(Verb.RECESS, NOW + HOUR, item=room.item)
    page = at(site, room, NOW + HOUR + MINUTE)
    assert button(page, "resume") and not button(page, "go") and not button(page, "recess")
