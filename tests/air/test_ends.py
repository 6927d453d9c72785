"""The ends of files on air: sound that goes on after the picture costs no picture and no deck."""

import pytest
from support.airing import Aired, air
from support.clips import Clip, numbered_clip

pytestmark = pytest.mark.air
FRAMES = 75


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clip]:
    folder = tmp_path_factory.mktemp("clips")
    plain = {
        name: numbered_clip(folder / f"{name}.mp4", frames=FRAMES, ident=ident)
        for ident, name in enumerate("AB", 1)
    }
    long = numbered_clip(folder / "L.mp4", frames=FRAMES, ident=3, between=2, sound_seconds=2.9)
    return plain | {"L": long}


@pytest.fixture(scope="module")
def order(clips: dict[str, Clip]) -> list[Clip]:
    return [clips[name] for name in "ALBABLABA"]


@pytest.fixture(scope="module")
def aired(order: list[Clip], tmp_path_factory: pytest.TempPathFactory) -> Aired:
    return air([clip.path for clip in order], tmp_path_factory.mktemp("air"))


def test_files_whose_sound_outlasts_their_picture_air_whole_and_all_after_them_on_time(
    aired: Aired, order: list[Clip]
) -> None:
    aired.conclusive()
    assert [run.ident for run in aired.runs] == [clip.ident for clip in order]
    for place, run in enumerate(aired.runs):
        if any(aired.excuses(one.arrived) for one in run.seen):
            continue
        assert run.frames == list(range(FRAMES)), (place, run.ident)


def test_their_as_run_tells_the_same(aired: Aired) -> None:
    aired.conclusive()
    assert [line["first_tick"] - line["planned_tick"] for line in aired.lines] == [0] * 9
    assert [line["outcome"] for line in aired.lines] == ["aired"] * 9


def test_no_picture_of_anything_else_is_seen_between_them(aired: Aired) -> None:
    numbered = [place for place, one in enumerate(aired.seen) if one.ident is not None]
    assert not [one for one in aired.seen[numbered[0] : numbered[-1] + 1] if one.ident is None]
