"""Plans of meetings that repeat: every date before saving, and what staff are asked first."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, an_airing
from support.page import read
from support.website import Site, post

from scheduler.actions import bodies, calendars, sources
from scheduler.actions import meetings as action
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.people import Role
from scheduler.domain.model.source import SourceDraft
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft, Observance, Policy
from scheduler.queries import meeting_series as repeating
from scheduler.queries import meetings
from scheduler.queries.meetings import MeetingView

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def usual(site: Site) -> MeetingDefaults:
    source = sources.add(site.db, ADMIN, NOW, SourceDraft("Council Chamber", "test:")).id
    return MeetingDefaults(
        CH13,
        "City Council: Regular Meeting",
        2 * HOUR,
        body="City Council",
        room="Council Chamber",
        source=source,
        agenda="https://clerk.example/{date}",
        replays=ReplayRules(same_day=time(19)),
    )


@pytest.fixture
def desk(site: Site, usual: MeetingDefaults) -> Any:
    city = calendars.add(site.db, PLANNER, NOW, CalendarDraft("City", CITY_HOLIDAYS)).id
    recess = CalendarDraft("Recess", "August recess: August 1 to August 31")
    summer = calendars.add(site.db, PLANNER, NOW, recess).id
    skips = (Observance(city, Policy.AFTER), Observance(summer, Policy.SKIP))
    bodies.add(site.db, PLANNER, NOW, BodyDraft(usual, holidays=skips))
    return site.browser(Role.SCHEDULER)


def shown(answer: Any) -> str:
    return read(answer).text


def fields(desk: Any, path: str = "/meetings/plan", **over: Any) -> dict[str, Any]:
    """Return what the form of the plan would send, with some of it typed over."""
    return {**read(desk.get(path)).one("form", id="plan").sent, **over}


def lines(*rows: tuple[str, str, str, str, str]) -> dict[str, list[str]]:
    names = ("what", "day", "to", "at", "title")
    return {
        f"differ-{name}": list(told)
        for name, told in zip(names, zip(*rows, strict=True), strict=True)
    }


def stands(site: Site) -> list[MeetingView]:
    found = meetings.meetings(site.db, NOW, NOW + timedelta(days=900), site.clock.utc())
    return [one for one in found if not one.meeting.cancelled]


def local(view: MeetingView) -> str:
    return f"{view.meeting.start.astimezone(ZONE):%m-%d %H:%M}"


def test_a_body_fills_in_the_plan_and_every_date_is_shown(site: Site, desk: Any) -> None:
    typed = fields(desk)
    assert typed["title"] == ["City Council: Regular Meeting"] and typed["at"] == ["10:00"]
    assert (typed["first"], typed["last"]) == (["2027-01-01"], ["2027-12-31"])
    said = shown(post(desk, "/meetings/plan/preview", **typed))
    assert "Every Tuesday at 10:00 until 31 December 2027" in said
    assert "47 meetings 5 skipped Plan 47 meetings" in said
    assert "Tue 3 Aug 2027 no meeting August recess" in said
    assert stands(site) == []


def test_a_year_with_two_special_meetings_is_planned_by_one_press(site: Site, desk: Any) -> None:
    more = lines(
        ("add", "2027-03-18", "", "14:00", "City Council: Budget Hearing"),
        ("add", "2027-06-03", "", "", ""),
        ("skip", "2027-03-02", "", "", ""),
        ("move", "2027-05-04", "2027-05-05", "18:00", ""),
        ("add", "", "", "", ""),
    )
    answer = post(desk, "/meetings/plan", **{**fields(desk), **more})
    assert answer.headers["Location"].endswith("/meetings")
    found = {local(one): one.meeting for one in stands(site)}
    assert len(found) == 48
    assert found["03-18 14:00"].title == "City Council: Budget Hearing"
    assert {"06-03 10:00", "05-05 18:00"} <= set(found)
    assert not {"03-02 10:00", "05-04 10:00"} & set(found)
    home = shown(desk.get("/meetings"))
    assert "Planned 48 meetings of City Council. Undo" in home
    assert "48 meetings to come, next Tue 5 Jan 2027 10:00" in home


def test_an_unreadable_row_is_reported_and_the_typing_kept(site: Site, desk: Any) -> None:
    for row, sentence in (
        (("add", "2027-03-18", "", "25:00", "Hearing"), "enter a day and a time"),
        (("add", "soon", "", "10:00", "Hearing"), "enter a day and a time"),
    ):
        answer = post(desk, "/meetings/plan", **{**fields(desk), **lines(row)})
        assert answer.status_code == 422 and answer.headers["HX-Retarget"] == "#plan-form"
        titles = read(answer).all("input", name="differ-title")
        assert sentence in shown(answer) and titles[0].value == "Hearing"
    same = ("skip", "2027-03-02", "", "", ""), ("add", "2027-03-02", "", "", "")
    answer = post(desk, "/meetings/plan", **{**fields(desk), **lines(*same)})
    assert "Tuesday 2 March is listed twice" in shown(answer)
    assert stands(site) == []


def zoning(site: Site, usual: MeetingDefaults, **over: Any) -> None:
    """A Zoning Board that has the chamber on Tuesday 9 February from 11:00."""
    start = datetime(2027, 2, 9, 16, tzinfo=UTC)
    other = replace(usual, body="Zoning Board", title="", agenda="", **over)
    action.add(site.db, PLANNER, NOW, other.on(start, date(2027, 2, 9)))


def test_a_room_and_source_already_in_use_are_asked_about(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual)
    said = shown(post(desk, "/meetings/plan/preview", **fields(desk)))
    assert "1 conflict" in said and "Zoning Board (11:00–13:00) needs the air of" in said
    answer = post(desk, "/meetings/plan", **fields(desk))
    assert answer.status_code == 422 and len(stands(site)) == 1
    asked = shown(answer)
    assert (
        "City Council: Regular Meeting (10:00–12:00) and Zoning Board (11:00–13:00) both need "
        "the air of City Channel 13, the source Council Chamber and the room Council Chamber."
    ) in asked
    assert "Move the one that conflicts to City Channel 14 Still booked twice on 1 day: " in asked
    assert "1 day: the source and the room." in asked
    assert "Skip the one that conflicts 46 meetings of the plan remain." in asked
    post(desk, "/meetings/plan", **fields(desk), way="leave")
    assert len(stands(site)) == 47 and "02-09 10:00" not in map(local, stands(site))


def the_sheet(answer: Any) -> dict[str, Any]:
    return {"taken": [token.value for token in read(answer).all("input", name="taken")]}


def test_only_the_colliding_meeting_moves_to_the_other_channel(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual)
    asked = the_sheet(post(desk, "/meetings/plan", **fields(desk)))
    answer = post(desk, "/meetings/plan", **fields(desk), **asked, way="channel:ch14")
    assert answer.status_code == 303
    there = {local(one) for one in stands(site) if one.meeting.draft.channel == "ch14"}
    assert there == {"02-09 10:00"} and len(stands(site)) == 48


def test_accepted_double_bookings_are_kept_and_new_ones_asked_about(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual)
    asked = the_sheet(post(desk, "/meetings/plan", **fields(desk)))
    start = datetime(2027, 3, 9, 15, tzinfo=UTC)
    late = replace(usual, body="Parks Board", title="").on(start, date(2027, 3, 9))
    action.add(site.db, PLANNER, NOW, late)
    again = post(desk, "/meetings/plan", **fields(desk), **asked, way="keep")
    assert again.status_code == 422
    assert "changed since" in shown(again) and "Parks Board" in shown(again)
    answer = post(desk, "/meetings/plan", **fields(desk), **the_sheet(again), way="keep")
    assert answer.status_code == 303 and len(stands(site)) == 49


def test_a_change_from_a_day_on_shows_every_meeting_it_moves(site: Site, desk: Any) -> None:
    post(desk, "/meetings/plan", **fields(desk, last="2027-03-31"))
    (line,) = repeating.lines(site.db, NOW)
    path = f"/meetings/plan/{line.series.id}"
    typed = fields(desk, f"{path}?from=2027-03-01", at="18:30")
    assert typed["split"] == ["2027-03-01"]
    said = shown(post(desk, f"/meetings/plan/preview?series={line.series.id}", **typed))
    assert "5 existing dates changed" in said
    assert "Tue 2 Mar 2027 18:30 was Tue 2 Mar 2027 10:00" in said
    assert "Tue 23 Feb" not in said and "displaces" not in said
    assert post(desk, path, **typed).status_code == 303
    found = [local(one) for one in stands(site)]
    assert found[7:9] == ["02-23 10:00", "03-02 18:30"] and len(found) == 13
    late = post(desk, path, **fields(desk, path, at="09:00", version="1"))
    assert late.status_code == 422 and "Save again" in shown(late)


def test_a_meeting_moved_on_its_own_page_says_it_keeps_its_time(site: Site, desk: Any) -> None:
    post(desk, "/meetings/plan", **fields(desk, last="2027-02-28"))
    one = stands(site)[2].meeting
    moved = replace(one.draft, start=one.start + HOUR)
    action.edit(site.db, PLANNER, NOW, one.id, moved, one.version)
    page = shown(desk.get(f"/meetings/{one.id}"))
    assert "every Tuesday at 10:00 until 28 February 2027, 8 meetings to come." in page
    assert "This one was changed by hand and stays as it is." in page
    assert "Change this and all that follow" in page


def test_airings_displaced_by_a_meeting_are_named(site: Site, desk: Any) -> None:
    an_airing(site.db, datetime(2027, 1, 12, 15, 30, tzinfo=UTC), title="Parks update")
    said = shown(post(desk, "/meetings/plan/preview", **fields(desk)))
    assert "Tue 12 Jan 2027 10:00 displaces Parks update" in said


def test_ending_a_plan_cancels_its_coming_meetings(site: Site, desk: Any) -> None:
    post(desk, "/meetings/plan", **fields(desk, last="2027-01-31"))
    (line,) = repeating.lines(site.db, NOW)
    post(desk, f"/meetings/plan/{line.series.id}/end", version=str(line.series.version))
    assert stands(site) == [] and repeating.lines(site.db, NOW) == ()


def test_a_viewer_can_read_a_plan_but_not_change_it(site: Site, desk: Any) -> None:
    post(desk, "/meetings/plan", **fields(desk, last="2027-01-31"))
    (line,) = repeating.lines(site.db, NOW)
    guest = site.browser(Role.VIEWER)
    path = f"/meetings/plan/{line.series.id}"
    assert read(guest.get(path)).find("fieldset", disabled=True)
    assert guest.get("/bodies").status_code == 200
    assert post(guest, path).status_code == 403 and guest.get("/meetings/plan").status_code == 403


def test_a_body_is_added_and_changed_in_its_drawer(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    typed = {
        "body": "Zoning Board",
        "kind": "weekday",
        "weekdays": "3",
        "numbers": "1",
        "at": "19:30",
        "length": "1:30",
        "channel": "ch14",
        "televised": "y",
        "source": usual.source or "",
        "room": "Room 4",
        "agenda": "https://clerk.example/zoning/{year}",
    }
    post(desk, "/bodies", **typed)
    page = shown(desk.get("/bodies"))
    assert "the first Thursday of the month at 19:30 · Room 4 · no replays" in page
    wrong = post(desk, "/bodies", **{**typed, "body": "Other", "agenda": "https://x.example/{no}"})
    assert wrong.status_code == 422 and "There is no {no}" in shown(wrong)
    twice = post(desk, "/bodies", **typed)
    assert "There is already a body with this name." in shown(twice)


def test_choosing_a_body_fills_the_meeting_form_unless_a_title_was_typed(
    site: Site, desk: Any
) -> None:
    filled = read(desk.get("/meetings/new?fill=1&body=city+council"))
    assert filled.field("Room").value == "Council Chamber"
    assert filled.field("Day").value == "2026-11-24"
    assert filled.field("Agenda on the web").value == "https://clerk.example/2026-11-24"
    for query in ("body=Nobody", "body=City+Council&title=My+own"):
        assert desk.get(f"/meetings/new?fill=1&{query}").status_code == 204


def single(site: Site, usual: MeetingDefaults, **over: str) -> dict[str, str]:
    typed = {
        "body": "City Council",
        "day": "2027-02-09",
        "at": "10:00",
        "length": "2:00",
        "televised": "y",
        "channel": "ch13",
        "source": usual.source or "",
        "room": "council chamber",
    }
    return {**typed, **over}


def test_a_second_live_meeting_in_the_same_hour_is_asked_about(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual)
    answer = post(desk, "/meetings", **single(site, usual))
    assert answer.status_code == 422 and len(stands(site)) == 1
    asked = shown(answer)
    assert "City Council (10:00–12:00) and Zoning Board (11:00–13:00) both need the air" in asked
    assert "Move it to City Channel 14" in asked and "Keep both as they are" in asked
    taken = the_sheet(answer)
    kept = post(desk, "/meetings", **single(site, usual, channel="ch13"), **taken, way="keep")
    assert kept.status_code == 303 and len(stands(site)) == 2
    own = next(one.meeting for one in stands(site) if one.meeting.title == "City Council")
    version = {"version": str(own.version)}
    path = f"/meetings/{own.id}"
    renamed = single(site, usual, title="City Council: Retreat", **version)
    assert post(desk, path, **renamed).status_code == 303
    longer = post(desk, path, **single(site, usual, at="10:30", version=str(own.version + 1)))
    assert longer.status_code == 422 and "both need" in shown(longer)


def test_a_colliding_meeting_can_move_to_the_other_channel(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    other = sources.add(site.db, ADMIN, NOW, SourceDraft("Annex", "test:")).id
    zoning(site, usual, source=other, room="Annex")
    answer = post(desk, "/meetings", **single(site, usual))
    asked = shown(answer)
    assert "both need the air of City Channel 13." in asked
    assert "Move it to City Channel 14 City Council airs" in asked
    typed = {**single(site, usual), **the_sheet(answer)}
    assert post(desk, "/meetings", **typed, way="channel:ch14").status_code == 303
    assert {one.meeting.draft.channel for one in stands(site)} == {"ch13", "ch14"}


def test_a_reconvened_meeting_is_asked_about_too(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual)
    start = datetime(2027, 2, 2, 15, tzinfo=UTC)
    one = action.add(site.db, PLANNER, NOW, usual.on(start, date(2027, 2, 2)))
    later = {"day": "2027-02-09", "at": "11:30", "version": str(one.version)}
    answer = post(desk, f"/meetings/{one.id}/reconvene", **later)
    assert answer.status_code == 422 and "Zoning Board" in shown(answer)


def test_dragging_a_live_airing_onto_a_room_in_use_asks_first(
    site: Site, desk: Any, usual: MeetingDefaults
) -> None:
    zoning(site, usual, channel="ch14")
    start = datetime(2027, 2, 9, 19, tzinfo=UTC)
    one = action.add(site.db, PLANNER, NOW, usual.on(start, date(2027, 2, 9)))
    live = meetings.meeting(site.db, one.id, NOW).live
    assert live is not None
    typed = {"minutes": "-120", "version": str(live.airing.version)}
    path = f"/airings/{live.airing.id}/move"
    answer = post(desk, path, **typed)
    asked = shown(answer)
    assert answer.status_code == 422
    assert "both need the source Council Chamber and the room Council Chamber." in asked
    assert meetings.meeting(site.db, one.id, NOW).meeting.start == start
    kept = post(desk, path, **typed, **the_sheet(answer), way="keep")
    assert kept.status_code == 303
    assert meetings.meeting(site.db, one.id, NOW).meeting.start == start - 2 * HOUR


def test_the_calendar_form_names_the_meetings_it_would_move(site: Site, desk: Any) -> None:
    post(desk, "/meetings/plan", **fields(desk, last="2027-02-28"))
    (line,) = repeating.lines(site.db, NOW)
    city = line.series.draft.rule.holidays[0].calendar
    typed = {"name": "City", "text": "Snow day: 2027-02-09"}
    said = shown(post(desk, f"/calendars/preview?calendar={city}", **typed))
    assert "Saving changes 1 meeting of City Council: Regular Meeting" in said
    assert "Tue 9 Feb 2027 10:00 moves to Wed 10 Feb 2027 10:00" in said
    assert "City Council: Regular Meeting" in shown(desk.get(f"/calendars/{city}"))


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "weekday", "numbers": "x", "weekdays": "1"},
        {"kind": "weekly", "weekdays": ["1", "nine"], "every": "∞"},
        {"kind": "weekly", "weekdays": "1", "day_1": "x", "at_1": "9:00"},
    ],
)
def test_a_preview_ignores_values_its_form_does_not_offer(desk: Any, said: dict[str, Any]) -> None:
    answer = post(desk, "/meetings/plan/preview", **(fields(desk) | said))

    assert answer.status_code in (200, 422)
