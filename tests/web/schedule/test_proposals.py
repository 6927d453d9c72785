"""Proposed airings in the browser: what each role sees, types, decides and withdraws."""

from dataclasses import replace
from typing import Any

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PRODUCER, a_proposal, an_airing, an_asset
from support.page import Element, read
from support.website import Site, post

from config.names import ChannelId
from scheduler.actions import people, proposals
from scheduler.domain.model.people import Role
from scheduler.domain.model.proposal import AiringProposal, ProposalStage
from scheduler.process.publish import publish_all
from scheduler.queries import grid
from scheduler.queries import proposals as queries
from scheduler.queries.changes import changes

TODAY = "/schedule/ch13/2026-W47?day=2026-11-22"
EVENTS = "/schedule/events/2026-W47.json"
ADDING = "/airings/new?channel=ch13"
PROPOSING = "/proposals/new?channel=ch13"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


@pytest.fixture
def producer(site: Site) -> Any:
    return site.browser(Role.PRODUCER)


def form(**over: str) -> dict[str, str]:
    typed = {
        "channel": "ch13", "title": "Parks update", "day": "2026-11-22", "at": "15:00",
        "length": "1:00", "start_rule": "hard", "end_rule": "cut", "missed": "join", "public": "y",
    }  # fmt: skip
    return {**typed, **over}


def text_of(answer: Any) -> str:
    return read(answer).text


def opens(page: Element, path: str) -> bool:
    """Tell whether something on the page opens this path in the drawer, whatever its day."""
    return any(each.get("hx-get").startswith(path) for each in page.all(hx_get=True))


def only_one(site: Site) -> AiringProposal:
    (found,) = queries.waiting(site.db, NOW)
    return found


def on_the_schedule(site: Site) -> list[str]:
    monday = NOW.date().replace(day=16)
    return [view.airing.title for view in grid.week(site.db, [CH13], monday, NOW).airings]


def choices(answer: Any) -> dict[str, str]:
    """What the sheet of an overlap sends, except the way out."""
    return read(answer).one("form", class_="ways").fields


def test_a_producers_proposal_does_not_air(site: Site, producer: Any) -> None:
    page = read(producer.get(TODAY))
    assert page.button("Propose an airing") and opens(page, PROPOSING) and not opens(page, ADDING)
    drawer = read(producer.get(f"{PROPOSING}&day=2026-11-22&at=15:00"))
    for field in ("title", "length", "start_rule", "missed", "public_note", "locked"):
        assert drawer.control(field), field
    answer = post(producer, "/proposals", **form())
    assert answer.headers["Location"].endswith("day=2026-11-22")
    made = only_one(site)
    assert (made.start, made.draft.length) == (NOW + 2 * HOUR, HOUR)
    page = read(producer.get(TODAY))
    assert "Proposed Parks update, today 15:00." in page and page.find(data_undo=True)
    assert page.id(f"proposal-{made.id}") and "Your proposals" in page.headings
    assert "Waiting for approval." in page
    assert on_the_schedule(site) == []


def test_a_mistake_is_shown_beside_its_field(producer: Any) -> None:
    past = read(post(producer, "/proposals", **form(at="09:00")))
    assert "That time has passed" in past
    assert past.control("at").get("aria-invalid") == "true"
    assert "Give the airing a title" in text_of(post(producer, "/proposals", **form(title="")))


def test_an_overlap_is_shown_but_does_not_prevent_a_proposal(site: Site, producer: Any) -> None:
    an_airing(site.db, NOW + 2 * HOUR, asset=an_asset(site.db).id)
    said = "Parks update would overlap City Council (today 15:00–16:00)."
    assert said in text_of(post(producer, "/proposals/preview", **form()))
    assert text_of(post(producer, "/proposals/preview", **form(at="18:00"))).strip() == ""
    assert text_of(post(producer, "/proposals/preview", **form(length="x"))).strip() == ""
    assert post(producer, "/proposals", **form()).status_code == 303
    assert said in text_of(producer.get(TODAY))
    assert said in text_of(producer.get(f"/proposals/{only_one(site).id}"))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PRODUCER, Role.SCHEDULER, Role.OPERATOR])
