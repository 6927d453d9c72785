"""The story of the library, in a real browser and on air, by mouse and by keyboard alone.

A hearing is live on one channel, has a recess, and is adjourned from the page. Its recording is
found, played, downloaded and trimmed, and put on the other channel: in a moment, tomorrow and next
month. The frames that leave are read from the captured output.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect
from soak.clerk import Clerk, a_clerk
from soak.hearing import (
    OTHER,
    OTHER_NAME,
    TITLE,
    TwoChannels,
    announce,
    drawn_numbers,
    hold,
    playing,
    recording,
)
from support.capture import Capture, CapturedPicture, read_ts
from support.captured_airing import REAL_STALL_NS
from support.chromium import running_browser
from support.clips import numbered_clip
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.shown_frame import shown_frame
from support.stalls import Canary, Stall
from support.station import ZONE, wait_for

from config.names import ChannelId
from playout.model.plan import Plan
from playout.model.wire import decode
from scheduler.db import find
from scheduler.domain.model.asset import Asset
from scheduler.process.publish import publish

pytestmark = pytest.mark.soak
CHAMBER = 5
"""Ident drawn into the pictures of the chamber."""
CLOCKS = {True: "9:15:00", False: "10:30:00"}
"""When the trimmed recording airs tomorrow and next month: marked by mouse, by keyboard."""
AROUND = 15
"""Frames that the clerk leaves out on each side of the recess."""
STANDS = """() => { const video = document.querySelector("#picture");
  return video.readyState >= 2 && video.paused && !video.seeking; }"""


@dataclass
class Story:
    """The station after the hearing, and what was marked in its recording."""

    station: TwoChannels
    browser: Browser
    file: Asset
    pieces: dict[bool, list[tuple[int, int]]] = field(default_factory=dict)
    """By whether it was marked by mouse: first frame, frame after the last."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder, port = tmp_path_factory.mktemp("story"), free_udp_port()
    hall = numbered_clip(folder / "hall.ts", frames=70 * 30, ident=CHAMBER)
    address = f"udp://127.0.0.1:{port}"
    with TwoChannels(folder / "station") as station, running_browser() as browser:
        begin = announce(station, address)
        with EncoderProcess(hall.path, address), a_clerk(browser, station, by_mouse=True) as clerk:
            hold(clerk, begin)
        yield Story(station, browser, recording(station))


@pytest.mark.parametrize("by_mouse", [True, False], ids=["mouse", "keyboard"])
def test_what_a_clerk_marks_in_a_recording_is_what_the_other_channel_shows(
    story: Story, by_mouse: bool, tmp_path: Path
) -> None:
    with a_clerk(story.browser, story.station, by_mouse=by_mouse) as clerk:
        find_and_play(clerk, story.file.title)
        numbers = download(clerk, story.file.title, tmp_path)
        story.pieces[by_mouse] = trim(
            clerk, numbers, f"Trimmed by {'mouse' if by_mouse else 'key'}"
        )
        today = datetime.now(ZoneInfo(ZONE)).date()
        for day in (today + timedelta(days=1), next_month(today)):
            schedule(clerk, day, CLOCKS[by_mouse])
        seen, stalls = air_in_a_moment(story, clerk, tmp_path)
    marked = [numbers[k] for piece in story.pieces[by_mouse] for k in range(*piece)]

    judge(seen, stalls, marked)


def find_and_play(clerk: Clerk, title: str) -> None:
    """Find the recording by words of its title, open it and watch a second of it."""
    page = clerk.page
    clerk.press(page.get_by_role("link", name="Media", exact=True).first)
    clerk.type(page.get_by_role("searchbox", name="Search"), "budget hear")
    expect(page.locator("#save-search")).to_be_visible()
    clerk.press(page.locator("article").get_by_role("link", name=title, exact=True))
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_function(STANDS)
    with playing(page):
        if clerk.by_mouse:
            page.get_by_role("button", name="Play", exact=True).click()
        else:
            clerk.go_to(page.locator("#picture"))
            page.keyboard.press("Space")
    page.keyboard.press("k")
    page.wait_for_function(STANDS)


def download(clerk: Clerk, title: str, folder: Path) -> list[int | None]:
    """Download the recording, named by its title; return the number drawn into each frame."""
    with clerk.page.expect_download() as began:
        clerk.press(clerk.page.get_by_role("link", name="Download", exact=True))
    name = began.value.suggested_filename
    began.value.save_as(folder / name)

    assert Path(name).stem.startswith(TITLE) and Path(name).stem in title
    return drawn_numbers(folder / name)


