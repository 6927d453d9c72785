"""The page of a file: a picture at a time by key and mouse, judged by numbers drawn into frames."""

import base64
import io
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.clips import NTSC, Clip, numbered_clip
from support.desk import ADMIN
from support.marks import read_mark

from config.clock import SystemClock
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.actions import media
from scheduler.domain.model.asset import Asset
from scheduler.queries import library
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
FRAMES = 240
SRT = "1\n00:00:02,000 --> 00:00:06,000\nRoll call, please.\n"
LOADED = "() => document.querySelector('#picture').readyState >= 2"
STANDS = """() => {
  const video = document.querySelector("#picture");
  return video.paused && !video.seeking;
}"""
PICTURE = """() => {
  const video = document.querySelector("#picture"), canvas = document.createElement("canvas");
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("seen") / "council.mp4"
    return numbered_clip(path, rate=NTSC, frames=FRAMES, ident=7, size=(640, 360))


@pytest.fixture
def file(served: Any, clip: Clip) -> Asset:
    """The clip as a file of the library that is ready to air."""
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    key, _ = store.add(clip.path, suffix=".mp4", keep=True)
    at, db = SystemClock().utc(), served.db
    asset = media.register(db, ADMIN, at, "seen.upload", "Council recording.mp4")
    job = media.claim_job(db, at)
    assert job is not None
    length = timedelta(seconds=float(clip.seconds))
    size = clip.path.stat().st_size
    facts = Media(key=key, suffix=".mp4", size=size, length=length, rate=NTSC)
    media.finish_job(db, at, job.id, media=facts, facts={}, summary="Ready for air.")
    return library.entry(db, asset.id).asset


def drawn_frame(page: Page) -> int | None:
    """Return the number drawn into the picture that the browser shows."""
    picture = Image.open(io.BytesIO(base64.b64decode(page.evaluate(PICTURE))))
    mark = read_mark(np.asarray(picture.convert("L")))
    return mark.frame if mark is not None else None


def expect_frame(page: Page, frame: int) -> None:
    """Wait until the page names the frame; the picture must then be that frame."""
    expect(page.locator("[data-plays-time]")).to_have_text(timecode(frame))
    page.wait_for_function(STANDS)
    page.wait_for_timeout(60)

    assert drawn_frame(page) == frame


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
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[data-levels-word]")).to_contain_text("dB")
    page.keyboard.press("l")
    expect(page.locator("[data-plays-speed]")).to_have_text("2 × forward")
    page.keyboard.press("j")
    expect(page.locator("[data-plays-speed]")).to_have_text("1 × back")
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_function(STANDS)
    page.locator("[data-plays-place]").fill("90")
    expect_frame(page, 90)
    shown = page.evaluate("document.querySelector('#picture').textTracks[0].activeCues[0].text")

    assert shown == "Roll call, please."


def test_the_page_fits_a_phone_and_is_worked_by_touch(phone: Page, file: Asset) -> None:
    require_axe()
    phone.goto(f"/media/{file.id}")
    phone.wait_for_function(LOADED)
    phone.get_by_role("button", name="One picture forward").tap()
    expect_frame(phone, 1)

    assert findings(phone) + overflow_findings(phone) == []
