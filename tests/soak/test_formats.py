"""Joins in each possible house format, read back frame by frame."""

from collections import Counter
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, note
from support.capture_analysis import sound_offsets, unreadable
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS, CapturedAiring, air
from support.clips import Clip, numbered_clip

from config.names import HouseFormat

pytestmark = pytest.mark.soak
JOINS, SECONDS = 8, 4
FORMATS = (
    "1280x720@30000/1001", "1920x1080@30000/1001", "1280x720@60000/1001",
    "1920x1080@60000/1001", "1280x720@50", "1920x1080@25",
)  # fmt: skip


def clips_of(house: HouseFormat, folder: Path) -> list[Clip]:
    """Return two films of the house format's size and rate, in two codecs."""
    frames = round(SECONDS * house.rate)
    size = (house.width, house.height)
    return [
        numbered_clip(folder / name, rate=house.rate, frames=frames, size=size, ident=ident, **more)
        for ident, (name, more) in enumerate(
            (("a.mp4", {}), ("b.mp4", {"codec": "mpeg2video", "bit_rate": 12_000_000})), 1
        )
    ]


def figures(aired: CapturedAiring, house: HouseFormat) -> list[Figure]:
    """Return the faults of one airing as figures."""
    frames = list(range(round(SECONDS * house.rate)))
    steps = Counter(
        "shown again" if b == a else "out of place"
        for run in aired.runs
        for a, b in zip(run.frames, run.frames[1:], strict=False)
        if b != a + 1
    )
    short = [run.ident for run in aired.runs if abs(len(run.frames) - len(frames)) > 1]
    first, last = aired.runs[0].seen[0].pts, aired.runs[-1].seen[-1].pts
    bare = [one for one in unreadable(aired.seen) if first < one.pts < last]
    offsets = [o for run in aired.runs for o in sound_offsets(run, aired.bursts, house.rate)]
    late = [abs((one["first_tick"] or 10**6) - one["planned_tick"]) for one in aired.lines]
    lost = sum(s.end - s.begin for s in aired.stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    still = 100 * lost / aired.seconds
    return [
        Figure("formats", "joins aired", len(aired.runs) - 1, "joins"),
        Figure("formats", "pictures shown again", steps["shown again"], "pictures", 0),
        Figure("formats", "pictures out of their place", steps["out of place"], "pictures", 0),
        Figure("formats", "black or the slate between two files", len(bare), "pictures", 0),
        Figure("formats", "files that were not whole", len(short), "files", 0),
        Figure("formats", "start at the bus, worst", max(late), "ticks", 1),
        Figure("formats", "sound from its picture, worst", 1000 * max(map(abs, offsets)), "ms", 40),
        Figure("machine", "time the machine stood still", still, "%", 100 * EXCUSED_SHARE_LIMIT),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_house_of_this_format_joins_without_loss(tmp_path: Path, name: str) -> None:
    house = HouseFormat.parse(name)
    clips = clips_of(house, tmp_path)
    files = [clips[place % 2].path for place in range(JOINS + 1)]
    with alone():
        aired = air(files, tmp_path, "--preset", "ultrafast", house=name)
    found = figures(aired, house)
    title = f"Joins in a house of {name}"
    note(f"format_{name.replace('/', '_')}", title, found, aired.stalls, aired.seconds)
    assert not [one for one in found if not one.good]
