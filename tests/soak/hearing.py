"""A station of two channels, and a hearing on the first: live, a recess, adjourned, recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
from playwright.sync_api import Page, expect
from soak.clerk import Clerk
from support.clips import NTSC
from support.marks import read_mark
from support.ports import free_udp_port
from support.station import CHANNEL, FORMAT, ZONE, Station, body_of, wait_for

from media.companion import Companions
from media.store import MediaStore
from scheduler.actions import channels
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.queries import library, sources

OTHER, OTHER_NAME = "ch14", "City Channel 14"
TITLE = "Budget hearing"
FILED_WITHIN = 480.0
"""Seconds from the adjournment until the recording is in the library. For five minutes one can go
back to the hearing, and it is recorded on."""


@dataclass
class TwoChannels(Station):
    """The station of the tests with a second channel on the same machine."""

    other_port: int = field(default_factory=free_udp_port)

    def __post_init__(self) -> None:
        super().__post_init__()
        draft = ChannelDraft(OTHER, OTHER_NAME, ZONE, FORMAT)
        channels.add(self.db, SYSTEM_ACTOR, datetime.now(UTC), draft)

    def _toml(self, key: str) -> str:
        return (
            super()._toml(key)
            + f"""
            [channels.{OTHER}]
            format = "{FORMAT}"
            outputs = ["udp://127.0.0.1:{self.other_port}"]
            video_kbps = 1500
            preset = "ultrafast"
        """
        )

    def __enter__(self) -> "TwoChannels":
        super().__enter__()
        self.start("other air", "gavel-playout", "run", OTHER)
        return self


def announce(station: Station, address: str) -> datetime:
    """Announce the hearing from a source at this address; return its start, seconds from now."""
    staff = station.staff()
    body_of(staff.post("/settings/sources", data={"name": "Chamber", "address": address}))
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=20)
    local = begin.astimezone(ZoneInfo(ZONE))
    typed = {
        "body": "City Council", "title": TITLE, "day": f"{local:%Y-%m-%d}",
        "at": f"{local:%H:%M:%S}", "length": "0:05:00", "televised": "y", "channel": CHANNEL,
        "source": str(sources.sources(station.db)[0].id),
    }  # fmt: skip
    body_of(staff.post("/meetings", data=typed))
    return begin


def hold(clerk: Clerk, begin: datetime) -> None:
    """Call a recess of the hearing on the On-air page, resume it, and adjourn it."""
    page = clerk.page
    page.goto("/")
    for key, after in (("recess", 12), ("resume", 17), ("adjourn", 30)):
        button = page.locator(f"#{CHANNEL}-{key}")
        expect(button).to_be_enabled()
        page.wait_for_timeout(max(0.0, 1000 * (_since(begin) * -1 + after)))
        button.click()
        if key == "adjourn":
            page.locator("#confirm [value=yes]").click()


def _since(begin: datetime) -> float:
    return (datetime.now(UTC) - begin).total_seconds()


def recording(station: Station) -> Asset:
    """Return the recording, once it is in the library and all that its page shows is made."""

    def found() -> Asset | None:
        entries = library.library(station.db)
        return next((one.asset for one in entries if one.asset.fit), None)

    asset = wait_for(found, FILED_WITHIN, "the recording is in the library")
    assert asset.media is not None
    key, made = asset.media.key, Companions(MediaStore(station.settings.media_root))
    wait_for(lambda: made.strips(key), 120, "its strips and its small copy are made")
    return asset


def drawn_numbers(path: Path) -> list[int | None]:
    """Return the number drawn into each frame of a file, by the frame's place from 0."""
    numbers: dict[int, int | None] = {}
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        first: Any = None
        for frame in film.decode(stream):
            assert frame.pts is not None
            first = frame.pts if first is None else first
            mark = read_mark(frame.to_ndarray(format="gray"))
            place = round((frame.pts - first) * stream.time_base * NTSC)
            numbers[place] = mark.frame if mark is not None else None
    return [numbers.get(place) for place in range(max(numbers) + 1)]


@contextmanager
def playing(page: Page) -> Iterator[None]:
    """Require that the picture moves during the block: time goes on, and other frames come."""
    state = """() => { const video = document.querySelector("#picture");
      return [video.currentTime, video.getVideoPlaybackQuality().totalVideoFrames]; }"""
    before = page.evaluate(state)
    yield
    page.wait_for_function(
        """([at, frames]) => { const video = document.querySelector("#picture");
          return video.currentTime > at + 1
            && video.getVideoPlaybackQuality().totalVideoFrames > frames + 10; }""",
        arg=before,
    )
