"""A room or source booked twice by a copy, an undo or a calendar: asked about, or reported."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_source, an_airing
from support.page import read
from support.website import Site, post

from config.names import ChannelId
from scheduler.actions import calendars, meeting_series, meetings
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting_series import MeetingSeriesDraft
from scheduler.domain.model.people import Role
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule
from scheduler.queries import changes
from scheduler.queries import meetings as query

COPY = "/schedule/ch13/2026-W48/copy"
WEEK = timedelta(days=7)
CH14 = ChannelId("ch14")
SOON = NOW + 6 * HOUR
"""This Sunday at 19:00 in New York."""


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


@pytest.fixture
def chamber(site: Site) -> str:
    return a_source(site.db)


def a_meeting(
    site: Site, chamber: str, start: datetime, title: str = "Council", **over: Any
) -> MeetingDraft:
    said = {"channel": CH13, "room": "Chamber", "source": chamber, **over}
    draft = MeetingDraft(title=title, start=start, length=HOUR, **said)
    return meetings.add(site.db, PLANNER, NOW, draft).draft


def stands(site: Site) -> list[tuple[str, str]]:
    found = query.meetings(site.db, NOW, NOW + 60 * WEEK, site.clock.utc())
    return [
        (one.meeting.title, f"{one.meeting.start:%m-%d}")
        for one in found
        if not one.meeting.cancelled
    ]


def plain(answer: Any) -> str:
    return read(answer).text


def hidden(answer: Any) -> list[str]:
    return [token.value for token in read(answer).all("input", name="taken")]


@pytest.fixture
def zoning(site: Site, desk: Any, chamber: str) -> None:
    """Council this week on channel 13; next week Zoning has its room and source, on 14."""
    a_meeting(site, chamber, SOON)
    a_meeting(site, chamber, SOON + WEEK, "Zoning", channel=CH14)


def test_a_copied_week_asks_before_it_books_a_room_twice(
    site: Site, desk: Any, zoning: None
) -> None:
    an_airing(site.db, SOON - 2 * HOUR, title="Parks", source="attic")
    answer = post(desk, COPY)
    assert answer.status_code == 422
    said = plain(answer)
    assert "Council (19:00–20:00) and Zoning (19:00–20:00) both need the source" in said
    assert "and the room Chamber." in said and "Skip the one" in said
    assert stands(site) == [("Council", "11-23"), ("Zoning", "11-30")]
    left = post(desk, COPY, doubled="leave", taken=hidden(answer))
    assert left.status_code == 303
    assert stands(site) == [("Council", "11-23"), ("Zoning", "11-30")]
    assert "Copied 1 airing" in plain(desk.get("/meetings"))


def test_accepted_double_bookings_are_copied_without_another_warning(
    site: Site, desk: Any, zoning: None
) -> None:
    answer = post(desk, COPY)
    kept = post(desk, COPY, doubled="keep", taken=hidden(answer))
    assert kept.status_code == 303
    assert ("Council", "11-30") in stands(site)
    assert "Booked twice" not in plain(desk.get("/meetings"))


def test_a_double_booking_not_shown_before_is_asked_about(
    site: Site, desk: Any, zoning: None
) -> None:
    assert post(desk, COPY, doubled="keep", taken=["other"]).status_code == 422
    assert ("Council", "11-30") not in stands(site)


def test_a_copied_day_asks_as_well(site: Site, desk: Any, zoning: None) -> None:
    answer = post(desk, "/schedule/ch13/day/2026-11-22/copy", to="2026-11-29")
    assert answer.status_code == 422 and "both need the source" in plain(answer)


def test_undo_of_a_canceled_meeting_names_what_is_now_booked_twice(
    site: Site, desk: Any, chamber: str
) -> None:
    a_meeting(site, chamber, SOON)
    first = query.meetings(site.db, NOW, NOW + WEEK, NOW)[0].meeting
    meetings.cancel(site.db, PLANNER, NOW, first.id, first.version)
    change = changes.latest(site.db, "meeting", first.id)
    assert change is not None
    a_meeting(site, chamber, SOON + HOUR / 2, "Zoning", channel=CH14)
    post(desk, f"/undo/{change.id}")
    page = read(desk.get("/meetings"))
    assert "Booked twice today: Council (19:00–20:00) and Zoning (19:30–20:30)" in page
    todo = page.one(aria_label="To do")
    assert [link.get("href") for link in todo.all("a")] == [f"/meetings/{first.id}"]
    back = changes.latest(site.db, "meeting", first.id)
    assert back is not None
    post(desk, f"/undo/{back.id}")
    assert "Booked twice" not in plain(desk.get("/meetings"))


def test_undo_of_a_canceled_live_airing_names_what_is_now_booked_twice(
    site: Site, desk: Any, chamber: str
) -> None:
    live = an_airing(site.db, SOON, title="Press briefing", source=chamber)
    post(desk, f"/airings/{live.id}/cancel", version=live.version)
    change = changes.latest(site.db, "airing", live.id)
    assert change is not None
    a_meeting(site, chamber, SOON, "Zoning", channel=CH14)
    post(desk, f"/undo/{change.id}")
    page = read(desk.get("/meetings"))
    assert "Press briefing (19:00–20:00) and Zoning (19:00–20:00) both need the source" in page
    (link,) = page.one(aria_label="To do").all("a")
    assert link.get("href") == "/schedule/ch13/2026-W47?day=2026-11-22"


def test_a_holiday_that_moves_meetings_names_what_is_now_booked_twice(
    site: Site, desk: Any, chamber: str
) -> None:
    """A holiday on the Tuesday moves the council to the Wednesday, where Zoning meets."""
    city = calendars.add(site.db, PLANNER, NOW, CalendarDraft("City", "Day one: 2027-01-01"))
    rule = Rule(
        "America/New_York",
        time(10),
        Weekly(frozenset({1})),
        date(2026, 11, 24),
        date(2026, 12, 15),
        holidays=(Observance(city.id, Policy.AFTER),),
    )
    usual = MeetingDefaults(CH13, "Council", 2 * HOUR, room="Chamber", source=chamber)
    meeting_series.add(site.db, PLANNER, NOW, MeetingSeriesDraft(usual, rule))
    a_meeting(site, chamber, datetime(2026, 12, 2, 15, tzinfo=UTC), "Zoning", channel=CH14)
    text = "Day one: 2027-01-01\nCity day: 2026-12-01"
    saved = post(desk, f"/calendars/{city.id}", name="City", text=text, version=city.version)
    assert saved.status_code in (204, 303)
    said = plain(desk.get("/meetings"))
    assert "Booked twice Wed 2 Dec: Council (10:00–12:00) and Zoning (10:00–11:00)" in said
