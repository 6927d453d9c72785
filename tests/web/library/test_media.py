"""Uploads in pieces, verdicts in words, the filler pool; and programs, slides, settings."""

import io
from typing import Any

import pytest
from support.desk import NOW, an_asset
from support.page import read
from support.website import Site, post, token_of

from scheduler.domain.model.people import Role
from scheduler.queries import library, programs, slides
from web.library.uploads import UploadError, Uploads

PLENTY = 10**13


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.ADMINISTRATOR)


def upload(desk: Any, body: bytes, pieces: int = 2) -> str:
    headers = {"X-CSRFToken": token_of(desk)}
    begun = desk.post("/media/uploads", data={"size": len(body)}, headers=headers)
    url, at = begun.get_data(as_text=True), 0
    step = -(-len(body) // pieces)
    while at < len(body):
        sent = desk.put(f"{url}?at={at}", data=body[at : at + step], headers=headers)
        at = int(sent.data)
    form = {"size": len(body), "name": "council_2026-11-17.mp4"}
    assert desk.post(url, data=form, headers=headers).status_code == 200
    return str(url)


def test_a_file_sent_in_pieces_is_joined_and_waits_for_its_check(site: Site, desk: Any) -> None:
    upload(desk, b"0123456789")
    (entry,) = library.library(site.db)
    assert entry.asset.title == "council 2026-11-17" and entry.job is not None
    whole = next(site.settings.uploads.glob("*.upload"))
    assert whole.read_bytes() == b"0123456789"
    assert "council 2026-11-17" in desk.get("/media").get_data(as_text=True)


def test_an_upload_piece_may_exceed_the_size_limit_of_forms(site: Site, desk: Any) -> None:
    body = b"x" * (3 * 1024 * 1024)
    upload(desk, body, pieces=1)
    assert next(site.settings.uploads.glob("*.upload")).stat().st_size == len(body)
    assert post(desk, "/programs", title="a", notes="x" * len(body)).status_code == 413


def test_a_broken_upload_resumes_where_it_stopped(site: Site, desk: Any) -> None:
    headers = {"X-CSRFToken": token_of(desk)}
    begun = desk.post("/media/uploads", data={"size": 6}, headers=headers)
    url = begun.get_data(as_text=True)
    desk.put(f"{url}?at=0", data=b"abc", headers=headers)
    twice = desk.put(f"{url}?at=0", data=b"abc", headers=headers)
    assert twice.status_code == 422 and desk.get(url).data == b"3"
    early = desk.post(url, data={"size": 6, "name": "a.mp4"}, headers=headers)
    assert early.status_code == 422 and "missing" in early.get_data(as_text=True)


def test_a_piece_for_an_unknown_upload_is_refused(desk: Any, tmp_path: Any) -> None:
    headers = {"X-CSRFToken": token_of(desk)}
    assert desk.put("/media/uploads/nothing?at=0", data=b"x", headers=headers).status_code == 422
    with pytest.raises(UploadError):
        Uploads(tmp_path).append("../../etc/passwd", 0, 1, io.BytesIO(b"x"), PLENTY)


def test_a_file_larger_than_the_disk_is_refused_before_it_is_sent(tmp_path: Any) -> None:
    with pytest.raises(UploadError, match="too full"):
        Uploads(tmp_path).begin(10**9, 10**9, "dana", NOW)


def test_a_file_joins_and_leaves_the_filler_pool_with_undo(site: Site, desk: Any) -> None:
    asset = an_asset(site.db)
    post(desk, f"/media/{asset.id}/filler", channel="ch13", used="yes")
    assert library.entry(site.db, asset.id).fills == ("ch13",)
    page = read(desk.get("/media"))
    assert "now fills gaps on City Channel 13" in page and page.find(data_undo=True)
    post(desk, f"/media/{asset.id}/filler", channel="ch13", used="")
    assert library.entry(site.db, asset.id).fills == ()


def test_the_library_fragment_is_sent_only_when_it_changed(site: Site, desk: Any) -> None:
    an_asset(site.db)
    rev = read(desk.get("/media/library")).one(data_rev=True).get("data-rev")
    assert desk.get("/media/library", headers={"X-Gavel-Rev": rev}).status_code == 204


def test_a_program_is_added_changed_and_retired(site: Site, desk: Any) -> None:
    post(desk, "/programs", title="City Council", summary="Votes", link="https://x.example/a")
    (card,) = programs.program_cards(site.db, site.clock.utc())
    assert card.program.link == "https://x.example/a"
    bad = post(
        desk, f"/programs/{card.program.id}", title="City Council", link="javascript:x", version=1
    )
    assert bad.status_code == 422 and "An address starts with https://" in bad.get_data(
        as_text=True
    )
    post(desk, f"/programs/{card.program.id}/retire")
    assert programs.program_cards(site.db, site.clock.utc()) == ()


def test_slides_are_added_ordered_drawn_and_removed(site: Site, desk: Any) -> None:
    form = {"shown_from": "2026-11-22", "seconds": "10", "style": "plain"}
    for heading in ("First", "Second"):
        post(desk, "/bulletins", heading=heading, body="Words", **form)
    first, second = slides.slides(site.db)
    post(desk, f"/bulletins/{second.id}/move", by="-1")
    assert [one.id for one in slides.slides(site.db)] == [second.id, first.id]
    picture = desk.get(f"/bulletins/{first.id}/picture.png")
    assert picture.data.startswith(b"\x89PNG")
    gone = slides.slide(site.db, second.id)
    post(desk, f"/bulletins/{second.id}/remove", version=gone.version)
    assert [one.id for one in slides.slides(site.db)] == [first.id]


def test_a_last_day_on_the_board_is_a_whole_day(site: Site, desk: Any) -> None:
    form = {"shown_from": "2026-11-22", "shown_until": "2026-11-22", "seconds": "10"}
    post(desk, "/bulletins", heading="Today", style="plain", **form)
    (slide,) = slides.slides(site.db)
    assert slide.draft.shown_until.isoformat() == "2026-11-23T05:00:00+00:00"
    drawer = read(desk.get(f"/bulletins/{slide.id}"))
    assert drawer.control("shown_until").value == "2026-11-22"


def test_s4_a_new_slide_has_a_last_day_unless_staff_clear_it(site: Site, desk: Any) -> None:
    assert read(desk.get("/bulletins/new")).control("shown_until").value == "2026-12-06"
    form = {"shown_from": "2026-11-22", "shown_until": "", "seconds": "10", "style": "plain"}
    post(desk, "/bulletins", heading="Office hours", **form)
    assert "until removed" in desk.get("/bulletins").get_data(as_text=True)


def test_a_host_key_is_shown_once_and_grants_access(site: Site, desk: Any) -> None:
    key = read(post(desk, "/settings/hosts", name="playout-1")).one(class_="secret").text
    headers = {"Authorization": f"Bearer {key}"}
    answer = site.visitor().get("/api/v1/host/ch13/commands", headers=headers)
    assert answer.status_code == 200
    assert key not in desk.get("/settings").get_data(as_text=True)


def test_an_invited_person_gets_the_role_of_the_link(site: Site, desk: Any) -> None:
    shown = post(desk, "/settings/people/invite", role="producer").get_data(as_text=True)
    assert "/welcome/" in shown and "works once" in shown


def test_a_channel_with_a_name_calendars_misread_is_refused(desk: Any) -> None:
    form = {"slug": "ch15", "zone": "America/New_York", "format": "1280x720@25"}
    answer = post(desk, "/settings/channels", name="Arts, and more", **form)
    assert answer.status_code == 422 and "Leave out commas" in answer.get_data(as_text=True)
    assert post(desk, "/settings/channels", name="Arts", **form).status_code == 303


def test_a_caption_file_goes_to_the_video_of_its_name(site: Site, desk: Any) -> None:
    upload(desk, b"0123456789")
    headers = {"X-CSRFToken": token_of(desk)}
    for name, status in (("council_2026-11-17.srt", 200), ("parks.srt", 422)):
        begun = desk.post("/media/uploads", data={"size": 3}, headers=headers)
        url = begun.get_data(as_text=True)
        desk.put(f"{url}?at=0", data=b"abc", headers=headers)
        sent = desk.post(url, data={"size": 3, "name": name}, headers=headers)

        assert sent.status_code == status
    (entry,) = library.library(site.db)

    assert entry.caption_job is not None
    assert entry.caption_job.original_name == "council_2026-11-17.srt"
    assert len(list(site.settings.uploads.glob("*.upload"))) == 2
    assert "Reading the captions of council_2026-11-17.srt" in read(desk.get("/media"))
