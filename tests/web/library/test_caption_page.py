"""The page of a file's captions: read, given, refused, exported, removed and undone."""

import io
from typing import Any

import pytest
from support.desk import ADMIN, HOUR, NOW, an_asset
from support.page import read
from support.website import Site, post, token_of

from media.caption_files import keep_track
from media.captioning.sidecar import sidecar
from media.captions.cue import laid_out
from media.captions.encode import encode as captioned
from media.captions.facts import CaptionOrigin, facts_of
from media.store import MediaStore
from scheduler.actions import captions, jobs, media
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.people import Role
from scheduler.queries import library
from web.library.captions import _decoded

SRT = """1
00:00:02,000 --> 00:00:04,000
Good evening, everyone.
Q & A: 3 < 5.

2
00:10:00,000 --> 00:10:05,500
Roll call, please.
"""


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.PRODUCER)


@pytest.fixture
def file(site: Site) -> Asset:
    return an_asset(site.db)


def send(desk: Any, file: Asset, text: str, name: str = "council.srt") -> Any:
    form = {"csrf_token": token_of(desk), "file": (io.BytesIO(text.encode()), name)}
    return desk.post(f"/media/{file.id}/captions", data=form)


def shown(desk: Any, file: Asset, query: str = "") -> Any:
    return read(desk.get(f"/media/{file.id}/captions{query}"))


def test_a_file_without_captions_says_so_and_offers_the_upload(desk: Any, file: Asset) -> None:
    page = shown(desk, file)

    assert page.one(id="h-captions").text == "No captions"
    assert page.one(id="give-captions").text == "Add captions"
    assert not page.find(id="remove-captions")
    assert "no captions" in read(desk.get("/media"))


def test_an_uploaded_caption_file_is_listed_and_airs(site: Site, desk: Any, file: Asset) -> None:
    assert send(desk, file, SRT).status_code == 303
    page = shown(desk, file)
    rows = [row.text for row in page.one("tbody").all("tr")]

    assert page.one(id="h-captions").text == "Captions: SRT, 2 captions, covers less than 1 %"
    assert len(rows) == 2 and "Q & A: 3 < 5." in rows[0] and "0:10:00.0" in rows[1]
    assert library.entry(site.db, file.id).asset.media.captions is not None  # type: ignore[union-attr]
    assert "captions: SRT" in read(desk.get("/media"))
    assert page.find(data_undo=True)


def test_what_cannot_be_read_is_said_beside_the_field(site: Site, desk: Any, file: Asset) -> None:
    answer = send(desk, file, "Dear council, here are the minutes.", "minutes.srt")
    page = read(answer)

    assert answer.status_code == 422
    assert page.one(id="caption-file").get("aria-describedby") == "caption-hint caption-wrong"
    assert page.one(id="caption-wrong").text.startswith("This is no caption file that Gavel reads.")
    assert library.entry(site.db, file.id).asset.caption_entry is None


def test_an_upload_without_a_file_says_what_to_do(desk: Any, file: Asset) -> None:
    answer = post(desk, f"/media/{file.id}/captions")

    assert answer.status_code == 422
    assert read(answer).one(id="caption-wrong").text == "Choose a caption file first."


def test_captions_come_back_from_both_exports(desk: Any, file: Asset, tmp_path: Any) -> None:
    send(desk, file, SRT)
    for suffix in ("vtt", "scc"):
        answer = desk.get(f"/media/{file.id}/captions.{suffix}")
        (tmp_path / "back").write_bytes(answer.data)
        track, facts = sidecar(tmp_path / "back", file.length)

        assert facts.count == 2
        assert f'filename="Council-recording.{suffix}"' in answer.headers["Content-Disposition"]


def test_removing_asks_first_and_is_undone(site: Site, desk: Any, file: Asset) -> None:
    send(desk, file, SRT)
    page = shown(desk, file)
    button = page.one(id="remove-captions")
    assert button.get("data-confirm") == "Remove the captions of Council recording?"
    version = library.entry(site.db, file.id).asset.version
    assert post(desk, f"/media/{file.id}/captions/remove", version=version).status_code == 303
    assert shown(desk, file).one(id="h-captions").text == "No captions"
    assert library.entry(site.db, file.id).asset.caption_entry is None


