"""The section Cuts of a file's page: saved, marked anew, split, and refused beside the field."""

from support.desk import an_asset
from support.page import read
from support.website import Site, post

from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.queries import cuts, library

PIECES = "0:01:00:00 - 0:10:00:00\n0:20:00:00 - 0:30:00:00"


def a_cut(site: Site) -> tuple[Asset, Asset]:
    """Save a cut on the page of a file, and return both."""
    file, desk = an_asset(site.db), site.browser(Role.SCHEDULER)
    form = {"title": "Without the recess", "pieces": PIECES, "chapters": "0:20:00:00 Budget"}
    assert post(desk, f"/media/{file.id}/cuts", **form).status_code == 303
    (cut,) = cuts.cuts_of(site.db, file.id).cuts
    return file, cut


def test_a_cut_is_saved_and_listed_on_both_pages(site: Site) -> None:
    file, cut = a_cut(site)
    viewer = site.browser(Role.VIEWER)

    assert cut.media is not None and len(cut.media.pieces) == 2
    assert [chapter.name for chapter in cut.chapters] == ["Budget"]
    listed = read(viewer.get(f"/media/{file.id}"))
    assert f"/media/{cut.id}" in [link.get("href") for link in listed.all("a")]
    shown = read(viewer.get(f"/media/{cut.id}"))
    assert shown.one("h1").text == "Without the recess"
    assert f"/media/{file.id}" in [link.get("href") for link in shown.all("a")]


def test_what_was_typed_stays_and_the_mistake_is_beside_it(site: Site) -> None:
    file, desk = an_asset(site.db), site.browser(Role.SCHEDULER)
    for pieces, words in (
        ("0:10:00:00 - 0:01:00:00", "ends before it begins"),
        ("from ten to twelve", "is no piece"),
        ("0:00:10:00 - 9:00:00:00", "ends after the file"),
    ):
        answer = post(desk, f"/media/{file.id}/cuts", title="Mine", pieces=pieces, chapters="")
        page = read(answer)
        assert answer.status_code == 422
        assert words in page.one(id="pieces-wrong").text
        assert page.one(id="pieces").text.strip() == pieces
        assert page.one(id="title").get("value") == "Mine"
    assert cuts.cuts_of(site.db, file.id).cuts == ()


def test_a_cut_is_marked_anew(site: Site) -> None:
    _, cut = a_cut(site)
    desk = site.browser(Role.SCHEDULER)
    form = {"title": "Short", "pieces": "0:01:00:00 - 0:02:00:00", "version": str(cut.version)}
    assert post(desk, f"/media/{cut.id}/cut", **form, chapters="").status_code == 303
    saved = library.entry(site.db, cut.id).asset

    assert saved.title == "Short" and saved.media is not None and len(saved.media.pieces) == 1
    late = post(desk, f"/media/{cut.id}/cut", **form | {"title": "Late"}, chapters="")
    assert late.status_code == 422 and "Save again to use yours" in late.text


def test_a_cut_is_split(site: Site) -> None:
    file, cut = a_cut(site)
    desk = site.browser(Role.SCHEDULER)
    form = {"second_title": "Committee two", "version": str(cut.version)}
    wrong = post(desk, f"/media/{cut.id}/split", **form, at="0:15:00:00")
    assert wrong.status_code == 422 and "Choose a picture in the cut" in wrong.text

    assert post(desk, f"/media/{cut.id}/split", **form, at="0:20:00:00").status_code == 303
    titles = [one.title for one in cuts.cuts_of(site.db, file.id).cuts]
    assert sorted(titles) == ["Committee two", "Without the recess"]


def test_a_viewer_sees_cuts_and_changes_none(site: Site) -> None:
    _, cut = a_cut(site)
    viewer = site.browser(Role.VIEWER)

    assert "data-cut-form" not in viewer.get(f"/media/{cut.id}").text
    form = {"title": "x", "pieces": PIECES, "version": str(cut.version)}
    assert post(viewer, f"/media/{cut.id}/cut", **form).status_code == 403


def test_the_whole_file_is_not_downloaded_under_the_title_of_a_cut(site: Site) -> None:
    _, cut = a_cut(site)
    answer = site.browser(Role.VIEWER).get(f"/media/{cut.id}/download", follow_redirects=True)

    assert answer.mimetype == "text/html"
    assert answer.request.path == f"/media/{cut.id}"
