"""Marking a cut with the picture, by keyboard and by mouse: saved as marked, played as marked."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import overflow_findings
from support.clips import NTSC, Clip, numbered_clip
from support.desk import ADMIN

from config.clock import SystemClock
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.actions import jobs, media
from scheduler.domain.model.asset import Asset
from scheduler.queries import cuts, library
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
FRAMES = 300
SEEN = "() => document.querySelector('#picture').readyState >= 2"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("cut") / "hearing.mp4"
    return numbered_clip(path, rate=NTSC, frames=FRAMES, ident=7, size=(320, 180))


@pytest.fixture
def hearing(served: Any, clip: Clip) -> Asset:
    """The clip as a file of the library that is ready to air."""
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    key, _ = store.add(clip.path, suffix=".mp4", keep=True)
    at, db = SystemClock().utc(), served.db
    asset = media.register(db, ADMIN, at, "hearing.upload", "Hearing.mp4")
    job = jobs.claim(db, at)
    assert job is not None
    length = timedelta(seconds=float(clip.seconds))
    facts = Media(key=key, suffix=".mp4", size=1, length=length, rate=NTSC)
    media.finish_job(db, at, job.id, media=facts, facts={}, summary="Ready for air.")
    return library.entry(db, asset.id).asset


def walk(page: Page, frame: int) -> None:
    """Go to a frame: a second at a time, then a picture at a time."""
    page.keyboard.press("Home")
    for _ in range(frame // 30):
        page.keyboard.press("Shift+ArrowRight")
    for _ in range(frame % 30):
        page.keyboard.press("ArrowRight")


def test_a_recess_is_left_out_by_keyboard(page: Page, served: Any, hearing: Asset) -> None:
    page.goto(f"/media/{hearing.id}")
    page.wait_for_function(SEEN)
    page.fill("#title", "Without the recess")
    # As the desk of a recording offers it, from go to adjournment: the clerk begins before that.
    page.fill("[name=pieces]", "0:00:01:00 - 0:00:05:00")
    page.locator("#picture").focus()
    for frame, key in ((10, "i"), (250, "o"), (90, "x"), (152, "x")):
        walk(page, frame)
        page.keyboard.press(key)
    expect(page.locator("[data-cut-list] li")).to_have_count(2)
    walk(page, 160)
    page.keyboard.press("m")
    page.keyboard.type("Budget")
    assert overflow_findings(page) == []
    page.locator("[data-cut-form] button.btn-primary").press("Enter")
    expect(page.locator("h1")).to_have_text("Without the recess")
    (cut,) = cuts.cuts_of(served.db, hearing.id).cuts

    assert cut.media is not None and cut.media.pieces == ((10, 90), (153, 251))
    assert [(one.frame, one.name) for one in cut.chapters] == [(160, "Budget")]


def test_pieces_are_moved_played_and_taken_back_by_mouse(
    page: Page, served: Any, hearing: Asset
) -> None:
    page.goto(f"/media/{hearing.id}")
    page.wait_for_function(SEEN)
    page.fill("#pieces", "0:00:01:00 - 0:00:03:15\n0:00:05:00 - 0:00:07:15")
    expect(page.locator("[data-cut-list] li").first).to_contain_text("Piece 1, 3 s")
    page.click("[aria-label='Move down piece 1']")
    expect(page.locator("#pieces")).to_have_value(
        "0:00:05:00 - 0:00:07:15\n0:00:01:00 - 0:00:03:15"
    )
    page.click("[aria-label='Remove piece 2']")
    page.click("[data-cut=undo]")
    expect(page.locator("[data-cut-list] li")).to_have_count(2)
    page.evaluate("document.querySelector('#picture').playbackRate = 4")
    seen = page.evaluate(
        """() => new Promise((done) => {
          const video = document.querySelector("#picture"), seen = [];
          const note = (_, about) => { seen.push(about.mediaTime);
            video.requestVideoFrameCallback(note); };
          video.requestVideoFrameCallback(note);
          video.addEventListener("pause", () => done(seen));
          document.querySelector("[data-cut=play]").click();
        })"""
    )
    # The browser may show a picture or two of what is left out before it jumps.
    shown = [round(at * 30000 / 1001) for at in seen[2:]]
    beside = [frame for frame in shown if not (28 <= frame <= 112 or 148 <= frame <= 232)]
    assert not beside, (beside, shown)
    assert any(frame >= 150 for frame in shown) and any(frame <= 106 for frame in shown)
