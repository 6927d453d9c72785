"""Outputs as a head-end would receive them: the stream's clock, a file beside it, a screen."""

from pathlib import Path

import pytest
from support.airing import Aired, air
from support.capture import read_ts
from support.clips import numbered_clip
from support.onair import runs
from support.transport import check_transport

pytestmark = pytest.mark.air
FRAMES = 240


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered_clip(tmp_path_factory.mktemp("clip") / "a.mp4", frames=FRAMES, ident=5).path


@pytest.fixture(scope="module")
def both(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Aired, Path]:
    folder = tmp_path_factory.mktemp("air")
    aired = air([clip], folder, "--output", str(folder / "kept.ts"), "--video-kbps", "1500")
    aired.conclusive()
    return aired, folder / "kept.ts"


def test_one_encode_reaches_the_network_and_a_file_frame_by_frame(
    both: tuple[Aired, Path],
) -> None:
    aired, kept = both
    assert [run.frames for run in aired.runs] == [list(range(FRAMES))]
    assert [run.frames for run in runs(read_ts(kept))] == [list(range(FRAMES))]


def test_the_clock_of_either_stream_comes_every_forty_milliseconds_on_fixed_pids(
    both: tuple[Aired, Path],
) -> None:
    aired, kept = both
    for report in (aired.transport, check_transport(kept)):
        assert report.pcr_gaps(0.040) == []
        assert report.pcr_backwards() == []
        assert report.continuity_errors == []
        assert report.bad_sync == []
        assert {256, 257, 4096, 0} <= set(report.pids)
        assert set(report.pids) <= {256, 257, 4096, 0, 17}