def test_long_captions_are_shown_in_pages(desk: Any, file: Asset) -> None:
    text = "".join(
        f"{n}\n00:{n // 20:02}:{n % 20 * 3:02},000 --> 00:{n // 20:02}:{n % 20 * 3 + 2:02},000\n"
        f"Caption {n}.\n\n"
        for n in range(1, 451)
    )
    send(desk, file, text)
    last = shown(desk, file, "?page=3")

    assert len(last.one("tbody").all("tr")) == 50
    assert "Page 3 of 3" in last and "Caption 450." in last
    assert len(shown(desk, file, "?page=99").one("tbody").all("tr")) == 50


def test_the_captions_inside_a_file_are_read_on_request(site: Site, desk: Any, file: Asset) -> None:
    post(desk, f"/media/{file.id}/captions/inside")

    assert "Reading the captions" in shown(desk, file)
    job = library.entry(site.db, file.id).caption_job
    assert job is not None and job.state == "waiting"


def test_a_viewer_reads_and_exports_but_changes_nothing(site: Site, desk: Any, file: Asset) -> None:
    send(desk, file, SRT)
    viewer = site.browser(Role.VIEWER)
    page = shown(viewer, file)

    assert page.one("tbody") and not page.find(id="give-captions")
    assert viewer.get(f"/media/{file.id}/captions.vtt").status_code == 200
    assert send(viewer, file, SRT).status_code == 403


def test_exports_of_a_file_without_captions_are_not_found(desk: Any, file: Asset) -> None:
    assert desk.get(f"/media/{file.id}/captions.vtt").status_code == 404
    assert desk.get(f"/media/{file.id}/captions.scc").status_code == 404


def test_captions_lost_from_the_disk_are_said_to_be(site: Site, desk: Any, file: Asset) -> None:
    send(desk, file, SRT)
    for path in site.settings.media_root.glob("??/*.cc"):
        path.rename(path.with_suffix(".gone"))
    _decoded.cache_clear()

    assert "The captions are not on this disk" in shown(desk, file)


def test_the_history_tells_of_captions_in_words(site: Site, desk: Any, file: Asset) -> None:
    send(desk, file, SRT)
    history = read(site.browser(Role.ADMINISTRATOR).get("/history"))

    assert "Added the captions of Council recording from council.srt" in history
    assert "2 captions, council.srt" in history


def test_a_file_being_checked_shows_no_form(site: Site, desk: Any) -> None:
    waiting = media.register(site.db, ADMIN, NOW, "a.upload", "parks.mp4")

    assert not shown(desk, waiting).find(id="give-captions")


def draft_of(site: Site, file: Asset) -> Asset:
    track = captioned(laid_out(1_000_000, 3_000_000, ["Thank you, Mayor."]))
    facts = facts_of(track, CaptionOrigin.AUTOMATIC, HOUR, "en")
    assert facts is not None
    stored = keep_track(track, facts, MediaStore(site.settings.media_root))
    captions.queue_draft(site.db, ADMIN, NOW, file.id)
    job = jobs.claim(site.db, NOW, {JobKind.CAPTION_DRAFT})
    assert job is not None
    captions.finish_draft(site.db, NOW, job.id, stored)
    return library.entry(site.db, file.id).asset


def test_a_draft_is_read_and_aired_by_a_person_and_marked(
    site: Site, desk: Any, file: Asset
) -> None:
    draft = draft_of(site, file)
    page = shown(desk, file)
    assert "no captions on air; a draft waits" in read(desk.get("/media"))
    assert "Thank you, Mayor." in page and page.button("Air these captions")
    post(desk, f"/media/{file.id}/captions/draft/air", version=draft.version)
    aired = shown(desk, file)

    assert "automatic, not made by people" in aired.one(id="h-captions").text
    assert not aired.find(id="h-draft")
    assert "captions: automatic, not made by people" in read(desk.get("/media"))


def test_a_draft_is_discarded(site: Site, desk: Any, file: Asset) -> None:
    draft = draft_of(site, file)
    post(desk, f"/media/{file.id}/captions/draft/discard", version=draft.version)

    assert not shown(desk, file).find(id="h-draft")


def test_without_a_model_no_draft_is_offered(desk: Any, file: Asset) -> None:
    assert not shown(desk, file).find(id="write-draft")
    assert post(desk, f"/media/{file.id}/captions/draft").status_code == 422


def test_names_for_automatic_captions_are_kept(site: Site) -> None:
    engineer = site.browser(Role.ADMINISTRATOR)
    post(engineer, "/settings/caption-names", names="Kraus\r\n\r\nLiberty Avenue\r\n")

    assert read(engineer.get("/settings")).one(id="caption-names").text == "Kraus Liberty Avenue"
