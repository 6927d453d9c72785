"""Joins of numbered clips, aired back to back to a UDP stream and judged from the capture."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from support.capture import Capture, CapturedPicture, read_bursts, read_ts
from support.capture_analysis import runs, sound_offsets
from support.clips import NTSC, Clip, Sound, numbered_clip
from support.ports import free_udp_port
from support.transport import check_transport

FORMAT = "640x360@30000/1001"
FRAME_MS = float(1000 / NTSC)


def make_clips(
    folder: Path, count: int, seconds: float, rate: Fraction = NTSC, mixed: bool = True
) -> list[Clip]:
    """Write clips at the house rate: of three kinds in turn, or all alike."""
    folder.mkdir(parents=True, exist_ok=True)
    woven = {"codec": "mpeg2video", "size": (720, 480), "sar": Fraction(8, 9)}
    kinds = [{"size": (640, 360)}, {"size": (1280, 720)}, woven | {"audio": Sound("mp2")}]
    made = []
    for number in range(count):
        recipe = kinds[number % 3 if mixed else 0]
        path = folder / f"clip{number:03}.{'ts' if 'codec' in recipe else 'mp4'}"
        frames = round(seconds * rate)
        made.append(numbered_clip(path, frames=frames, ident=number + 1, rate=rate, **recipe))
    return made


@dataclass(frozen=True)
class Aired:
    """A capture of one airing of all clips, and the player's own as-run."""

    seen: list[CapturedPicture]
    capture: Path
    as_run: list[dict[str, object]]
    cpu_seconds: float
    wall_seconds: float


def air(clips: Sequence[Clip], folder: Path, house: str = FORMAT) -> Aired:
    """Air the clips with `gavel-playout play` and capture the output."""
    port = free_udp_port()
    folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "playout.cli.main", "play", *[str(clip.path) for clip in clips]]
    words += ["--output", f"udp://127.0.0.1:{port}", "--format", house]
    with Capture(port, folder / "air.ts") as capture:
        before, begin = used(), time.monotonic()
        played = subprocess.run(words, capture_output=True, text=True, check=False)
        cpu, wall = used() - before, time.monotonic() - begin
    lines = [json.loads(line) for line in played.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"the player said nothing: {played.stderr[-500:]}")
    return Aired(read_ts(capture.path), capture.path, lines, cpu, wall)


