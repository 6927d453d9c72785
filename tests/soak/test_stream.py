"""An hour of the stream that leaves a channel, through ten kills of its encoder.

Judged by our own analysis, and by Debian's tstools, which know nothing of it.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, minutes, note
from support.captured_airing import HOUSE_FORMAT, CapturedAiring, RunningPlay, air
from support.clips import NTSC, numbered_clip

from playout.engine.relay.analysis import StreamAnalysis, StreamReport

pytestmark = pytest.mark.soak
KILLS = 10
CLIP_SECONDS = 60
READ_BYTES = 1 << 20
SETTINGS = ("--video-kbps", "1500", "--preset", "ultrafast")


@dataclass
class ForeignReport:
    """The words of tstools."""

    faults: list[str]
    rate: float
    longest_gap_ms: float
    prediction_error_us: float


def foreign(path: Path) -> ForeignReport:
    """Return what tsreport says of a captured stream: every line that it marks, and its figures."""
    text = subprocess.run(
        ["tsreport", "-b", str(path)], capture_output=True, text=True, check=True
    ).stdout
    rate, gap, least, most = (
        float(re.search(pattern, text)[1])  # type: ignore[index]
        for pattern in (
            r"Overall stream rate=(\d+)",
            r"Max gap: (\d+)t",
            r"prediction errors: min=(-?\d+)t",
            r"prediction errors: min=-?\d+t, max=(-?\d+)t",
        )
    )
    faults = [line.strip() for line in text.splitlines() if line.strip()[:3] in ("###", "!!!")]
    return ForeignReport(faults, rate, gap / 90, max(-least, most) * 100 / 9)


def own(path: Path) -> StreamReport:
    """Return our analysis of a captured stream, with the arrival of each datagram."""
    analysis = StreamAnalysis()
    arrivals = path.with_name(path.name + ".arrivals").read_bytes()
    times = memoryview(arrivals).cast("Q")
    with path.open("rb") as stream:
        for place in range(0, len(times), 2):
            end = times[place + 2] if place + 2 < len(times) else None
            size = end - times[place] if end is not None else READ_BYTES
            analysis.take(stream.read(size), times[place + 1])
    return analysis.report()


def figures(report: StreamReport, other: ForeignReport, kills: int) -> list[Figure]:
    """Return what a headend would measure, with its limits. tsreport rounds the rate: it is 4 ppm
    off in a capture of four minutes whose rate is right to the bit.
    """
    rate = round(report.rate, -3)
    jitter, latest = (1000 * (value or 0.0) for value in (report.jitter, report.latest))
    longest = 1000 * max(report.tables.get(key, 9.0) for key in ((0, 0), (4096, 2)))
    return [
        Figure("stream", "kills of the encoder", kills, "times"),
        Figure("stream", "rate", report.rate, "bit/s"),
        Figure("stream", "rate error", abs(report.rate / rate - 1) * 1e6, "ppm", 1),
        Figure("stream", "packets missing", len(report.continuity_errors), "packets", 0),
        Figure("stream", "longest time between clocks", 1000 * report.clock_gaps[1], "ms", 40),
        Figure("stream", "clock off its place, worst", report.clock_error_ns, "ns", 500),
        Figure("stream", "PAT and PMT, longest apart", longest, "ms", 100),
        Figure("stream", "least time before decoding", 1000 * report.leads[0], "ms"),
        Figure("stream", "arrival off, 99 %", jitter, "ms"),
        Figure("stream", "arrival off, worst", latest, "ms"),
        Figure("stream", "faults found by us", len(report.faults()), "faults", 0),
        Figure("stream", "faults found by tsreport", len(other.faults), "faults", 0),
        Figure("stream", "rate error, by tsreport", abs(other.rate / rate - 1) * 1e6, "ppm", 20),
        Figure(
            "stream", "longest time between clocks, by tsreport", other.longest_gap_ms, "ms", 40
        ),
    ]


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
    found = figures(report, other, kills)
    title = f"The stream of a channel through {KILLS} kills of its encoder"
    note(
        "stream", title, found, aired.stalls, aired.seconds, minutes=long, house=HOUSE_FORMAT,
        faults=report.faults() + other.faults[:50],
    )  # fmt: skip

    assert [one for one in found if not one.good] == []
    assert kills == KILLS
