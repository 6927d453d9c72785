"""Files that harm the deck itself: one too heavy for it, one that kills whoever opens it."""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream
from support.capture_analysis import Run, longest_still
from support.captured_airing import CapturedAiring, RunningPlay, air, children_of
from support.clips import numbered_clip
from support.marks import Mark, draw_mark

pytestmark = [pytest.mark.air, pytest.mark.soak]
GOOD, HEAVY, DEADLY = 9, 10, 11
FRAMES, TROUBLED = 75, 120
"""House frames of a good file and of a troublesome one."""
SIZE, TIMES = (2560, 1440), 16
"""A heavy file: the size of its pictures, and how many there are to each house frame."""


def heavy_clip(path: Path, frames: int) -> Path:
    """Make a numbered film of 480 pictures a second, each of which takes milliseconds to scale."""
    rate = Fraction(30000, 1001) * TIMES
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mjpeg", rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p"
        at = 0
        for number in range(frames):
            for packet in stream.encode(_picture(number)):
                for _ in range(TIMES):
                    packet.pts = packet.dts = at
                    packet.time_base, packet.duration = 1 / rate, 1
                    packet.stream = stream
                    out.mux(packet)
                    at += 1
    return path


def _picture(number: int) -> av.VideoFrame:
    luma = draw_mark(Mark(HEAVY, number), *SIZE)
    frame = av.VideoFrame(*SIZE, "yuvj420p")
    for plane, level in zip(frame.planes, (luma.tobytes(), 128, 128), strict=True):
        plane.update(level if isinstance(level, bytes) else bytes([level]) * plane.buffer_size)
    frame.pts = number
    return frame


@dataclass
class Killer:
    """A thread that kills every deck of a `play` that opens a file, as a file that crashes its
    decoder would.
    """

    path: Path
    deaths: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self, playing: RunningPlay) -> None:
        while not self.over.wait(0.02):
            with suppress(OSError):
                for name, pid in children_of(playing.pid).items():
                    if name.startswith("deck") and self._has_it_open(pid):
                        os.kill(pid, signal.SIGKILL)
                        self.deaths.append(time.time())

    def _has_it_open(self, pid: int) -> bool:
        with suppress(OSError):
            return any(file.readlink() == self.path for file in Path(f"/proc/{pid}/fd").iterdir())
        return False


@dataclass
class Troubled:
    """The airing: good, heavy, good, deadly, good."""

    aired: CapturedAiring
    deaths: list[float]

    @property
    def good(self) -> list[Run]:
        return [run for run in self.aired.runs if run.ident == GOOD]


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Troubled:
    folder = tmp_path_factory.mktemp("troubled")
    good = numbered_clip(folder / "good.mp4", frames=FRAMES, ident=GOOD).path
    names = {ident: folder / f"{ident}.mov" for ident in (HEAVY, DEADLY)}
    for ident, path in names.items():
        numbered_clip(path, frames=TROUBLED, ident=ident)
    heavy = heavy_clip(folder / "heavy.mov", TROUBLED)
    killer = Killer(names[DEADLY])

    def meanwhile(playing: RunningPlay) -> None:
        """Once the files were checked, turn one heavy and one deadly."""
        playing.after(0.0)
        heavy.replace(names[HEAVY])
        killer.watch(playing)

    aired = air([good, names[HEAVY], good, names[DEADLY], good], folder, meanwhile=meanwhile)
    killer.over.set()
    aired.conclusive()
    return Troubled(aired, killer.deaths)


def test_the_bad_files_really_failed(troubled: Troubled) -> None:
    """Otherwise this module proves nothing: the heavy file cannot keep up, the deadly one killed
    decks.
    """
    assert troubled.aired.lines[1]["frames"] < TROUBLED
    assert len(troubled.deaths) >= 2


def test_nothing_is_black_or_frozen_for_half_a_second(troubled: Troubled) -> None:
    assert not [one for one in troubled.aired.seen if one.black]
    assert longest_still(troubled.aired.seen) <= 0.5


def test_nothing_strobes(troubled: Troubled) -> None:
    """A heavy file falls at most three times, each time to the slate and back; a deadly one shows
    the slate only.
    """
    marked = [one.ident is not None for one in troubled.aired.seen]
    first, last = marked.index(True), len(marked) - marked[::-1].index(True)
    changes = sum(a is not b for a, b in pairwise(marked[first:last]))
    print(f"{changes} changes between picture and slate")
    assert changes <= 2 * 3 + 2


def test_next_item_is_on_time_and_whole(troubled: Troubled) -> None:
    """The picture before it may stay a little longer, where nothing came in time."""
    for run in troubled.good:
        assert run.frames[:FRAMES] == list(range(FRAMES))
        assert set(run.frames[FRAMES:]) <= {FRAMES - 1}
    assert len(troubled.good) == 3
    lines = troubled.aired.lines
    assert [lines[n]["outcome"] for n in (0, 2, 4)] == ["aired"] * 3
    assert all(lines[n]["first_tick"] == lines[n]["planned_tick"] for n in (0, 2, 4))


def test_as_run_matches_what_was_seen_of_bad_files(troubled: Troubled) -> None:
    heavy, deadly = troubled.aired.lines[1], troubled.aired.lines[3]
    assert heavy["outcome"] in ("cut short", "missed", "aired late")
    assert heavy["reason"]
    seen = sum(one.ident == HEAVY for one in troubled.aired.seen)
    assert abs(heavy["frames"] + heavy["held"] - seen) <= 2
    assert (deadly["outcome"], deadly["frames"]) == ("missed", 0)
    assert "crashed the deck" in deadly["reason"] or "not ready" in deadly["reason"]
    assert not [one for one in troubled.aired.seen if one.ident == DEADLY]
    assert troubled.aired.code == 1
