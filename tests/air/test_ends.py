"""Ends of files on air: sound that outlasts the picture costs no picture and no deck."""

import pytest
from support.captured_airing import CapturedAiring
from support.reel import CHANGING, ENDING, FRAMES, Reel

pytestmark = pytest.mark.air


@pytest.fixture
def aired(reel: Reel) -> CapturedAiring:
    reel.aired.conclusive()
    return reel.aired


def test_files_whose_sound_outlasts_their_picture_air_whole_and_all_after_them_on_time(
    aired: CapturedAiring,
) -> None:
    mine = aired.runs[len(CHANGING) :]
    assert [run.ident for run in mine] == ENDING
    for place, run in enumerate(mine):
        if any(aired.excuses(one.arrived) for one in run.seen):
            continue
        assert run.frames == list(range(FRAMES[run.ident])), (place, run.ident)


def test_their_as_run_agrees_with_the_stream(aired: CapturedAiring) -> None:
    lines = aired.lines[len(CHANGING) :]
    assert [line["first_tick"] - line["planned_tick"] for line in lines] == [0] * len(ENDING)
    assert [line["outcome"] for line in lines] == ["aired"] * len(ENDING)


def test_no_picture_of_anything_else_is_seen_between_them(aired: CapturedAiring) -> None:
    numbered = [place for place, one in enumerate(aired.seen) if one.ident is not None]
    assert not [one for one in aired.seen[numbered[0] : numbered[-1] + 1] if one.ident is None]
