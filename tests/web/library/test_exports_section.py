"""The section Export of a cut's page: asked for, made, downloaded under its title, and refused."""

from pathlib import Path
from typing import Any

import pytest
from support.desk import NOW, PLANNER, an_asset
from support.page import read
from support.website import Site, post

from media.captions.cue import CaptionCue, CaptionRow
from media.export import FILM, Export, Exports
from media.store import MediaStore
from scheduler.actions import cuts, exports, jobs
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.cuts import Chapter, CutDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.people import Role
from scheduler.queries import exports as query
from web.kit.context import SERVICES_KEY

DRAFT = CutDraft("Budget: 2026/27", ((300, 18_000), (36_000, 54_000)), (Chapter(36_300, "Vote"),))
SAID = (CaptionCue(1_000_000, 2_000_000, (CaptionRow(15, 0, "Aye."),)),)


def store_of(site: Site) -> MediaStore:
    store: MediaStore = site.app.extensions[SERVICES_KEY].store
    return store


def a_cut(site: Site) -> Asset:
    """Add a cut of a file whose bytes are here."""
    whole = an_asset(site.db)
    assert whole.media is not None
    path = store_of(site).path(whole.media.key, whole.media.suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"film")
    return cuts.add(site.db, PLANNER, NOW, whole.id, DRAFT)


def make(site: Site, cut: Asset, piece: int = 0, repeated: int = 0) -> None:
    """Make a file of a cut as its job would, of ten bytes."""

    def filled(export: Export, path: Path, folder: Path, progress: Any) -> int:
        (folder / FILM).write_bytes(b"0123456789")
        return repeated

    file = query.file_of(site.db, cut.id, piece)
    assert file is not None
    Exports(store_of(site)).keep(file.export, cut.id, SAID, site.clock.utc(), filled, None)


def test_a_file_is_asked_for_once_and_its_making_is_shown(site: Site) -> None:
    cut, desk = a_cut(site), site.browser(Role.SCHEDULER)
    page = read(desk.get(f"/media/{cut.id}"))
    assert "with exactly the marked pictures. It carries its chapters." in page.text
    assert [one.get("data-export") for one in page.all("li") if one.get("data-export")] == [
        "0", "1", "2"
    ]  # fmt: skip
    for _ in range(2):
        assert post(desk, f"/media/{cut.id}/export", piece="2").status_code == 303
    job = jobs.claim(site.db, site.clock.utc(), frozenset({JobKind.EXPORT}))
    assert job is not None and job.what == {"piece": 2}
    assert jobs.claim(site.db, site.clock.utc(), frozenset({JobKind.EXPORT})) is None
    jobs.progress(site.db, job, 0.25, "Making the file")
    assert "Making the file: 25 % done." in desk.get(f"/media/{cut.id}").text
    assert "Make a file of the cut" in desk.get("/media/jobs").text

    jobs.fail(site.db, site.clock.utc(), job, "The file is damaged there.", retry=False)
    shown = desk.get(f"/media/{cut.id}").text
    assert "The file is damaged there." in shown and "Try again: Piece 2" in shown


def test_it_is_downloaded_under_its_title_whole_or_in_part(site: Site) -> None:
    cut, viewer = a_cut(site), site.browser(Role.VIEWER)
    make(site, cut)
    make(site, cut, 1)
    answer = viewer.get(f"/media/{cut.id}/download", follow_redirects=True, buffered=True)
    assert (answer.data, answer.mimetype) == (b"0123456789", "video/mp4")
    assert "Budget 2026 27.mp4" in answer.headers["Content-Disposition"]
    part = viewer.get(
        f"/media/{cut.id}/export/film?piece=1", headers={"Range": "bytes=2-4"}, buffered=True
    )
    assert (part.status_code, part.data) == (206, b"234")
    assert "part 1.mp4" in part.headers["Content-Disposition"]
    said = viewer.get(f"/media/{cut.id}/export/captions.vtt", buffered=True)
    assert "Aye." in said.text and "Budget 2026 27.vtt" in said.headers["Content-Disposition"]
    listed = viewer.get(f"/media/{cut.id}/export/chapters.txt?piece=2")
    assert listed.text == "0:00 Budget: 2026/27\n0:10 Vote\n"