def used() -> float:
    """Return the processor seconds of all ended children."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def judge_pictures(
    seen: Sequence[CapturedPicture],
    clips: Sequence[Clip],
    subject: str = "gavel",
    group: str = "joins",
) -> list[Figure]:
    """Count frames lost, repeated or black over all clips, from the first picture to the last.

    Frames lost before the first or after the last picture are counted, but not per join.
    """
    found = runs_of(seen)
    lost = sum(clip.frames - len(set(found.get(clip.ident, []))) for clip in clips)
    early = min(found.get(clips[0].ident, [0]))
    late = clips[-1].frames - 1 - max(found.get(clips[-1].ident, [clips[-1].frames - 1]))
    again = sum(b <= a for shown in found.values() for a, b in pairwise(shown))
    marked = [place for place, one in enumerate(seen) if one.ident is not None]
    inside = seen[marked[0] : marked[-1] + 1] if marked else seen
    dark = sum(one.ident is None for one in inside)
    joins = len(clips) - 1
    each = (lost - early - late) / joins
    words = f"{joins} joins, {sum(clip.frames for clip in clips)} frames"
    most = 0 if subject == "gavel" else None
    return [
        Figure(group, "frames lost", lost, "frames", most, subject, words),
        Figure(group, "frames lost per join", each, "frames", most, subject),
        Figure(group, "frames shown again", again, "frames", most, subject),
        Figure(group, "frames black or unreadable", dark, "frames", most, subject),
    ]


def runs_of(seen: Sequence[CapturedPicture]) -> dict[int, list[int]]:
    """Return the frame numbers of each clip in order of arrival, over all its runs."""
    found: dict[int, list[int]] = {}
    for run in runs(seen):
        found.setdefault(run.ident, []).extend(run.frames)
    return found


def judge_as_run(aired: Aired) -> Figure:
    """Return how many files the player itself reports as not aired."""
    amiss = [line for line in aired.as_run if line["outcome"] != "aired"]
    words = {f"{line['outcome']} ({line['reason']})" for line in amiss}
    note = "; ".join(sorted(words))[:200]
    return Figure("joins", "files not aired as planned", len(amiss), "files", 0, note=note)


def judge_sound(
    capture: Path, seen: Sequence[CapturedPicture], clips: Sequence[Clip], subject: str = "gavel"
) -> list[Figure]:
    """Return how far sound bursts are from their pictures."""
    bursts, rates = read_bursts(capture), {clip.ident: clip.rate or NTSC for clip in clips}
    whole = [run for run in runs(seen) if run.ident in rates and len(run.frames) > 30]
    offsets = [
        offset * 1000 for run in whole for offset in sound_offsets(run, bursts, rates[run.ident])
    ]
    worst = max(map(abs, offsets), default=1e9)
    note = f"{len(offsets)} bursts, middle {middle(offsets):+.1f} ms"
    most = 40 if subject == "gavel" else None
    return [Figure("joins", "sound from its picture, worst", worst, "ms", most, subject, note)]


def firsts(seen: Sequence[CapturedPicture]) -> dict[int, CapturedPicture]:
    """Return the first picture seen of each clip."""
    found: dict[int, CapturedPicture] = {}
    for run in runs(seen):
        found.setdefault(run.ident, run.seen[0])
    return found


def judge_starts(aired: Aired) -> list[Figure]:
    """Judge starts against the wall clock, at the bus and in the stream, and the drift over all
    items.
    """
    late = [
        (utc(line["start"]) - utc(line["planned_start"])) * 1000
        for line in aired.as_run
        if line["start"]
    ]
    first, delays, places = firsts(aired.seen), [], []
    for number, line in enumerate(aired.as_run):
        one = first.get(number + 1)
        if one is not None and one.arrived is not None:
            delays.append((one.arrived - utc(line["planned_start"])) * 1000)
            places.append(one.pts - utc(line["planned_start"]))
    drift = [(place - places[0]) * 1000 for place in places]
    centre = middle(delays)
    spread = percentile([abs(delay - centre) for delay in delays], 0.95)
    worst, frame = max(map(abs, late), default=1e9), round(FRAME_MS, 1)
    off = max(map(abs, drift), default=1e9)
    each = abs(drift[-1]) / (len(drift) - 1) if drift[1:] else 1e9
    return [
        Figure("starts", "start error at the bus, worst", worst, "ms", frame),
        Figure("starts", "delay of the stream, middle", centre, "ms"),
        Figure("starts", "delay of the stream, 95 % within", spread, "ms", note="arrival jitter"),
        Figure("starts", "place on the stream's own clock, worst", off, "ms", frame),
        Figure("starts", "drift per item", each, "ms", 1.0),
    ]


def utc(text: object) -> float:
    """Return the UTC seconds of an ISO 8601 text."""
    return datetime.fromisoformat(str(text)).timestamp()


def judge_stream(capture: Path) -> list[Figure]:
    """Judge the transport stream: continuity and PCR gaps."""
    report = check_transport(capture)
    gaps = [(b[1] - a[1]) * 1000 for a, b in pairwise(report.pcrs)]
    return [
        Figure("stream", "continuity errors", len(report.continuity_errors), "errors", 0),
        Figure("stream", "longest PCR gap", max(gaps, default=1e9), "ms", 100),
    ]


def measure(folder: Path, quick: bool) -> Measured:
    """Air the clips once and judge everything."""
    count, seconds = (4, 3.0) if quick else (31, 4.0)
    clips = make_clips(folder / "clips", count, seconds)
    aired = air(clips, folder)
    figures = judge_pictures(aired.seen, clips)
    figures.append(judge_as_run(aired))
    figures += judge_sound(aired.capture, aired.seen, clips)
    return Measured(figures + judge_starts(aired) + judge_stream(aired.capture))
