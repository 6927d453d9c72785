"""The page of a file: a picture at a time by key and mouse, judged by numbers drawn into frames."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.boxes import box_of
from support.clips import NTSC, Clip, numbered_clip
from support.desk import ADMIN
from support.shown_frame import shown_frame

from config.clock import SystemClock
from media.asset import FACTS, Problem
from media.probe import probe
from media.store import MediaStore
from scheduler.actions import media
from scheduler.actions.jobs import claim
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process.companions import CompanionMaker
from scheduler.process.ingest import media_of
from scheduler.process.jobs import JobWorker
from scheduler.queries import library
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
FRAMES = 240
PROBLEM = Problem("note", "The picture is black from 0:00:02 to 0:00:03.", 2.002, 3.003)
SRT = "1\n00:00:02,000 --> 00:00:06,000\nRoll call, please.\n"
LOADED = "() => document.querySelector('#picture').readyState >= 2"
STANDS = """() => {
  const video = document.querySelector("#picture");
  return video.paused && !video.seeking;
}"""


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("seen") / "council.mp4"
    return numbered_clip(path, rate=NTSC, frames=FRAMES, ident=7, size=(640, 360))


@pytest.fixture
def file(served: Any, clip: Clip) -> Asset:
    """The clip as a file of the library that is ready to air."""
    return in_library(served, clip)


def in_library(served: Any, clip: Clip, *problems: Problem) -> Asset:
    """Put a clip into the library as the check of uploads does."""
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    key, path = store.add(clip.path, suffix=clip.path.suffix, keep=True)
    at, db = SystemClock().utc(), served.db
    asset = media.register(db, ADMIN, at, "seen.upload", "Council recording.mp4")
    job = claim(db, at)
    assert job is not None
    facts = replace(probe(path), key=key, problems=problems)
    media.finish_job(
        db,
        at,
        job.id,
        media=media_of(facts),
        facts=FACTS.dump_python(facts, mode="json"),
        summary="Ready for air.",
    )
    return library.entry(db, asset.id).asset


def expect_frame(page: Page, frame: int) -> None:
    """Wait until the page names the frame; the picture must then be that frame."""
    expect(page.locator("[data-plays-time]")).to_have_text(timecode(frame))
    page.wait_for_function(STANDS)
    page.wait_for_timeout(60)

    assert shown_frame(page) == frame


def timecode(frame: int, rate: Fraction = NTSC) -> str:
    whole = int(frame / rate)
    first = -int(-whole * rate // 1)
    return f"0:00:{whole:02}:{frame - first:02}"


def test_each_key_shows_the_picture_that_it_names(page: Page, served: Any, file: Asset) -> None:
    require_axe()
    page.goto("/media")
    page.click(f"#open-{file.id}")
    page.wait_for_function(LOADED)
    for key, frame in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("Shift+ArrowRight", 31),
        ("End", FRAMES - 1),
        ("ArrowLeft", FRAMES - 2),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect_frame(page, frame)

    assert findings(page) + overflow_findings(page) == []


def test_it_plays_shuttles_and_shows_captions_by_mouse(page: Page, file: Asset) -> None:
    page.goto(f"/media/{file.id}/captions")
    srt = {"name": "council.srt", "mimeType": "text/plain", "buffer": SRT.encode()}
    page.set_input_files("#caption-file", srt)
    page.click("#give-captions")
    page.goto(f"/media/{file.id}")
    page.wait_for_function(LOADED)
    page.get_by_role("button", name="Captions").click()
    page.wait_for_function("() => document.querySelector('#picture').textTracks[0].cues?.length")
    page.get_by_role("button", name="One picture forward").click()
    expect_frame(page, 1)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("[data-levels-word]")).to_contain_text("dB")
    page.keyboard.press("l")
    expect(page.locator("[data-plays-speed]")).to_have_text("2 × forward")
    page.keyboard.press("j")
    expect(page.locator("[data-plays-speed]")).to_have_text("1 × back")
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function(STANDS)
    page.locator("[data-plays-place]").fill("90")
    expect_frame(page, 90)
    shown = page.evaluate("document.querySelector('#picture').textTracks[0].activeCues[0].text")

    line = page.locator("[data-caption-frame]", has_text="Roll call, please.")
    assert shown == "Roll call, please."
    expect(line).to_have_attribute("aria-current", "true")
    page.keyboard.press("Home")
    expect(page.locator("[data-caption-frame][aria-current]")).to_have_count(0)
    line.click()
    expect(line).to_have_attribute("aria-current", "true")


def test_a_file_that_no_browser_plays_is_seen_by_its_companion_frame_by_frame(
    page: Page, served: Any, tmp_path: Path
) -> None:
    """The rewrapped clip plays in no browser; the worker of the lane makes what the page shows. Its
    picture is copied, and refers to later pictures.
    """
    clip = numbered_clip(
        tmp_path / "council.mkv", rate=NTSC, frames=150, ident=8, size=(640, 360), between=3
    )
    file = in_library(served, clip, PROBLEM)
    services = served.app.extensions[SERVICES_KEY]
    maker = CompanionMaker(served.db, services.store, SystemClock())
    worker = JobWorker(
        Lane.MAKE, {JobKind.COMPANION: maker}, served.db, SystemClock(), before=maker.queue_missing
    )
    assert worker.one() and file.media is not None
    strips = services.companions.strips(file.media.key)
    assert strips is not None and strips.whole
    page.goto(f"/media/{file.id}")
    page.wait_for_function(LOADED)
    assert "/companion.mp4?v=" in (page.get_attribute("#picture", "src") or "")
    page.get_by_role("button", name="The picture is black").click()
    expect_frame(page, 60)
    box = box_of(page.locator("canvas.player-strip"))
    frames = int(page.get_attribute("[data-plays-place]", "max") or 0) + 1
    page.mouse.click(box["x"] + box["width"] * 120.5 / frames, box["y"] + 20)
    expect_frame(page, 120)
    for frame in (42, 43, 44, 45, 46, 87, 88, 89, 90, 91, 0, 149):
        page.locator("[data-plays-place]").fill(str(frame))
        expect_frame(page, frame)


def test_the_page_fits_a_phone_and_is_worked_by_touch(phone: Page, file: Asset) -> None:
    require_axe()
    phone.goto(f"/media/{file.id}")
    phone.wait_for_function(LOADED)
    phone.get_by_role("button", name="One picture forward").tap()
    expect_frame(phone, 1)

    assert findings(phone) + overflow_findings(phone) == []
