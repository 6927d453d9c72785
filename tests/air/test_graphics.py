"""Graphics in the stream that leaves: each on exactly its frames, through the death of the bus.

A numbered clip airs through the real engine. Its grey lower border, which carries no mark, gets a
bug with a fade and a crawl; the frame numbers of the captured pictures say which tick each was.
"""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.capture import Capture, luma_of
from support.clips import numbered_clip
from support.layer_files import layer_file, plain_layer
from support.marks import GREY, Luma, read_mark
from support.ports import free_udp_port

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from playout.cli.play import _warm_up
from playout.engine.client import EngineClient
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.engine.graphics.moments import OPAQUE, opacity, text_left
from playout.engine.outputs.encode import Encode
from playout.model.engine import Desired, Shot
from playout.model.layer import Layer
from playout.model.layered import Crawling, Layered
from playout.processes.channel import make_processes

pytestmark = pytest.mark.air
HOUSE = HouseFormat.parse("640x360@30000/1001")
FRAMES, KILLED_AT = 300, 190
BUG, BUG_ENDS, FADE = 60, 120, 6
"""Frames of the clip on which the bug begins and ends, and over how many it comes and goes."""
CRAWL = Crawling(200, Fraction(5, 2))
CRAWL_BEGINS, CRAWL_ENDS = 100, 280
LIGHT, BAND = 235, 72


@dataclass(frozen=True)
class Seen:
    """What a captured picture shows: the number of its frame, and its luma."""

    frame: int
    luma: Luma

    @property
    def bug(self) -> float:
        """The mean of the bug's box, without its blurred edge."""
        return float(self.luma[328:336, 104:196].mean())

    @property
    def text(self) -> tuple[int, int] | None:
        """The columns of the crawl's text; None while none is there."""
        light = np.flatnonzero(self.luma[346:354].mean(axis=0) > (LIGHT + BAND) / 2)
        return (int(light[0]), int(light[-1])) if light.size else None

    @property
    def is_banded(self) -> bool:
        """Whether the crawl's band is there at either end of its box."""
        ends = self.luma[346:354, [4, 5, 6, 633, 634, 635]].mean(axis=0)
        return bool((ends < (GREY + BAND) / 2).any())


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Seen]:
    """Each captured picture of the clip, by the number of its frame."""
    folder = tmp_path_factory.mktemp("graphics")
    clip = numbered_clip(folder / "clip.mp4", frames=FRAMES, ident=7).path
    port, clock = free_udp_port(), SystemClock()
    channel = make_processes(HOUSE, [f"udp://127.0.0.1:{port}"], Encode(), folder, clock)
    time = HouseClock(
        Ticks(HOUSE.rate, channel.epoch), WallMap.resumed(channel.epoch, channel.offset)
    )
    supervisor = Supervisor(channel.children, clock)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    with Capture(port, folder / "capture.ts") as capture:
        thread.start()
        engine = EngineClient(channel.agent_end, channel.air_log)
        try:
            _warm_up(engine, clock)
            first = time.first_at(clock.utc() + timedelta(seconds=3))
            engine.show(ordered(clip, folder, time, first))
            clock.wait(time_until(time, first + KILLED_AT, clock))
            os.kill(supervisor.pids()["bus"], signal.SIGKILL)
            clock.wait(time_until(time, first + FRAMES, clock) + 3)
        finally:
            supervisor.stop()
            thread.join()
            engine.close()
    return {one.frame: one for one in pictures(capture.path)}


def time_until(time: HouseClock, tick: int, clock: SystemClock) -> float:
    return max(0.0, (time.ticks.due(tick) - clock.monotonic()) / 1e9)


def ordered(clip: Path, folder: Path, time: HouseClock, first: int) -> Desired:
    def at(frame: int) -> datetime:
        return time.instant(first + frame)

    shot = Shot(
        CueId("a"), Layer.DECK, at(0), at(FRAMES), path=str(clip), length=10.01,
        rate=HOUSE.rate,
    )  # fmt: skip
    text = np.full((16, CRAWL.text), LIGHT, np.uint8)
    text[:, :2] = BAND
    band = layer_file(folder / "crawl", text, np.full(text.shape, 255, np.uint8))
    bug = plain_layer(folder / "bug", 100, 12, LIGHT)
    fade = float(FADE / HOUSE.rate)
    graphics = (
        Layered("bug", bug, 100, 326, 100, 12, at(BUG), at(BUG_ENDS), fade),
        Layered(
            "crawl", band, 0, 342, 640, 16, at(CRAWL_BEGINS), at(CRAWL_ENDS),
            crawl=CRAWL,
        ),
    )  # fmt: skip
    return Desired(1, shot, graphics=graphics)


def pictures(path: Path) -> Iterator[Seen]:
    with av.open(str(path)) as source:
        for packet in source.demux(source.streams.video[0]):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                luma = luma_of(frame)
                mark = read_mark(luma)
                if mark is not None and mark.ident == 7:
                    yield Seen(mark.frame, luma.copy())


def test_the_bug_is_on_exactly_its_frames_and_fades_in_exact_steps(seen: dict[int, Seen]) -> None:
    judged = [one for frame, one in seen.items() if BUG - 30 <= frame < BUG_ENDS + 30]
    assert len(judged) > 110

    for one in judged:
        share = opacity(one.frame, BUG, BUG_ENDS, FADE) / OPAQUE
        assert abs(one.bug - (GREY + (LIGHT - GREY) * share)) < 7, (one.frame, one.bug)


def test_the_crawl_stands_on_its_column_also_after_the_bus_was_killed(
    seen: dict[int, Seen],
) -> None:
    judged = {frame: one for frame, one in seen.items() if CRAWL_BEGINS <= frame < CRAWL_ENDS}
    assert len([frame for frame in judged if frame > KILLED_AT + 45]) > 30
    assert len([frame for frame in judged if frame < KILLED_AT - 2]) > 80

    for frame, one in judged.items():
        left = text_left(CRAWL, 640, frame - CRAWL_BEGINS) + 2
        right = left - 2 + CRAWL.text
        if left < 632:
            assert one.text is not None, frame
            assert abs(one.text[0] - max(left, 0)) <= 2, (frame, one.text, left)
            assert abs(one.text[1] - (min(right, 640) - 1)) <= 2, (frame, one.text, right)


def test_the_band_of_the_crawl_is_there_from_its_first_to_its_last_frame(
    seen: dict[int, Seen],
) -> None:
    banded = {frame for frame, one in seen.items() if one.is_banded}
    around = {frame for frame in seen if frame >= CRAWL_BEGINS - 30}

    assert banded & around == {frame for frame in around if CRAWL_BEGINS <= frame < CRAWL_ENDS}
