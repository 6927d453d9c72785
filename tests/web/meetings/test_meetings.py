"""Meetings in the browser: one form, the preview before saving, the page of one meeting."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site, post, token_of

from playout.model.plan import StartRule
from scheduler.actions import meetings as action
from scheduler.actions import sources
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.model.people import Role
from scheduler.domain.model.source import SourceDraft
from scheduler.queries import meetings

START = NOW + 45 * HOUR
"""Tuesday 24 November, 10:00 in New York."""


@pytest.fixture
def desk(site: Site) -> Any:
    sources.add(site.db, ADMIN, NOW, SourceDraft("Council Chamber", "test:"))
    return site.browser(Role.SCHEDULER)


def source_of(site: Site) -> str:
    from scheduler.queries.sources import sources as known

    return known(site.db)[0].id


def form(site: Site, **over: str) -> dict[str, str]:
    typed = {
        "body": "City Council",
        "title": "City Council: Regular Meeting",
        "day": "2026-11-24",
        "at": "10:00",
        "length": "2:00",
        "televised": "y",
        "channel": "ch13",
        "source": source_of(site),
        "same_day": "19:00",
        "day_1": "5",
        "at_1": "10:00",
        "count": "1",
        "agenda": "https://clerk.example/agenda",
    }
    return {**typed, **over}


def only(site: Site) -> meetings.MeetingView:
    found = meetings.meetings(site.db, NOW, NOW + timedelta(days=60), site.clock.utc())
    assert len(found) == 1
    return found[0]


def add(site: Site, **over: Any) -> Meeting:
    draft = MeetingDraft(CH13, "City Council", START, 2 * HOUR, source=source_of(site))
    return action.add(site.db, PLANNER, NOW, draft)


def test_one_form_makes_the_whole_meeting(site: Site, desk: Any) -> None:
    answer = post(desk, "/meetings", **form(site))
    made = only(site)
    assert answer.headers["Location"].endswith(f"/meetings/{made.meeting.id}")
    assert made.meeting.start == START and len(made.replays) == 3
    page = read(desk.get(answer.headers["Location"]))
    assert "Added City Council: Regular Meeting, Tue 24 Nov 10:00." in page
    assert page.find(data_undo=True)
    assert "Same day at 19:00, Saturday at 10:00, one more replay" in page
    listed = desk.get("/meetings").get_data(as_text=True)
    assert "City Council: Regular Meeting" in listed and "3 replays" in listed


def test_the_preview_lists_what_would_move_and_saves_nothing(site: Site, desk: Any) -> None:
    asset = an_asset(site.db)
    over = {"title": "Parks", "start_rule": StartRule.HARD, "asset": asset.id}
    an_airing(site.db, START + HOUR / 2, **over)
    said = post(desk, "/meetings/preview", **form(site)).get_data(as_text=True)
    assert "Moves 1 other airing" in said
    assert "Parks, Tue 24 Nov 10:30, does not air" in said
    assert "City Council: Regular Meeting airs Tue 24 Nov 10:00, live until adjourned." in said
    assert meetings.meetings(site.db, NOW, START + HOUR, NOW) == ()
    bare = post(desk, "/meetings/preview", **form(site, at="12:30")).get_data(as_text=True)
    assert "Nothing else moves" in bare
    wrong = post(desk, "/meetings/preview", **form(site, length="")).get_data(as_text=True)
    assert "Fill in Expected length." in wrong
    wrong = post(desk, "/meetings/preview", **form(site, length="soon")).get_data(as_text=True)
    assert "Fill in" not in wrong and "Expected length: Write a length with its units" in wrong
    over = post(desk, "/meetings/preview", **form(site, day="2026-11-20")).get_data(as_text=True)
    assert "Fill in" not in over
    read = post(desk, "/meetings/preview", **form(site, length="1h30")).get_data(as_text=True)
    assert "Fill in" not in read and "Write a length" not in read


def test_a_mistake_is_shown_beside_its_field_and_the_typing_kept(site: Site, desk: Any) -> None:
    answer = post(desk, "/meetings", **form(site, source="", agenda="clerk"))
    drawer = read(answer)
    assert answer.status_code == 422
    assert "Choose its video source" in drawer and "starts with https" in drawer
    assert drawer.field("Title").value == "City Council: Regular Meeting"


def test_a_change_moves_the_meeting_and_a_conflict_keeps_the_typing(site: Site, desk: Any) -> None:
    meeting = add(site)
    path = f"/meetings/{meeting.id}"
    assert read(desk.get(f"{path}/form")).control("at").value == "10:00"
    post(desk, path, **form(site, at="11:00", version=str(meeting.version)))
    assert only(site).meeting.start == START + HOUR
    late = post(desk, path, **form(site, at="12:00", version=str(meeting.version)))
    drawer = read(late)
    assert late.status_code == 422 and drawer.control("at").value == "12:00"
    assert drawer.rows == [["At", "11:00", "12:00"]]


def test_canceling_first_shows_what_it_takes_off_the_air(site: Site, desk: Any) -> None:
    meeting, parks = add(site), an_asset(site.db)
    an_airing(site.db, START + HOUR / 2, title="Parks", asset=parks.id)
    asked = read(desk.get(f"/meetings/{meeting.id}/cancel")).text
    assert "City Council, Tue 24 Nov 10:00, does not air." in asked
    own, others = asked.index("own airings"), asked.index("other airing")
    assert others < asked.index("Parks airs Tue 24 Nov 10:30") < own
    post(desk, f"/meetings/{meeting.id}/cancel", version=str(meeting.version))
    assert only(site).meeting.cancelled
    assert "canceled" in desk.get(f"/meetings/{meeting.id}").get_data(as_text=True)


def test_a_recessed_meeting_reconvenes(site: Site, desk: Any) -> None:
    meeting = add(site)
    typed = {"day": "2026-11-25", "at": "09:00", "version": str(meeting.version)}
    post(desk, f"/meetings/{meeting.id}/reconvene", **typed)
    found = meetings.meetings(site.db, NOW, NOW + timedelta(days=60), NOW)
    assert [one.meeting.start for one in found] == [START, START + 23 * HOUR]
    wrong = post(desk, f"/meetings/{meeting.id}/reconvene", day="soon", at="")
    assert wrong.status_code == 422


def test_meetings_that_need_a_decision_come_first(site: Site, desk: Any) -> None:
    add(site)
    page = desk.get("/meetings").get_data(as_text=True)
    assert "Still needs a decision" in page
    assert "Viewers have no link to the agenda yet." in page
    assert "No replay is set: choose when it airs again." in page


def test_a_viewer_can_read_meetings_but_not_change_them(site: Site, desk: Any) -> None:
    meeting = add(site)
    viewer = site.browser(Role.VIEWER)
    page = viewer.get(f"/meetings/{meeting.id}").get_data(as_text=True)
    assert "City Council" in page and "Cancel the meeting" not in page
    token = token_of(viewer, "/programs")
    answer = viewer.post(f"/meetings/{meeting.id}", data=form(site, csrf_token=token))
    assert answer.status_code == 403


def test_a_sources_key_appears_in_no_response(site: Site) -> None:
    engineer = site.browser(Role.ENGINEER)
    key = "hunter2hunter2"
    address = f"rtsp://camera:{key}@10.0.0.5/stream"
    post(engineer, "/settings/sources", name="Chamber", address=address)
    source = source_of(site)
    pages = [engineer.get(path) for path in ("/settings", f"/settings/sources/{source}")]
    typed = {"name": "", "address": address, "version": "1"}
    pages.append(post(engineer, f"/settings/sources/{source}", **typed))
    pages.append(post(engineer, "/settings/sources", name="Other", address=address + "@x"))
    assert [page.status_code for page in pages] == [200, 200, 422, 422]
    for page in pages:
        text = page.get_data(as_text=True)
        assert key not in text
    assert "rtsp://10.0.0.5 · key set" in pages[0].get_data(as_text=True)


def test_a_source_is_changed_and_retired_by_engineers_only(site: Site, desk: Any) -> None:
    source, engineer = source_of(site), site.browser(Role.ENGINEER)
    typed = {"name": "Chamber", "sound": "left", "gain_db": "3", "version": "1"}
    assert post(engineer, f"/settings/sources/{source}", **typed).status_code == 303
    assert "left only" in engineer.get("/settings").get_data(as_text=True)
    assert post(desk, f"/settings/sources/{source}", **typed).status_code == 403
    post(engineer, f"/settings/sources/{source}/retire", version="2")
    assert "No source yet" in engineer.get("/settings").get_data(as_text=True)
