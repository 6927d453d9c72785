"""The details of a file on its page: saved, refused, with documents, air times and doubles."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site, post, token_of

from scheduler.actions import details as action
from scheduler.actions import programs, station
from scheduler.domain.library.details import Details, field_id
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.queries import details

CASE = field_id("Case number")


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.ADMINISTRATOR)


@pytest.fixture
def file(site: Site) -> Asset:
    station.set_asset_fields(site.db, ADMIN, NOW, "Case number")
    return an_asset(site.db)


def attach(desk: Any, file: Asset, name: str, body: bytes) -> Any:
    headers = {"X-CSRFToken": token_of(desk), "Content-Type": "application/octet-stream"}
    return desk.post(f"/media/{file.id}/documents?name={name}", data=body, headers=headers)


def test_details_are_saved_with_the_stations_fields_and_shown_again(
    site: Site, desk: Any, file: Asset
) -> None:
    typed = {
        "day": "2026-03-03", "body": "City Council", "tags": "budget, parks", "notes": "Long.",
        f"field-{CASE}": "Z-14", "version": "0",
    }  # fmt: skip
    assert post(desk, f"/media/{file.id}/details", **typed).status_code < 400
    page = read(desk.get(f"/media/{file.id}"))
    shown = {name: page.one("input", id=name).get("value") for name in ("day", "body", "tags")}
    assert shown == {"day": "2026-03-03", "body": "City Council", "tags": "budget, parks"}
    assert page.one("input", id=f"field-{CASE}").get("value") == "Z-14"
    assert "City Council" in read(desk.get("/media?q=z-14"))


def test_what_was_typed_stays_when_it_is_refused_or_somebody_was_faster(
    site: Site, desk: Any, file: Asset
) -> None:
    long = {"notes": "Kept.", f"field-{CASE}": "x" * 401, "version": "0"}
    refused = post(desk, f"/media/{file.id}/details", **long)
    page = read(refused)
    assert refused.status_code == 422 and "Use up to 400 characters." in page
    assert "Kept." in page.one("textarea", id="notes").text
    action.edit(site.db, PLANNER, NOW, file.id, Details(body="Planning Board"), 0)
    late = post(desk, f"/media/{file.id}/details", body="City Council", version="0")
    assert late.status_code == 422 and "Save again to use yours." in read(late)
    again = read(late).one("input", id="version").get("value")
    assert post(desk, f"/media/{file.id}/details", body="City Council", version=again)
    assert details.details(site.db, file.id).details.body == "City Council"


def test_a_document_is_attached_found_downloaded_and_removed(
    site: Site, desk: Any, file: Asset
) -> None:
    body = b"%PDF-1.7 agenda"
    assert attach(desk, file, "Agenda.pdf", body).status_code < 400
    (kept,) = details.details(site.db, file.id).documents
    got = desk.get(f"/media/{file.id}/documents/{kept.id}")
    assert got.get_data() == body
    got.close()
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert "Council recording" in read(desk.get("/media?q=agenda"))
    other = an_asset(site.db, "Other", "b")
    assert desk.get(f"/media/{other.id}/documents/{kept.id}").status_code == 404
    sent = post(desk, f"/media/{file.id}/documents/{kept.id}/remove", version=kept.version)
    assert sent.status_code < 400 and details.details(site.db, file.id).documents == ()


@pytest.mark.parametrize(("name", "body"), [("page.html", b"<p>"), ("a.pdf", b""), ("x", b"a")])
def test_what_is_no_document_is_refused_in_words(
    site: Site, desk: Any, file: Asset, name: str, body: bytes
) -> None:
    refused = attach(desk, file, name, body)
    assert refused.status_code == 422 and refused.mimetype == "text/plain" and refused.data
    assert details.details(site.db, file.id).documents == ()


def test_it_says_when_it_airs_and_what_is_the_same_content(
    site: Site, desk: Any, file: Asset
) -> None:
    program = programs.add(site.db, PLANNER, NOW, ProgramDraft("Talk", asset=file.id))
    an_airing(site.db, NOW + 3 * HOUR, program=program.id)
    an_airing(site.db, NOW + timedelta(days=2), asset=file.id)
    an_asset(site.db, "The same again", "a")
    page = read(desk.get(f"/media/{file.id}"))
    dates = [one for one in page.all("a") if f"/schedule/{CH13}" in one.get("href")]
    assert len(dates) >= 2 and "The same again" in page and "It has not aired yet." in page
    assert "twice here" in read(desk.get("/media"))


def test_a_viewer_reads_and_changes_nothing(site: Site, file: Asset) -> None:
    viewer = site.browser(Role.VIEWER)
    page = read(viewer.get(f"/media/{file.id}"))
    assert not page.find(id="save-details") and not page.find(id="document")
    assert post(viewer, f"/media/{file.id}/details", body="x", version="0").status_code == 403