def test_all_staff_see_it_marked_as_proposed(site: Site, role: Role) -> None:
    made, client = a_proposal(site.db, NOW + 2 * HOUR), site.browser(role)
    page = read(client.get(TODAY))
    row = page.one("tr", id=f"proposal-{made.id}")
    assert "Parks update" in row and row.find("span", "proposed") and "Pru Producer" in row
    (event,) = client.get(EVENTS).get_json()["events"]
    assert event["title"] == "Parks update" and event["extendedProps"]["kind"] == "proposal"
    assert event["editable"] is False and event["start"] == "2026-11-22T15:00:00"
    assert ("1 proposal" in page.headings) is (role in (Role.SCHEDULER, Role.OPERATOR))
    drawer = read(client.get(f"/proposals/{made.id}"))
    assert ("Approve it" in drawer) is (role in (Role.SCHEDULER, Role.OPERATOR))
    assert "Withdraw this proposal" not in drawer and drawer.find("fieldset", disabled=True)
    assert opens(page, PROPOSING) is (role is Role.PRODUCER)


def test_schedulers_see_how_many_proposals_wait_from_whom_and_since_when(
    site: Site, desk: Any
) -> None:
    a_proposal(site.db, NOW + 2 * HOUR)
    a_proposal(site.db, NOW + 50 * HOUR, channel=ChannelId("ch14"))
    site.clock.advance(5 * MINUTE)
    page = read(desk.get(TODAY))
    assert "2 proposals" in page.headings
    assert "Parks update, today 15:00–16:00 on City Channel 13. Pru Producer proposed it" in page
    assert "5 min ago." in page and "15:00–16:00 on City Channel 14" in page


def test_a_scheduler_of_one_channel_decides_only_its_proposals(site: Site) -> None:
    boss, sam = site.person(Role.ADMINISTRATOR), site.person(Role.SCHEDULER)
    people.set_channels(site.db, boss.actor, NOW, sam.id, frozenset({ChannelId("ch14")}))
    client = signed_in(site, sam.id)
    made = a_proposal(site.db, NOW + 2 * HOUR)
    assert "1 proposal" not in read(client.get(TODAY)).headings
    assert "Approve it" not in text_of(client.get(f"/proposals/{made.id}"))
    answer = post(client, f"/proposals/{made.id}/accept", version=made.version)
    assert answer.status_code == 403 and on_the_schedule(site) == []


def test_a_producer_limited_to_one_channel_is_offered_only_that_one(site: Site) -> None:
    boss, pru = site.person(Role.ADMINISTRATOR), site.person(Role.PRODUCER)
    people.set_channels(site.db, boss.actor, NOW, pru.id, frozenset({ChannelId("ch14")}))
    client = signed_in(site, pru.id)
    assert not opens(read(client.get(TODAY)), PROPOSING)
    drawer = text_of(client.get("/proposals/new?channel=ch14"))
    assert "City Channel 14" in drawer and "City Channel 13" not in drawer
    assert post(client, "/proposals", **form()).status_code == 403
    assert queries.waiting(site.db, NOW) == ()


def signed_in(site: Site, person: Any) -> Any:
    client = site.visitor()
    secret = people.open_session(site.db, NOW, person, "test")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    return client


def test_approval_schedules_it_and_undo_makes_it_wait_again(site: Site, desk: Any) -> None:
    made = a_proposal(site.db, NOW + 2 * HOUR)
    answer = post(desk, f"/proposals/{made.id}/accept", version=made.version)
    assert answer.status_code == 303 and on_the_schedule(site) == ["Parks update"]
    page = read(desk.get(TODAY))
    assert "Approved Parks update, today 15:00." in page and "1 proposal" not in page.headings
    drawer = text_of(desk.get(f"/proposals/{made.id}"))
    assert "approved this proposal." in drawer and "Open the airing" in drawer
    post(desk, f"/undo/{changes(site.db, limit=1)[0].id}")
    assert on_the_schedule(site) == [] and only_one(site).id == made.id


def test_approving_an_overlapping_proposal_first_asks_for_a_way_out(site: Site, desk: Any) -> None:
    council = an_airing(site.db, NOW + 2 * HOUR, asset=an_asset(site.db).id)
    made = a_proposal(site.db, NOW + 2 * HOUR, asset=an_asset(site.db, key="b").id)
    asked = post(desk, f"/proposals/{made.id}/accept", version=made.version)
    text = text_of(asked)
    assert asked.status_code == 422 and "What should happen?" in text
    assert on_the_schedule(site) == ["City Council"] and only_one(site) == made
    path = f"/proposals/{made.id}/accept"
    assert post(desk, path, **choices(asked), way="ripple").status_code == 303
    assert sorted(on_the_schedule(site)) == ["City Council", "Parks update"]
    assert queries.proposal(site.db, made.id).stage is ProposalStage.ACCEPTED
    page = text_of(desk.get(TODAY))
    assert "Approved Parks update" in page and "proposed by Pru Producer" in page
    post(desk, f"/undo/{changes(site.db, limit=1)[0].id}")
    assert on_the_schedule(site) == ["City Council"] and only_one(site).id == made.id
    assert grid.airing(site.db, council.id, NOW).airing.start == council.start