def trim(clerk: Clerk, numbers: Sequence[int | None], title: str) -> list[tuple[int, int]]:
    """Mark all but half a second at both ends and around the recess, and save it as a cut."""
    page = clerk.page
    joins = [k + 1 for k, (a, b) in enumerate(pairwise(numbers)) if a and b and b - a > 30]
    assert len(joins) == 1, f"a recess is left out where numbers jump: {joins}"
    first, last, gap = AROUND, len(numbers) - 1 - AROUND, joins[0]
    for frame, key, button in (
        (first, "i", "in"),
        (last, "o", "out"),
        (gap - AROUND, "x", "leave"),
        (gap + AROUND - 1, "x", "leave"),
    ):
        walk(clerk, frame)
        page.wait_for_function(STANDS)
        page.wait_for_timeout(150)
        assert shown_frame(page) == numbers[frame], f"the picture of frame {frame}"
        if clerk.by_mouse:
            page.locator(f"[data-cut={button}]").click()
        else:
            page.keyboard.press(key)
    expect(page.locator("[data-cut-list] li")).to_have_count(2)
    clerk.type(page.locator("[data-cut-form] [name=title]"), title)
    clerk.press(page.get_by_role("button", name="Save as a cut"))
    expect(page.locator("h1")).to_have_text(title)
    return [(first, gap - AROUND), (gap + AROUND, last + 1)]


def walk(clerk: Clerk, frame: int) -> None:
    """Go to a frame: by the strip and the buttons beside Play, or by the arrow keys."""
    page = clerk.page
    if not clerk.by_mouse:
        for key, times in (
            ("Home", 1),
            ("Shift+ArrowRight", frame // 30),
            ("ArrowRight", frame % 30),
        ):
            for _ in range(times):
                page.keyboard.press(key)
        return
    strip, place = page.locator("canvas.player-strip"), page.locator("[data-plays-place]")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    share = frame / (int(place.get_attribute("max") or 0) + 1)
    page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    while (away := frame - int(place.input_value())) != 0:
        page.locator(f"[data-plays={'forward' if away > 0 else 'back'}]").click()


def schedule(clerk: Clerk, day: date, at: str) -> None:
    """Put the cut that is open on the other channel, and come back to its page."""
    page, here = clerk.page, clerk.page.url
    clerk.press(page.get_by_role("button", name="Schedule it", exact=True))
    drawer = page.locator("#drawer.show #drawer-body")
    clerk.choose(drawer.locator("[name=channel]"), OTHER_NAME)
    clerk.type_day(drawer.locator("[name=day]"), day)
    clerk.type(drawer.locator("[name=at]"), at)
    clerk.press(drawer.get_by_role("button", name="Add to the schedule"))
    expect(page.locator("#says")).to_contain_text("Added Trimmed by")
    assert f"/schedule/{OTHER}/" in page.url
    page.goto(here)


def next_month(day: date) -> date:
    """Return the same day of the next month, or its last day that is there in every month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, min(day.day, 28))


def air_in_a_moment(
    story: Story, clerk: Clerk, folder: Path
) -> tuple[list[CapturedPicture], list[Stall]]:
    """Put the cut on the other channel a minute ahead, and return what leaves there."""
    begin = datetime.now(ZoneInfo(ZONE)).replace(microsecond=0) + timedelta(seconds=60)
    schedule(clerk, begin.date(), f"{begin:%H:%M:%S}")
    assert datetime.now(UTC) < begin - timedelta(seconds=5), "the clerk was too slow"
    length = sum(after - first for first, after in list(story.pieces.values())[-1]) / 29.97
    with (
        Canary(folder / "stalls", realtime=True) as canary,
        Capture(story.station.other_port, folder / "air.ts") as capture,
    ):
        over = begin + timedelta(seconds=length + 5)
        wait_for(lambda: datetime.now(UTC) > over, 180, "it has aired")
        return read_ts(capture.stop()), canary.stalls()


def judge(
    seen: Sequence[CapturedPicture], stalls: Sequence[Stall], marked: Sequence[int | None]
) -> None:
    """Require every marked frame once and in its order, and nothing else from first to last."""
    lost = sum(s.end - s.begin for s in stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    print(f"{len(marked)} frames marked; the machine stalled for {lost:.2f} s")
    numbered = [place for place, one in enumerate(seen) if one.ident is not None]
    assert numbered, "nothing of the recording was seen"
    aired = seen[numbered[0] : numbered[-1] + 1]
    assert {one.ident for one in aired} == {CHAMBER}
    shown = [one.frame for one in aired]
    once = [frame for place, frame in enumerate(shown) if not place or frame != shown[place - 1]]
    if once != list(marked) and lost > 0.5:
        pytest.fail(f"inconclusive: the machine itself stalled for {lost:.2f} s")

    assert once == list(marked)


def test_tomorrow_and_next_month_are_in_the_plan_with_the_same_pieces(story: Story) -> None:
    """The plan that the machine of the other channel gets on those days."""
    zone = ZoneInfo(ZONE)
    today = datetime.now(zone).date()
    for day in (today + timedelta(days=1), next_month(today)):
        morning = datetime(day.year, day.month, day.day, 6, tzinfo=zone).astimezone(UTC)
        publish(story.station.db, ChannelId(OTHER), morning)
        with story.station.db.read() as session:
            row = find.house.published(session, ChannelId(OTHER))
            assert row is not None
            plan = decode(Plan, row.body)
        planned = {
            item.start.astimezone(zone).strftime("%-H:%M:%S"): list(item.media.pieces)
            for item in plan.items
            if item.media is not None and item.start.astimezone(zone).date() == day
        }

        assert planned == {CLOCKS[by]: pieces for by, pieces in story.pieces.items()}
