"""Watch live on the public page: picture, captions and keyboard in a real Chromium."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.web_input import CAPTION, web_input

from config.clock import SystemClock
from config.names import HouseFormat
from config.settings import ChannelSettings
from config.targetaddress import HlsTarget
from playout.engine.targets.hls import HlsSender
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
HOUSE = HouseFormat.parse("320x180@30000/1001")


@pytest.fixture
def on_the_web(served: Any, tmp_path: Path) -> None:
    put_on_the_web(served, tmp_path / "hls")


def put_on_the_web(served: Any, folder: Path, channel: str = "CC1") -> None:
    sender = HlsSender(HlsTarget(folder), HOUSE, 3000, SystemClock())
    sender.open()
    for chunk in web_input(7, channel=channel):
        sender.send(chunk)
    settings = served.app.extensions[SERVICES_KEY].settings
    settings.channels["ch13"] = ChannelSettings(outputs=(f"hls:{folder}",))


def until(page: Page, reached: str) -> None:
    """Wait until this holds of the video; the page's policy lets Playwright's own wait not run."""
    for _ in range(300):
        if page.locator("video").evaluate(reached):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("[data-told]").inner_text())


def test_a_viewer_watches_with_captions_by_keyboard_alone(
    stranger: Page, served: Any, on_the_web: None
) -> None:
    stranger.goto(f"{served.url}/tv/ch13")
    stranger.get_by_role("button", name="Watch live").focus()
    stranger.keyboard.press("Enter")
    video = stranger.locator("video")
    until(stranger, "v => v.videoWidth === 320 && v.currentTime > 0.5")
    captions = stranger.get_by_role("button", name="Captions")
    expect(captions).to_have_attribute("aria-pressed", "false")
    captions.focus()
    stranger.keyboard.press("Space")

    expect(captions).to_have_attribute("aria-pressed", "true")
    until(
        stranger,
        "v => Array.from(v.textTracks).some(t => t.mode === 'showing' && "
        f"Array.from(t.cues || []).some(c => c.text.includes('{CAPTION}')))",
    )
    assert video.evaluate("v => v.error") is None
    cues = video.evaluate(
        "v => Array.from(v.textTracks).map(t => [t.kind, t.language, Array.from(t.cues || [])"
        ".map(c => [c.text, c.startTime.toFixed(2), c.endTime.toFixed(2)])])"
    )
    # The caption is shown from 1.5 to 3.5 s, and segments are cut every 2.002 s.
    assert cues == [["subtitles", "en", [[CAPTION, "1.50", "2.00"], [CAPTION, "2.00", "3.50"]]]]


def test_a_viewer_may_choose_another_channel_of_captions(
    stranger: Page, served: Any, tmp_path: Path
) -> None:
    put_on_the_web(served, tmp_path / "hls", "CC3")
    stranger.goto(f"{served.url}/tv/ch13")
    stranger.get_by_role("button", name="Watch live").click()
    until(stranger, "v => v.videoWidth === 320 && v.textTracks.length === 2")
    video = stranger.locator("video")
    assert video.evaluate("v => Array.from(v.textTracks).map(t => [t.label, t.mode])") == [
        ["English", "hidden"], ["CC3", "disabled"],
    ]  # fmt: skip
    video.evaluate("v => { v.textTracks[1].mode = 'showing'; }")

    until(
        stranger, f"v => Array.from(v.textTracks[1].cues || []).some(c => c.text === '{CAPTION}')"
    )
    assert video.evaluate("v => v.textTracks[1].mode") == "showing"


def test_a_page_without_a_stream_loads_no_player(stranger: Page, served: Any) -> None:
    asked: list[str] = []
    stranger.on("request", lambda request: asked.append(request.url))
    stranger.goto(f"{served.url}/tv/ch13")
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()

    assert stranger.get_by_role("button", name="Watch live").count() == 0
    assert not [url for url in asked if "hls" in url or "watch" in url]
