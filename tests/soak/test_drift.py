"""Joins of every kind of file, read back frame by frame: beside CPU hogs, and for half an hour."""

from dataclasses import asdict
from pathlib import Path

import pytest
from soak import notes
from soak.cpu_hogs import hogs
from soak.findings import Findings, findings
from soak.notes import alone, minutes, note
from support.captured_airing import HOUSE_FORMAT, air
from support.clips import NTSC, Clip, Sound, mixed_clips, numbered_clip

pytestmark = pytest.mark.soak
CLIP_SECONDS = 12
HOGS = 4
CHECKS = 900
"""Seconds that `play` may take to check and prepare its files beside hogs, before air."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    return mixed_clips(tmp_path_factory.mktemp("clips"), seconds=CLIP_SECONDS)


def in_turn(clips: list[Clip], long: float) -> list[Clip]:
    """Repeat the clips for this many minutes."""
    order: list[Clip] = []
    while sum(float(clip.seconds or 5) for clip in order) < long * 60:
        order.append(clips[len(order) % len(clips)])
    return order


def aired_for(
    clips: list[Clip], long: float, folder: Path, name: str, title: str, beside: int = 0
) -> Findings:
    order = in_turn(clips, long)
    with alone(), hogs(beside):
        options = ("--video-kbps", "1500", "--preset", "ultrafast")
        files = [clip.path for clip in order]
        aired = air(files, folder, *options, patience=long * 60 + (CHECKS if beside else 120))
    found = findings(aired, order)
    note(
        name,
        title,
        found.figures,
        aired.stalls,
        aired.seconds,
        minutes=long,
        house=HOUSE_FORMAT,
        faults=[asdict(one) for one in found.faults[:200]],
        excused=[asdict(one) for one in found.excused[:200]],
        as_run=[
            line | {"file": Path(line["file"]).name}
            for line in aired.lines
            if line["outcome"] != "aired"
        ],
        said=aired.log.replace(str(notes.ROOT), "")[-2000:],
    )
    return found


def test_four_hogs_beside_it_change_nothing(clips: list[Clip], tmp_path: Path) -> None:
    title = f"Joins of mixed files beside {HOGS} CPU hogs"
    found = aired_for(clips, minutes(5), tmp_path, "hogs", title, HOGS)
    assert not found.missed


def test_a_long_file_keeps_its_sound_to_the_end(tmp_path: Path) -> None:
    long = minutes(5)
    frames = round(long * 60 * NTSC)
    cd = Sound(rate=44100)
    clip = numbered_clip(tmp_path / "long.mp4", frames=frames, ident=5, audio=cd)
    found = aired_for([clip], long * 0.99, tmp_path, "long", "One long file with sound at 44.1 kHz")
    assert not found.missed


def test_half_an_hour_of_joins_neither_loses_nor_drifts(clips: list[Clip], tmp_path: Path) -> None:
    found = aired_for(clips, minutes(30), tmp_path, "drift", "Joins of mixed files")
    assert not found.missed