def test_a_proposal_changed_or_withdrawn_meanwhile_is_shown_before_approval(
    site: Site, desk: Any
) -> None:
    made = a_proposal(site.db, NOW + 2 * HOUR)
    wanted = replace(made.draft, length=HOUR / 2)
    longer = proposals.edit(site.db, PRODUCER, NOW, made.id, wanted, made.version)
    path = f"/proposals/{made.id}/accept"
    answer = post(desk, path, version=made.version)
    assert answer.status_code == 422 and "Pru Producer changed it" in text_of(answer)
    proposals.withdraw(site.db, PRODUCER, NOW, made.id, longer.version)
    answer = post(desk, path, version=longer.version)
    assert answer.status_code == 422 and "withdrew this proposal" in text_of(answer)
    assert on_the_schedule(site) == []


def test_a_proposal_past_its_time_cannot_be_approved_and_its_producer_sees_why(
    site: Site, desk: Any, producer: Any
) -> None:
    post(producer, "/proposals", **form())
    made = only_one(site)
    site.clock.advance(4 * HOUR)
    answer = post(desk, f"/proposals/{made.id}/accept", version=made.version)
    assert answer.status_code == 422 and "That time has passed" in text_of(answer)
    assert read(desk.get(TODAY)).id(f"proposal-{made.id}") is None
    assert "No one answered before its time." in text_of(producer.get(TODAY))


def test_declining_needs_a_reason_and_the_producer_can_propose_again(
    site: Site, desk: Any, producer: Any
) -> None:
    post(producer, "/proposals", **form())
    made = only_one(site)
    path = f"/proposals/{made.id}/decline"
    answer = post(desk, path, version=made.version, reason=" ")
    assert answer.status_code == 422 and "Say why" in text_of(answer)
    post(desk, path, version=made.version, reason="The council needs the hour.")
    page = read(producer.get(TODAY))
    assert "declined this proposal: The council needs the hour." in page
    assert page.id(f"proposal-{made.id}") is None
    drawer = read(producer.get(f"/proposals/{made.id}"))
    assert drawer.one("form", action="/proposals").button("Propose again")
    assert "Reason: The council needs the hour. (before: nothing)" in drawer
    assert post(producer, "/proposals", **form(at="18:00")).status_code == 303
    assert only_one(site).start == NOW + 5 * HOUR


def test_only_its_producer_may_change_or_withdraw_it(site: Site, producer: Any) -> None:
    post(producer, "/proposals", **form())
    made, path = only_one(site), f"/proposals/{only_one(site).id}"
    drawer = read(producer.get(path))
    assert "Withdraw this proposal" in drawer and not drawer.find("fieldset", disabled=True)
    other = site.browser(Role.PRODUCER)
    sent = form(at="16:00", version=str(made.version))
    assert post(other, path, **sent).status_code == 403
    assert post(other, f"{path}/withdraw", version=made.version).status_code == 403
    assert post(producer, path, **sent).status_code == 303
    assert only_one(site).start == NOW + 3 * HOUR
    stale = text_of(post(producer, path, **form(at="17:00", version=str(made.version))))
    assert "Differences" in stale and "Save again" in stale
    post(producer, f"{path}/withdraw", version=made.version + 1)
    assert queries.waiting(site.db, NOW) == ()
    gone = post(producer, path, **form(version=str(made.version + 2)))
    assert gone.status_code == 422 and "withdrew this proposal" in text_of(gone)


def test_viewers_never_see_proposals(site: Site) -> None:
    a_proposal(site.db, NOW + HOUR)
    publish_all(site.db, NOW)
    stranger = site.visitor()
    for path in ("/tv/ch13", "/ch13/lineup.ics", "/ch13/live.ics"):
        answer = stranger.get(path)
        assert answer.status_code == 200 and "Parks update" not in text_of(answer), path
    plan = stranger.get("/api/v1/host/ch13/plan", headers=site.host_key())
    assert plan.status_code == 200 and "Parks update" not in text_of(plan)
    for path in ("/dry-run", "/reports/ch13/2026-11-22", "/"):
        page = text_of(site.browser(Role.SCHEDULER).get(path))
        assert "Parks update" not in page, path