def test_what_is_not_made_leads_to_the_page_and_what_is_not_there_is_missing(site: Site) -> None:
    cut, viewer = a_cut(site), site.browser(Role.VIEWER)
    assert viewer.get(f"/media/{cut.id}/export/film").status_code == 303
    assert viewer.get(f"/media/{cut.id}/export/captions.vtt").status_code == 404
    assert viewer.get(f"/media/{cut.id}/export/chapters.txt?piece=1").status_code == 404
    for piece in ("3", "-1"):
        assert viewer.get(f"/media/{cut.id}/export/film?piece={piece}").status_code == 404
    desk = site.browser(Role.SCHEDULER)
    assert post(desk, f"/media/{cut.id}/export", piece="3").status_code == 404
    assert cut.cut_of is not None
    assert post(desk, f"/media/{cut.cut_of}/export", piece="0").status_code == 404
    assert 'id="h-export"' not in desk.get(f"/media/{cut.cut_of}").text


def test_a_viewer_downloads_and_asks_for_nothing(site: Site) -> None:
    cut, viewer = a_cut(site), site.browser(Role.VIEWER)
    assert "Make the file" not in viewer.get(f"/media/{cut.id}").text
    assert post(viewer, f"/media/{cut.id}/export", piece="0").status_code == 403


def test_pictures_that_could_not_be_read_are_said(site: Site) -> None:
    cut = a_cut(site)
    make(site, cut, repeated=3)

    shown = site.browser(Role.VIEWER).get(f"/media/{cut.id}").text
    assert "3 pictures of the file could not be read" in shown


def test_a_file_that_is_elsewhere_is_waited_for_in_a_sentence(site: Site) -> None:
    cut = cuts.add(site.db, PLANNER, NOW, an_asset(site.db).id, DRAFT)
    desk = site.browser(Role.SCHEDULER)
    shown = desk.get(f"/media/{cut.id}").text
    assert "is not on this server just now" in shown and "Make the file" not in shown
    exports.queue(site.db, PLANNER, NOW, cut.id)
    job = jobs.claim(site.db, site.clock.utc(), frozenset({JobKind.EXPORT}))
    assert job is not None
    jobs.fail(site.db, site.clock.utc(), job, "It is not here.", retry=True)

    assert "It is not here. Next try" in desk.get(f"/media/{cut.id}").text


def test_a_file_that_rests_in_the_archive_is_brought_back(site: Site) -> None:
    cut = cuts.add(site.db, PLANNER, NOW, an_asset(site.db).id, DRAFT)
    assert cut.media is not None
    with site.db.write() as session:
        session.add(RestingRow(key=cut.media.key, suffix=".mp4", size=1, since=NOW, wanted=None))
    desk = site.browser(Role.SCHEDULER)
    assert "rests in the archive" in desk.get(f"/media/{cut.id}").text
    assert post(desk, f"/media/{cut.id}/export", piece="0").status_code == 303
    with site.db.read() as session:
        row = session.get(RestingRow, cut.media.key)
        assert row is not None and row.wanted is not None
    assert jobs.claim(site.db, site.clock.utc(), frozenset({JobKind.EXPORT})) is not None


def test_a_full_disk_is_said_before_anything_is_queued(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, desk = a_cut(site), site.browser(Role.SCHEDULER)
    usage = type("Usage", (), {"free": (1 << 30) + 1000})
    monkeypatch.setattr("media.made_parts.shutil.disk_usage", lambda _: usage)
    answer = post(desk, f"/media/{cut.id}/export", piece="0")

    assert answer.status_code == 422
    assert "The media disk has no room for this file" in answer.text
    assert jobs.claim(site.db, site.clock.utc(), frozenset({JobKind.EXPORT})) is None
