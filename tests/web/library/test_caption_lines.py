"""Captions corrected on the page of a file: stored, refused, in conflict, and gone through."""

from typing import Any

from support.desk import ADMIN, NOW, an_asset
from support.page import read
from support.website import Site, post

from media.caption_files import keep_track
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionOrigin, facts_of
from media.store import MediaStore
from scheduler.actions import captions, jobs
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.people import Role
from scheduler.queries import library
from web.kit.context import SERVICES_KEY

SAID = ((2, 4, "The clerk will cull"), (6, 8, "item four, please."), (2400, 2405, "Aye."))


def drafted(site: Site) -> Asset:
    """Return a file with a draft of three captions in the store, the last after 40 minutes."""
    file = an_asset(site.db)
    cues = [
        cue
        for begin, end, text in SAID
        for cue in laid_out(begin * 1_000_000, end * 1_000_000, [text])
    ]
    track = encode(cues)
    facts = facts_of(track, CaptionOrigin.AUTOMATIC, file.length, "en")
    assert facts is not None
    store: MediaStore = site.app.extensions[SERVICES_KEY].store
    captions.queue_draft(site.db, ADMIN, NOW, file.id)
    job = jobs.claim(site.db, NOW, {JobKind.CAPTION_DRAFT})
    assert job is not None
    captions.finish_draft(site.db, NOW, job.id, keep_track(track, facts, store))
    return file


def lines(desk: Any, file: Asset) -> list[Any]:
    return list(read(desk.get(f"/media/{file.id}")).find(data_caption_lines=True).all("li"))


def correct(desk: Any, file: Asset, line: Any, text: str, **more: str) -> Any:
    about = {"begin": line.get("data-begin"), "before": line.get("data-rows"), "text": text}
    return post(desk, f"/media/{file.id}/captions/line", **about, **more)


def test_two_people_correct_a_draft_and_one_goes_through_it(site: Site) -> None:
    desk, other, file = site.browser(Role.PRODUCER), site.browser(Role.OPERATOR), drafted(site)
    page = lines(desk, file)
    seen = library.entry(site.db, file.id).asset.caption_draft.key  # type: ignore[union-attr]
    theirs = correct(other, file, page[2], "No.", seen=seen)
    mine = correct(desk, file, page[0], "The clerk will  call\r\nthe roll", seen=seen)
    late = correct(desk, file, page[2], "Nay.", seen=seen)

    assert (theirs.status_code, theirs.json["alone"]) == (200, True)
    assert (mine.status_code, mine.json["alone"]) == (200, False)
    assert mine.json["text"] == "The clerk will call\nthe roll"
    assert (late.status_code, late.json["present"]) == (422, "No.")
    now = lines(desk, file)
    assert [one.get("data-rows") for one in now] == [
        "The clerk will call\nthe roll",
        "item four, please.",
        "No.",
    ]
    assert [one.get("data-begin") for one in now] == [one.get("data-begin") for one in page]
    assert "corrected by" in now[0].text and "corrected by" not in now[1].text
    assert post(desk, f"/media/{file.id}/captions/check", seen=seen).status_code == 409
    shown = read(desk.get(f"/media/{file.id}"))
    assert shown.find(data_automatic=True)
    assert post(desk, f"/media/{file.id}/captions/check", seen=mine.json["key"]).status_code == 303
    assert not read(desk.get(f"/media/{file.id}")).find(data_automatic=True)


def test_a_caption_is_deleted_and_what_cannot_air_is_refused_in_words(site: Site) -> None:
    desk, file = site.browser(Role.PRODUCER), drafted(site)
    page = lines(desk, file)
    refused = {
        text: correct(desk, file, page[1], text) for text in ("", "市", "word " * 40, "a" * 5000)
    }
    gone = correct(desk, file, page[1], "", delete="yes")

    assert {answer.status_code for answer in refused.values()} == {422}
    assert all(answer.json["wrong"] for answer in refused.values())
    assert gone.status_code == 200
    assert len(lines(desk, file)) == 2
    assert correct(desk, file, page[1], "Back").json["present"] == ""
    undone = post(desk, gone.json["undo"])
    assert undone.status_code == 303 and len(lines(desk, file)) == 3


def test_a_viewer_sees_captions_and_changes_none(site: Site) -> None:
    file, viewer = drafted(site), site.browser(Role.VIEWER)
    page = lines(viewer, file)

    assert correct(viewer, file, page[0], "x").status_code == 403
    assert not read(viewer.get(f"/media/{file.id}")).find(id="caption-words")
