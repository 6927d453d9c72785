"""Files that change on air, as a viewer receives them: their shape, their sound, their place."""

from pathlib import Path

import av
import pytest
from support.capture_analysis import Run
from support.captured_airing import CapturedAiring
from support.marks import active_area, read_mark
from support.reel import (
    CHANGING,
    DELETED,
    FRAMES,
    HALF,
    SHAPES,
    SHORT_SOUND,
    STANDING,
    STANDS,
    Reel,
)

pytestmark = pytest.mark.air
FOUR_TO_THREE, WHOLE, OFF = 0.75, 1.0, 0.03
"""Parts of the screen's width that a picture fills, and how far off it may be."""
AT_THE_CHANGE = 2
"""Pictures that may have the shape of their neighbours (see tests/media/test_shapes.py)."""


@pytest.fixture
def aired(reel: Reel) -> CapturedAiring:
    return reel.aired


def run_of(aired: CapturedAiring, ident: int) -> Run:
    """Return the one unbroken run of a file; the test is inconclusive where the machine stalled."""
    aired.conclusive()
    runs = [run for run in aired.runs if run.ident == ident]
    if any(aired.excuses(one.arrived) for run in runs for one in run.seen):
        pytest.fail("inconclusive: the machine stalled while this file was on air")
    assert len(runs) == 1
    return runs[0]


def widths(path: Path, ident: int) -> dict[int, float]:
    """Return, by picture number, the part of the width that each picture of a file fills."""
    widths_by_number = {}
    with av.open(str(path)) as source:
        for packet in source.demux(video=0):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                luma = frame.to_ndarray(format="gray")
                mark, area = read_mark(luma), active_area(luma)
                if mark is not None and area is not None and mark.ident == ident:
                    widths_by_number[mark.frame] = (area[3] - area[2]) / luma.shape[1]
    return widths_by_number


def test_every_picture_of_a_file_that_changes_shape_airs_in_its_own(aired: CapturedAiring) -> None:
    assert run_of(aired, SHAPES).frames == list(range(FRAMES[SHAPES]))
    seen = widths(aired.path, SHAPES)
    bent = [number for number in range(HALF) if abs(seen[number] - FOUR_TO_THREE) > OFF]
    bent += [number for number in range(HALF, 2 * HALF) if abs(seen[number] - WHOLE) > OFF]
    assert len(bent) <= AT_THE_CHANGE, bent


def test_every_picture_airs_though_the_sound_ends_long_before_it(aired: CapturedAiring) -> None:
    assert run_of(aired, SHORT_SOUND).frames == list(range(FRAMES[SHORT_SOUND]))


def test_still_pictures_last_their_time_and_count_as_no_disturbance(
    aired: CapturedAiring,
) -> None:
    assert run_of(aired, STANDING).frames == STANDS
    assert (aired.lines[STANDING - 1]["outcome"], aired.lines[STANDING - 1]["held"]) == ("aired", 0)


def test_a_file_deleted_while_it_is_on_air_airs_to_its_last_picture(aired: CapturedAiring) -> None:
    assert run_of(aired, DELETED).frames == list(range(FRAMES[DELETED]))


def test_every_file_begins_on_its_tick_with_nothing_between(aired: CapturedAiring) -> None:
    aired.conclusive()
    count = len(CHANGING)
    assert [run.ident for run in aired.runs[:count]] == CHANGING
    lines = aired.lines[:count]
    assert [line["first_tick"] - line["planned_tick"] for line in lines] == [0] * count
    assert [line["outcome"] for line in lines] == ["aired"] * count
    places = [place for place, one in enumerate(aired.seen) if one.ident in CHANGING]
    assert not [one for one in aired.seen[places[0] : places[-1] + 1] if one.ident is None]
