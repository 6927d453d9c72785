"""Joins on air: mixed files back to back, read frame by frame from the stream."""

from collections import Counter
from fractions import Fraction

import pytest
from support.capture_analysis import sound_offsets
from support.captured_airing import CapturedAiring
from support.clips import NTSC
from support.reel import JOINS, REDS

pytestmark = pytest.mark.air


@pytest.fixture
def aired(mixed: CapturedAiring) -> CapturedAiring:
    return mixed


def test_joins_of_all_kinds_lose_and_repeat_nothing(aired: CapturedAiring) -> None:
    aired.conclusive()
    assert len(aired.runs) == JOINS + 1
    for run in aired.runs:
        steps = Counter(b - a for a, b in zip(run.frames, run.frames[1:], strict=False))
        if set(steps) != {1} and any(aired.excuses(one.arrived) for one in run.seen):
            continue
        assert run.frames[0] == 0, run.ident
        assert set(steps) == {1}, (run.ident, steps)
        assert len(run.frames) in (44, 45), run.ident


def test_no_picture_between_two_files_is_black_or_the_slate(aired: CapturedAiring) -> None:
    seen = aired.seen
    numbered = [place for place, one in enumerate(seen) if one.ident is not None]
    between = seen[numbered[0] : numbered[-1] + 1]
    assert not [one for one in between if one.ident is None]
    assert not [one for one in seen if one.black]


def test_as_run_agrees_with_the_joins_seen(aired: CapturedAiring) -> None:
    aired.conclusive()
    assert [line["outcome"] for line in aired.lines] == ["aired"] * (JOINS + 1 + REDS)
    assert all(line["first_tick"] == line["planned_tick"] for line in aired.lines)
    assert aired.code == 0


def test_sound_sits_within_forty_milliseconds_of_its_picture(aired: CapturedAiring) -> None:
    bursts = aired.bursts
    offsets = [
        offset
        for run in aired.runs
        for offset in sound_offsets(run, bursts, Fraction(NTSC))
        if run.frames[-1] > 35
    ]
    assert len(offsets) > JOINS * 3 // 4
    assert max(map(abs, offsets)) < 0.040


def test_the_stream_has_one_clock_and_no_holes(aired: CapturedAiring) -> None:
    report = aired.transport
    assert report.continuity_errors == []
    assert report.pcr_gaps(0.1) == []
    assert {256, 257} <= set(report.pids)
    # In its first second an encoder's run catches up (playout/engine/relay/placement).
    seen = [one for one in aired.seen if one.pts > aired.seen[0].pts + 1.5]
    steps = {round((b.pts - a.pts) * 1000) for a, b in zip(seen, seen[1:], strict=False)}
    assert steps <= {33, 34}
