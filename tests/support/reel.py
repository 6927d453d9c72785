"""Two airings of many files, each aired once and judged by several modules.

The reel airs whole files, to the network and into a file. First come files that change, each once:
one whose picture goes from 4:3 to 16:9, one whose sound ends before its picture, one whose pictures
stay for most of a second, one that is deleted while on air, and a plain one. Then plain files take
turns with one whose sound goes on after its picture.

The mixed airing cuts files of all kinds after the same time, so that no two joins are alike. Then
come a red of every colour coding, and a red still.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image
from support.capture import read_ts
from support.capture_analysis import Run, runs
from support.captured_airing import CapturedAiring, RunningPlay, air
from support.clips import NTSC, numbered_clips
from support.colours import RED, RED_601, RED_709, Flat, flat_clip
from support.shape_changes import ShapePart, shape_shifter

SHAPES, SHORT_SOUND, STANDING, DELETED, PLAIN = range(1, 6)
FIRST, LONG_SOUND, SECOND = range(6, 9)
STANDS = [number for number in (0, 25, 50) for _ in range(25)]
"""Numbers of the pictures that stay for most of a second each."""
FRAMES = {SHAPES: 90, SHORT_SOUND: 75, STANDING: 75, DELETED: 150, PLAIN: 45}
FRAMES |= {FIRST: 60, LONG_SOUND: 60, SECOND: 60}
CHANGING = [SHAPES, SHORT_SOUND, STANDING, DELETED, PLAIN]
ENDING = [FIRST, LONG_SOUND, SECOND, FIRST, SECOND, LONG_SOUND, FIRST, SECOND, FIRST]
HALF = FRAMES[SHAPES] // 2
UNTIL_ON_AIR = 2.5
"""Seconds from the announcement of the start to the start."""
DELETED_AFTER = 1.5
"""Seconds after which the file on air is deleted, while more is to come than a held picture
covers."""
RECIPES: dict[int, dict[str, Any]] = {
    SHORT_SOUND: {"sound_seconds": 1.0},
    STANDING: {"numbers": STANDS},
    LONG_SOUND: {"between": 2, "sound_seconds": 2.4},
}


SECONDS = 1.5
"""Seconds that each file of the mixed airing is on air."""
CUT = 75
"""Pictures of each of them: all are cut short."""
KINDS: dict[str, dict[str, Any]] = {
    "h264_720.mp4": {"size": (1280, 720)},
    "h264_360.mp4": {},
    "hevc.mp4": {"codec": "libx265"},
    "mpeg2.ts": {"codec": "mpeg2video"},
    "portrait.mp4": {"size": (360, 640)},
    "no_sound.mp4": {"audio": None},
}
ORDER = (0, 1, 2, 3, 4, 5, 0, 5, 4, 3, 2, 1, 0, 2, 4, 0)
"""The kinds as they follow each other."""
JOINS = len(ORDER) - 1
REDS = 4
"""Files and stills of one red at the end."""


def air_mixed(folder: Path) -> CapturedAiring:
    """Make the files of all kinds and the reds, and air them."""
    recipes = {
        folder / name: {"frames": CUT, "ident": 20 + n} | more
        for n, (name, more) in enumerate(KINDS.items())
    }
    clips = [one.result().path for one in numbered_clips(recipes).values()]
    reds = [
        flat_clip(folder / "sd.mp4", Flat(RED_601, tag=6), CUT),
        flat_clip(folder / "untagged.mp4", Flat(RED_601), CUT),
        flat_clip(folder / "hd.mp4", Flat(RED_709, (1280, 720), tag=1), CUT),
        folder / "still.png",
    ]
    Image.new("RGB", (640, 360), RED).save(reds[-1])
    order = [*(clips[kind] for kind in ORDER), *reds]
    return air(order, folder, "--each", str(SECONDS))


@dataclass
class Reel:
    """The reel as received from the network, and the file written beside it."""

    aired: CapturedAiring
    kept: Path

    @cached_property
    def kept_runs(self) -> list[Run]:
        return runs(read_ts(self.kept))


def air_reel(folder: Path) -> Reel:
    """Make the files and air them once."""
    pixels = (Fraction(8, 9), Fraction(32, 27))
    parts = [ShapePart((720, 480), sar, HALF, ident=SHAPES) for sar in pixels]
    paths = {SHAPES: shape_shifter(folder / "shapes.ts", parts)}
    recipes: dict[Path, dict[str, Any]] = {}
    for ident in range(SHORT_SOUND, SECOND + 1):
        paths[ident] = folder / f"{ident}.mp4"
        recipes[paths[ident]] = {"ident": ident, "frames": FRAMES[ident]} | RECIPES.get(ident, {})
    for one in numbered_clips(recipes).values():
        one.result()
    before = sum(FRAMES[ident] for ident in (SHAPES, SHORT_SOUND, STANDING)) / NTSC

    def delete(playing: RunningPlay) -> None:
        playing.after(UNTIL_ON_AIR + float(before) + DELETED_AFTER)
        paths[DELETED].unlink()

    order, kept = [paths[ident] for ident in CHANGING + ENDING], folder / "kept.ts"
    options = ("--output", str(kept), "--video-kbps", "1500")
    aired = air(order, folder, *options, meanwhile=delete)
    assert not paths[DELETED].exists()
    return Reel(aired, kept)
