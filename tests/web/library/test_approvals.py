"""Proposed bulletins and filler in the browser: what each role sees, presses and reads."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from support.desk import CH13, NOW, PLANNER, PRODUCER, an_asset
from support.page import read
from support.website import Site, post

from config.names import ChannelId
from scheduler.actions import filler, people, slide_proposals, slides
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import SYSTEM_ACTOR, Role
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import library, proposals
from scheduler.queries import slides as board

CH14 = ChannelId("ch14")
TODAY = "/schedule/ch13/2026-W47?day=2026-11-22"
WORDS = SlideDraft("Leaf pickup", "Bags at the curb by 6 am.", CH13, NOW)
FORM = {
    "heading": "Leaf pickup", "body": "Bags at the curb.", "channel": "ch13", "seconds": "10",
    "shown_from": "2026-11-22", "shown_until": "2026-12-06", "style": "plain",
}  # fmt: skip


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


@pytest.fixture
def producer(site: Site) -> Any:
    return site.browser(Role.PRODUCER)


def text_of(answer: Any) -> str:
    return read(answer).text


def in_the_store(site: Site, file: Asset) -> None:
    assert file.media is not None
    kept = site.app.extensions["gavel"].store.path(file.media.key, file.media.suffix)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"0123456789")


def proposed(site: Site) -> Any:
    (found,) = proposals.bulletins(site.db, NOW)
    return found


def test_a_producers_bulletin_waits_and_both_sides_see_its_outcome(
    site: Site, producer: Any, desk: Any
) -> None:
    drawer = text_of(producer.get("/bulletins/new"))
    assert "Propose it" in drawer and "Add the bulletin" not in drawer
    assert "waits for a scheduler's approval" in drawer
    assert post(producer, "/bulletins", **FORM).status_code == 303
    assert board.slides(site.db) == ()
    page = read(producer.get("/bulletins"))
    assert "Proposed “Leaf pickup”. A scheduler approves it first." in page
    assert page.find(data_undo=True)
    assert "Bulletin: Leaf pickup, City Channel 13. Waiting for approval." in page
    made = proposed(site)

    for path in (TODAY, "/bulletins"):
        page = read(desk.get(path))
        assert "1 proposal" in page.headings and "proposed it just now" in page, path
    drawer = text_of(desk.get(f"/bulletins/proposals/{made.id}"))
    assert "Approve it" in drawer and "as viewers would see it" in drawer.lower()
    path = f"/bulletins/proposals/{made.id}"
    assert post(desk, f"{path}/accept", version=made.version, stood=0).status_code == 303
    (slide,) = board.slides(site.db)
    assert slide.draft.heading == "Leaf pickup"
    page = read(desk.get("/bulletins"))
    assert "Approved “Leaf pickup”, proposed by producer." in page and page.find(data_undo=True)
    assert "1 proposal" not in page.headings
    assert "Approved by scheduler today." in text_of(producer.get("/bulletins"))


def test_a_proposed_bulletin_is_pictured_at_air_size(site: Site, desk: Any) -> None:
    made = slide_proposals.add(site.db, PRODUCER, NOW, WORDS)
    answer = desk.get(f"/bulletins/proposals/{made.id}/picture.png")
    assert Image.open(io.BytesIO(answer.data)).size == (1280, 720)


def test_the_approved_version_stays_on_the_board_while_a_change_waits(
    site: Site, producer: Any, desk: Any
) -> None:
    one = slides.add(site.db, PLANNER, NOW, WORDS)
    drawer = read(producer.get(f"/bulletins/{one.id}"))
    assert drawer.button("Propose this change") and drawer.button("Save") is None
    post(producer, f"/bulletins/{one.id}", **{**FORM, "body": "On Tuesday."}, version=one.version)
    assert board.slide(site.db, one.id).draft == WORDS
    assert "a change waits for approval" in text_of(producer.get("/bulletins"))
    made = proposed(site)
    drawer = text_of(desk.get(f"/bulletins/proposals/{made.id}"))
    assert "What would change" in drawer and "On air until this is approved" in drawer
    stale = {"version": made.version, "stood": one.version}
    later = slides.edit(site.db, PLANNER, NOW, one.id, replace(WORDS, seconds=20), one.version)
    answer = post(desk, f"/bulletins/proposals/{made.id}/accept", **stale)
    assert answer.status_code == 422 and "This is how it stands now." in text_of(answer)
    fresh = {"version": made.version, "stood": later.version}
    assert post(desk, f"/bulletins/proposals/{made.id}/accept", **fresh).status_code == 303
    assert board.slide(site.db, one.id).draft.body == "On Tuesday."


def test_a_removal_waits_too(site: Site, producer: Any, desk: Any) -> None:
    one = slides.add(site.db, PLANNER, NOW, WORDS)
    page = text_of(producer.get("/bulletins"))
    assert "Propose to remove it" in page and "Earlier" not in page
    assert post(producer, f"/bulletins/{one.id}/move", by="1").status_code == 403
    post(producer, f"/bulletins/{one.id}/remove", version=one.version)
    assert len(board.slides(site.db)) == 1
    made = proposed(site)
    assert "it would be removed" in text_of(desk.get(f"/bulletins/proposals/{made.id}"))
    stood = {"version": made.version, "stood": one.version}
    post(desk, f"/bulletins/proposals/{made.id}/accept", **stood)
    assert board.slides(site.db) == ()


def test_declining_a_bulletin_needs_a_reason_and_it_can_be_proposed_again(
    site: Site, producer: Any, desk: Any
) -> None:
    post(producer, "/bulletins", **FORM)
    made = proposed(site)
    path = f"/bulletins/proposals/{made.id}"
    no = post(desk, f"{path}/decline", version=made.version, reason=" ")
    assert no.status_code == 422 and "Say why" in text_of(no)
    post(desk, f"{path}/decline", version=made.version, reason="Say which week.")
    assert "Declined by scheduler: Say which week." in text_of(producer.get("/bulletins"))
    drawer = read(producer.get(path))
    assert drawer.one("form", action="/bulletins").button("Propose again")
    assert post(producer, "/bulletins", **FORM).status_code == 303
    assert proposed(site).id != made.id


def test_its_producer_may_change_and_withdraw_it_while_it_waits(site: Site, producer: Any) -> None:
    post(producer, "/bulletins", **FORM)
    made = proposed(site)
    path = f"/bulletins/proposals/{made.id}"
    assert "Approve it" not in text_of(producer.get(path))
    assert post(producer, path, **{**FORM, "heading": "Leaves"}, version="1").status_code == 303
    assert proposed(site).title == "Leaves"
    assert post(producer, path, **{**FORM, "heading": ""}, version="2").status_code == 422
    assert post(producer, f"{path}/withdraw", version="2").status_code == 303
    assert proposals.bulletins(site.db, NOW) == ()


def test_a_producers_clip_waits_and_a_scheduler_sees_it_before_it_airs(
    site: Site, producer: Any, desk: Any
) -> None:
    file = an_asset(site.db)
    page = read(producer.get("/media"))
    assert page.button("Propose as filler on City Channel 13")
    assert page.button("Fill gaps on City Channel 13") is None
    post(producer, f"/media/{file.id}/filler", channel="ch13", used="yes")
    assert library.entry(site.db, file.id).fills == ()
    page = text_of(producer.get("/media"))
    assert "Filler on City Channel 13: waiting for approval" in page
    assert "Filler: Council recording, City Channel 13. Waiting for approval." in page
    (made,) = proposals.filler(site.db, NOW)
    for path in (TODAY, "/media"):
        assert "1 proposal" in read(desk.get(path)).headings, path
    path = f"/media/proposals/{made.id}"
    assert read(desk.get(path)).find("video") is None
    in_the_store(site, file)
    assert read(desk.get(path)).one("video").get("src") == f"/media/{file.id}/play"
    assert "Approve it" not in text_of(producer.get(path))
    assert post(desk, f"{path}/accept", version=made.version).status_code == 303
    assert library.entry(site.db, file.id).fills == ("ch13",)
    assert "Approved by scheduler today." in text_of(producer.get("/media"))
    post(producer, f"/media/{file.id}/filler", channel="ch13", used="")
    assert library.entry(site.db, file.id).fills == ("ch13",)
    (made,) = proposals.filler(site.db, NOW)
    no = {"version": made.version, "reason": "It still airs well."}
    assert post(desk, f"/media/proposals/{made.id}/decline", **no).status_code == 303
    assert library.entry(site.db, file.id).fills == ("ch13",)


def test_the_library_plays_the_file_itself(site: Site, desk: Any) -> None:
    file = an_asset(site.db)
    path = f"/media/{file.id}/play"
    assert desk.get(path).status_code == 404
    in_the_store(site, file)
    answer = desk.get(path, headers={"Range": "bytes=2-4"})
    assert (answer.status_code, answer.data, answer.mimetype) == (206, b"234", "video/mp4")
    answer.close()
    assert site.visitor().get(path).status_code in (302, 401)


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.OPERATOR, Role.ENGINEER])
def test_a_schedulers_bulletin_airs_at_once(site: Site, role: Role) -> None:
    client, file = site.browser(role, Role.PRODUCER), an_asset(site.db)
    assert "Add the bulletin" in text_of(client.get("/bulletins/new"))
    post(client, "/bulletins", **FORM)
    post(client, f"/media/{file.id}/filler", channel="ch13", used="yes")
    assert len(board.slides(site.db)) == 1 and library.entry(site.db, file.id).fills == ("ch13",)
    assert proposals.bulletins(site.db, NOW) == () == proposals.filler(site.db, NOW)


def test_a_scheduler_of_one_channel_proposes_for_the_others(site: Site) -> None:
    who = site.person(Role.SCHEDULER)
    people.set_channels(site.db, SYSTEM_ACTOR, NOW, who.id, frozenset({CH14}))
    client = site.as_person(who.id)
    an_asset(site.db)
    page = text_of(client.get("/media"))
    assert "Propose as filler on City Channel 13" in page and "Fill gaps on City Channel 14" in page
    post(client, "/bulletins", **{**FORM, "channel": "ch14"})
    assert len(board.slides(site.db)) == 1
    for channel in ("", "ch13"):
        post(client, "/bulletins", **{**FORM, "channel": channel})
    assert len(board.slides(site.db)) == 1 and len(proposals.bulletins(site.db, NOW)) == 2
    for one in proposals.bulletins(site.db, NOW):
        assert "Approve it" not in text_of(client.get(f"/bulletins/proposals/{one.id}"))
        refused = post(client, f"/bulletins/proposals/{one.id}/accept", version="1", stood="0")
        assert refused.status_code == 403


def test_a_viewer_sees_proposals_but_cannot_decide(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    page = slide_proposals.add(site.db, PRODUCER, NOW, WORDS)
    clip = filler.propose(site.db, PRODUCER, NOW, CH13, an_asset(site.db).id, True)
    for path in (f"/bulletins/proposals/{page.id}", f"/media/proposals/{clip.id}"):
        drawer = text_of(client.get(path))
        assert "Waiting for approval" in drawer and "Approve it" not in drawer
        assert "Withdraw" not in drawer
        for act in ("accept", "decline", "withdraw"):
            assert post(client, f"{path}/{act}", version="1").status_code == 403
    assert "1 proposal" not in read(client.get("/bulletins")).headings
