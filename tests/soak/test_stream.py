"""An hour of the stream that leaves a channel, through ten kills of its encoder.

Judged by our own analysis, and by Debian's tstools, which know nothing of it.
"""

from pathlib import Path

import pytest
from bench.figures import Figure
from soak.headend import figures, foreign, own
from soak.notes import alone, minutes, note
from support.captured_airing import HOUSE_FORMAT, CapturedAiring, RunningPlay, air
from support.clips import NTSC, numbered_clip

pytestmark = pytest.mark.soak
KILLS = 10
CLIP_SECONDS = 60
SETTINGS = ("--video-kbps", "1500", "--preset", "ultrafast")


def aired_through_kills(long: float, folder: Path) -> CapturedAiring:
    """Air files for so many minutes, and kill the encoder at even distances."""
    frames = round(CLIP_SECONDS * NTSC)
    clips = [numbered_clip(folder / f"{n}.mp4", frames=frames, ident=n + 1).path for n in range(3)]
    files = [clips[n % 3] for n in range(max(1, round(long * 60 / CLIP_SECONDS)))]

    def strike(playing: RunningPlay) -> None:
        for number in range(KILLS):
            playing.after((number + 0.5) * len(files) * CLIP_SECONDS / KILLS)
            playing.strike("output")

    with alone():
        return air(files, folder, *SETTINGS, meanwhile=strike, patience=long * 60 + 300)


def test_an_hour_of_stream_has_no_fault_through_ten_kills_of_its_encoder(tmp_path: Path) -> None:
    long = minutes(60)
    aired = aired_through_kills(long, tmp_path)
    kills = aired.log.count("stream output ended with -9")
    report, other = own(aired.path), foreign(aired.path)
    struck = Figure("stream", "kills of the encoder", kills, "times")
    found = [struck, *figures(report, other)]
    title = f"The stream of a channel through {KILLS} kills of its encoder"
    note(
        "stream", title, found, aired.stalls, aired.seconds, minutes=long, house=HOUSE_FORMAT,
        faults=report.faults() + other.faults[:50],
    )  # fmt: skip

    assert [one for one in found if not one.good] == []
    assert kills == KILLS
