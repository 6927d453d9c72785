"""Outputs as a head-end receives them: the stream's clock, a file, a screen."""

import time
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from support.captured_airing import CapturedAiring, RunningPlay, air
from support.clips import numbered_clip
from support.reel import CHANGING, ENDING, Reel
from support.screen import Screen
from support.transport import check_transport

pytestmark = pytest.mark.air
FRAMES = 240
SCREEN = (800, 450)
LEAST_SEEN = 0.5
"""Neither the X server nor its watcher has real-time priority: on a machine with a load of 15 they
saw 151 of 240 pictures, in order; on a quiet one all but a few."""
Grey: TypeAlias = NDArray[np.float64]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered_clip(tmp_path_factory.mktemp("clip") / "a.mp4", frames=FRAMES, ident=5).path


def test_one_encode_reaches_the_network_and_a_file_frame_by_frame(reel: Reel) -> None:
    reel.aired.conclusive()
    sent, kept = (
        [(run.ident, run.frames) for run in found] for found in (reel.aired.runs, reel.kept_runs)
    )
    assert [ident for ident, _ in sent] == CHANGING + ENDING
    assert kept == sent


def test_the_clock_of_either_stream_comes_within_40_ms_on_fixed_pids(reel: Reel) -> None:
    """The limit is DVB's; that of ISO 13818-1 is a tenth of a second."""
    reel.aired.conclusive()
    for report in (reel.aired.transport, check_transport(reel.kept)):
        assert report.pcr_gaps(0.04) == []
        assert report.pcr_backwards() == []
        assert report.continuity_errors == []
        assert report.bad_sync == []
        assert set(report.pids) == {256, 257, 4096, 0, 17, 8191}


@pytest.fixture(scope="module")
def shown(
    clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CapturedAiring, list[int], Grey]:
    """Air a clip on a screen larger than the house picture. Return the numbers seen there, and the
    slate after the clip.
    """
    folder, after = tmp_path_factory.mktemp("screen"), []
    with Screen(folder, *SCREEN) as screen, pytest.MonkeyPatch.context() as patch:

        def keep_the_slate(_playing: RunningPlay) -> None:
            while max((one.frame for one in screen.glances), default=0) < FRAMES - 10:
                time.sleep(0.2)
            time.sleep(1)
            before = None
            while screen.glances[-1].frame >= 0 or not np.array_equal(before, screen.picture()):
                before = screen.picture()
                time.sleep(0.15)
            after.append(grey(before))

        patch.setenv("DISPLAY", screen.display)
        aired = air([clip], folder, "--output", "screen", meanwhile=keep_the_slate)
        seen = [one.frame for one in screen.glances if one.frame >= 0]
    aired.conclusive()
    return aired, seen, after[0]


@pytest.mark.soak
def test_the_screen_shows_the_clip_in_order(shown: tuple[CapturedAiring, list[int], Grey]) -> None:
    aired, seen, _ = shown
    assert aired.lines[0]["outcome"] == "aired"
    assert seen == sorted(set(seen))
    assert seen[0] <= 3
    assert seen[-1] >= FRAMES - 4
    assert len(seen) > LEAST_SEEN * FRAMES


@pytest.mark.soak
def test_the_picture_fills_the_screen_with_no_pointer_in_it(
    shown: tuple[CapturedAiring, list[int], Grey],
) -> None:
    """After the clip the screen shows what the stream shows, from edge to edge."""
    full = (last_luma(shown[0].path) - 16) * 255 / 219
    expected = np.asarray(Image.fromarray(full.clip(0, 255).astype(np.uint8)).resize(SCREEN))
    wrong = np.abs(shown[2] - expected)
    middle = wrong[SCREEN[1] // 2 - 12 : SCREEN[1] // 2 + 12, SCREEN[0] // 2 - 12 :][:, :24]
    edges = (wrong[:2], wrong[-2:], wrong[:, :2], wrong[:, -2:])
    assert middle.mean() < 12
    assert max(edge.mean() for edge in edges) < 12


def last_luma(path: Path) -> Grey:
    """Return the luma of the last picture of a captured stream."""
    with av.open(str(path)) as source:
        for picture in source.decode(video=0):
            last = picture
    plane = last.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: last.height, : last.width].astype(np.float64)


def grey(picture: NDArray[np.uint8]) -> Grey:
    """Return the luma of blue, green and red."""
    weights = np.array([0.0722, 0.7152, 0.2126])
    return picture.astype(np.float64) @ weights
