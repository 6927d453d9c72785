"""Files that change on air, as a viewer receives them: their shape, their sound, their place.

One airing of five files tells it all: one whose picture goes from 4:3 to 16:9, one whose sound ends
before its picture, one whose pictures stand still, one that is deleted while it is on, and a plain
one after it.
"""

from fractions import Fraction
from pathlib import Path

import av
import pytest
from support.airing import Aired, Playing, air
from support.clips import NTSC, numbered_clip
from support.marks import active_area, read_mark
from support.onair import Run
from support.shapes import Part, shape_shifter

pytestmark = pytest.mark.air
SHAPES, SHORT_SOUND, STANDING, DELETED, PLAIN = range(1, 6)
FRAMES = {SHAPES: 90, SHORT_SOUND: 75, STANDING: 75, DELETED: 150, PLAIN: 45}
STANDS = [number for number in (0, 25, 50) for _ in range(25)]
"""The numbers of pictures that stand for most of a second each."""
HALF = FRAMES[SHAPES] // 2
FOUR_TO_THREE, WHOLE, OFF = 0.75, 1.0, 0.03
"""Parts of the screen's width that a picture fills, and how far off it may be."""
AT_THE_CHANGE = 2
"""Pictures that may have the shape of their neighbours (see tests/media/test_shapes.py)."""
UNTIL_ON_AIR = 2.5
"""Seconds from the word that tells the beginning to the beginning."""
DELETED_AFTER = 1.5
"""Seconds after which the file on air is deleted: more than a held picture covers is to come."""


@pytest.fixture(scope="module")
def aired(tmp_path_factory: pytest.TempPathFactory) -> Aired:
    folder = tmp_path_factory.mktemp("changes")
    pixels = (Fraction(8, 9), Fraction(32, 27))
    parts = [Part((720, 480), sar, HALF, ident=SHAPES) for sar in pixels]
    paths = {SHAPES: shape_shifter(folder / "shapes.ts", parts)}
    paths |= {number: folder / f"{number}.mp4" for number in range(SHORT_SOUND, PLAIN + 1)}
    recipes: dict[int, dict[str, object]] = {
        SHORT_SOUND: {"sound_seconds": 1.0}, STANDING: {"numbers": STANDS}, DELETED: {}, PLAIN: {},
    }  # fmt: skip
    for ident, recipe in recipes.items():
        numbered_clip(paths[ident], ident=ident, frames=FRAMES[ident], **recipe)
    before = sum(FRAMES[number] for number in (SHAPES, SHORT_SOUND, STANDING)) / NTSC

    def delete(playing: Playing) -> None:
        playing.after(UNTIL_ON_AIR + float(before) + DELETED_AFTER)
        paths[DELETED].unlink()

    made = air(list(paths.values()), folder, meanwhile=delete)
    assert not paths[DELETED].exists()
    return made


def run_of(aired: Aired, ident: int) -> Run:
    """The one unbroken run of a file; the test is inconclusive where the machine stood still."""
    aired.conclusive()
    found = [run for run in aired.runs if run.ident == ident]
    if any(aired.excuses(one.arrived) for run in found for one in run.seen):
        pytest.fail("inconclusive: the machine stalled while this file was on air")
    assert len(found) == 1
    return found[0]


def widths(path: Path, ident: int) -> dict[int, float]:
    """By the number of each picture of a file in a capture: the part of the width that it fills."""
    found = {}
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
                    found[mark.frame] = (area[3] - area[2]) / luma.shape[1]
    return found


def test_every_picture_of_a_file_that_changes_shape_airs_in_its_own(aired: Aired) -> None:
    assert run_of(aired, SHAPES).frames == list(range(FRAMES[SHAPES]))
    seen = widths(aired.path, SHAPES)
    bent = [number for number in range(HALF) if abs(seen[number] - FOUR_TO_THREE) > OFF]
    bent += [number for number in range(HALF, 2 * HALF) if abs(seen[number] - WHOLE) > OFF]
    assert len(bent) <= AT_THE_CHANGE, bent


def test_every_picture_airs_though_the_sound_ends_long_before_it(aired: Aired) -> None:
    assert run_of(aired, SHORT_SOUND).frames == list(range(FRAMES[SHORT_SOUND]))


def test_pictures_that_stand_still_are_seen_as_long_as_they_say_and_are_no_disturbance(
    aired: Aired,
) -> None:
    assert run_of(aired, STANDING).frames == STANDS
    assert (aired.lines[STANDING - 1]["outcome"], aired.lines[STANDING - 1]["held"]) == ("aired", 0)


def test_a_file_deleted_while_it_is_on_air_airs_to_its_last_picture(aired: Aired) -> None:
    assert run_of(aired, DELETED).frames == list(range(FRAMES[DELETED]))


def test_all_begin_on_their_tick_and_nothing_else_is_seen_between_them(aired: Aired) -> None:
    aired.conclusive()
    assert [run.ident for run in aired.runs] == list(FRAMES)
    assert [line["first_tick"] - line["planned_tick"] for line in aired.lines] == [0] * len(FRAMES)
    assert [line["outcome"] for line in aired.lines] == ["aired"] * len(FRAMES)
    places = [place for place, one in enumerate(aired.seen) if one.ident is not None]
    assert not [one for one in aired.seen[places[0] : places[-1] + 1] if one.ident is None]
