"""Members of a body and agenda items of a meeting, typed as lines in their forms."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER
from support.page import read
from support.website import Site, post

from scheduler.actions import airings, bodies, sources
from scheduler.actions import meetings as action
from scheduler.actions.undo import undo
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults, PublicBody
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.meetings.roster import AgendaItem, Member
from scheduler.domain.model.people import Role
from scheduler.domain.model.source import SourceDraft
from scheduler.queries import bodies as body_query
from scheduler.queries import changes, grid, meetings
from scheduler.queries.grid import Week

CHAIR = Member("Ana Ruiz", "Chair")
BUDGET = AgendaItem("Budget", "1")


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def a_body(site: Site) -> PublicBody:
    usual = MeetingDefaults(CH13, "", 2 * HOUR, body="City Council", televised=False)
    return bodies.add(site.db, PLANNER, NOW, BodyDraft(usual, members=(CHAIR,)))


def a_meeting(site: Site) -> Meeting:
    source = sources.add(site.db, ADMIN, NOW, SourceDraft("Council Chamber", "test:")).id
    draft = MeetingDraft(
        CH13, "City Council", NOW + 45 * HOUR, 2 * HOUR, source=source, agenda_items=(BUDGET,)
    )
    return action.add(site.db, PLANNER, NOW, draft)


def typed(desk: Any, path: str, field: str, text: str) -> dict[str, Any]:
    """Return what the form at `path` would send, with this text in the field of this label."""
    form = next(each for each in read(desk.get(path)).all("form") if field in each)
    return {**form.sent, form.field(field).get("name"): text}


def test_members_are_typed_as_lines_and_a_change_can_be_undone(site: Site, desk: Any) -> None:
    body = a_body(site)
    path = f"/bodies/{body.id}"

    assert read(desk.get(path)).field("Members, one per line").value == "Ana Ruiz, Chair"
    post(desk, path, **typed(desk, path, "Members, one per line", "Mei Chen, Ward 3\r\nAl Day"))
    saved = body_query.body(site.db, body.id)
    assert saved.draft.members == (Member("Mei Chen", "Ward 3"), Member("Al Day"))

    change = changes.latest(site.db, "body", body.id)
    assert change is not None
    undo(site.db, PLANNER, NOW, change.id)
    assert body_query.body(site.db, body.id).draft.members == (CHAIR,)


def test_a_name_too_long_for_the_screen_is_refused_beside_the_field(site: Site, desk: Any) -> None:
    path = f"/bodies/{a_body(site).id}"
    answer = post(desk, path, **typed(desk, path, "Members, one per line", "x" * 61))

    assert answer.status_code == 422
    assert "use up to 60 characters for a name" in read(answer)
    assert read(answer).field("Members, one per line").value == "x" * 61


def test_a_pasted_agenda_is_listed_on_the_page_of_its_meeting(site: Site, desk: Any) -> None:
    meeting = a_meeting(site)
    field = "Agenda items, one per line"
    form = f"/meetings/{meeting.id}/form"

    assert read(desk.get(form)).field(field).value == "1. Budget"
    pasted = "Item 1: Call to order\r\n\r\n2) Roll call\r\nAdjournment"
    post(desk, f"/meetings/{meeting.id}", **typed(desk, form, field, pasted))
    page = read(desk.get(f"/meetings/{meeting.id}"))
    assert page.id("agenda-items").items == ["1. Call to order", "2. Roll call", "Adjournment"]
    assert "3 agenda items" in page


def test_the_history_writes_members_and_items_in_words(site: Site, desk: Any) -> None:
    body = a_body(site)
    path = f"/bodies/{body.id}"
    post(desk, path, **typed(desk, path, "Members, one per line", "Mei Chen, Ward 3\nAl Day"))

    rows = read(site.browser(Role.ADMINISTRATOR).get("/history")).rows
    assert ["Members", "Ana Ruiz, Chair", "Mei Chen, Ward 3; Al Day"] in rows


def test_a_copied_week_takes_no_agenda_of_the_week_before(site: Site) -> None:
    meeting = a_meeting(site)
    week: Week = grid.week(site.db, [CH13], (NOW + 45 * HOUR).date(), NOW)
    live = next(view for view in week.airings if view.airing.draft.meeting == meeting.id)
    plan = grid.channel(site.db, CH13).plan_version
    later = meeting.start + timedelta(days=7)
    airings.copy_all(site.db, PLANNER, NOW, CH13, plan, [(live.id, later)])

    copied = meetings.meetings(site.db, later, later + HOUR, NOW)[0].meeting
    assert copied.title == meeting.title and copied.draft.agenda_items == ()
