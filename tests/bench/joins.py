"""Airs numbered clips back to back to a UDP stream and judges every join from the capture."""

import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from bench.figures import Figure, middle, percentile
from support.capture import Capture, Seen, read_bursts, read_ts
from support.clips import NTSC, Clip, Sound, numbered_clip
from support.onair import Run, runs, sound_offsets
from support.stalls import Canary
from support.transport import check_transport

FORMAT = "640x360@30000/1001"
FRAME = float(1 / NTSC)
MOST_STALLED = 2.0


def make_clips(folder: Path, count: int, seconds: float) -> list[Clip]:
    """Clips of three kinds in turn, all at the house rate."""
    made = []
    for number in range(count):
        recipe = [
            {"size": (640, 360)},
            {"size": (1280, 720)},
            {
                "codec": "mpeg2video",
                "size": (720, 480),
                "sar": Fraction(8, 9),
                "audio": Sound("mp2"),
            },
        ][number % 3]
        suffix = "ts" if "codec" in recipe else "mp4"
        path = folder / f"clip{number:03}.{suffix}"
        frames = round(seconds * NTSC)
        made.append(numbered_clip(path, frames=frames, ident=number + 1, **recipe))
    return made


@dataclass(frozen=True)
class Aired:
    """A capture of one airing of all clips, and what the player said of it."""

    seen: list[Seen]
    capture: Path
    as_run: list[dict[str, object]]
    cpu_seconds: float
    wall_seconds: float
    stalled: list[float]
    """Seconds of each stall the canary saw."""
    steal: float
    good: bool


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def air(clips: Sequence[Clip], folder: Path) -> Aired:
    """Let `gavel-playout play` air the clips, and capture what leaves the machine."""
    port = free_port()
    words = [sys.executable, "-m", "playout.cli", "play", *[str(clip.path) for clip in clips]]
    words += ["--output", f"udp://127.0.0.1:{port}", "--format", FORMAT]
    before, begin = _used(), time.monotonic()
    with Canary(folder / "stalls") as canary, Capture(port, folder / "air.ts") as capture:
        played = subprocess.run(words, capture_output=True, text=True, check=False)
    wall, used = time.monotonic() - begin, _used() - before
    lines = [json.loads(line) for line in played.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"the player said nothing: {played.stderr[-500:]}")
    return Aired(
        read_ts(capture.path),
        capture.path,
        lines,
        used,
        wall,
        [(stall.end - stall.begin) / 1e9 for stall in canary.stalls()],
        canary.steal_seconds,
        played.returncode == 0,
    )


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def judge_pictures(seen: Sequence[Seen], clips: Sequence[Clip], subject: str) -> list[Figure]:
    """Frames lost, shown again or black, over all clips, from the first picture to the last."""
    found = {run.ident: run for run in runs(seen)}
    lost = sum(clip.frames - len(set(_frames(found, clip))) for clip in clips)
    again = sum(run.repeated + run.backwards for run in found.values())
    marked = [place for place, one in enumerate(seen) if one.ident is not None]
    inside = seen[marked[0] : marked[-1] + 1] if marked else seen
    dark = sum(one.ident is None for one in inside)
    joins = f"{len(clips) - 1} joins, {sum(clip.frames for clip in clips)} frames"
    return [
        Figure("joins", "frames lost", lost, "frames", 0, subject, joins),
        Figure("joins", "frames shown again", again, "frames", 0, subject),
        Figure("joins", "frames black or unreadable", dark, "frames", 0, subject),
    ]


def judge_as_run(aired: Aired) -> Figure:
    """What the player itself says it did."""
    amiss = [line for line in aired.as_run if line["outcome"] != "aired"]
    words = {f"{line['outcome']} ({line['reason']})" for line in amiss}
    note = "; ".join(sorted(words))[:200]
    return Figure("joins", "files not aired as planned", len(amiss), "files", 0, note=note)


def _frames(found: dict[int, Run], clip: Clip) -> list[int]:
    return found[clip.ident].frames if clip.ident in found else []


def judge_sound(aired: Aired, clips: Sequence[Clip]) -> list[Figure]:
    """How far sound bursts lie from their pictures."""
    bursts = read_bursts(aired.capture)
    offsets = [
        offset * 1000
        for run in runs(aired.seen)
        for offset in sound_offsets(run, bursts, clips[run.ident - 1].rate or NTSC)
    ]
    worst = max(map(abs, offsets), default=1e9)
    note = f"{len(offsets)} bursts, middle {middle(offsets):+.1f} ms"
    return [Figure("joins", "sound from its picture, worst", worst, "ms", 40, note=note)]


def judge_starts(aired: Aired) -> list[Figure]:
    """Starts against the wall clock, at the bus and at the stream."""
    late = [
        (_utc(line["start"]) - _utc(line["planned_start"])) * 1000
        for line in aired.as_run
        if line["start"]
    ]
    first = {run.ident: run.seen[0] for run in runs(aired.seen)}
    delays, places = [], []
    for number, line in enumerate(aired.as_run):
        one = first.get(number + 1)
        if one is not None and one.arrived is not None:
            delays.append((one.arrived - _utc(line["planned_start"])) * 1000)
            places.append(one.pts - _utc(line["planned_start"]))
    drift = [(place - places[0]) * 1000 for place in places] if places else []
    frame = FRAME * 1000
    middle_delay = middle(delays)
    spread = percentile([abs(delay - middle_delay) for delay in delays], 0.95)
    worst = max(map(abs, late), default=1e9)
    return [
        Figure("starts", "start error at the bus, worst", worst, "ms", round(frame, 1)),
        Figure("starts", "delay of the stream, middle", middle_delay, "ms"),
        Figure("starts", "delay of the stream, 95 % within", spread, "ms", note="arrival jitter"),
        Figure(
            "starts",
            "place on the stream's own clock, worst",
            max(map(abs, drift), default=1e9),
            "ms",
            round(frame, 1),
            note="drift over all items included",
        ),
    ]


def _utc(text: object) -> float:
    return datetime.fromisoformat(str(text)).timestamp()


def judge_machine(aired: Aired) -> list[Figure]:
    """Processor time, the transport stream's health, and the machine's own stalls."""
    report = check_transport(aired.capture)
    gaps = [(b[1] - a[1]) * 1000 for a, b in zip(report.pcrs, report.pcrs[1:], strict=False)]
    worst = max(aired.stalled, default=0.0) * 1000
    cores = aired.cpu_seconds / aired.wall_seconds
    return [
        Figure("machine", f"processor, {FORMAT}", cores, "cores", note="decks, bus, one encode"),
        Figure(
            "machine",
            "time the machine itself stood still",
            100 * sum(aired.stalled) / aired.wall_seconds,
            "%",
            MOST_STALLED,
            note=f"{len(aired.stalled)} stalls, worst {worst:.0f} ms; past the limit this run "
            "proves nothing",
        ),
        Figure("stream", "continuity errors", len(report.continuity_errors), "errors", 0),
        Figure("stream", "longest PCR gap", max(gaps, default=1e9), "ms", 100),
    ]


def measure(clips: Sequence[Clip], folder: Path) -> list[Figure]:
    """Air the clips once and judge everything."""
    aired = air(clips, folder)
    figures = judge_pictures(aired.seen, clips, "gavel")
    figures.append(judge_as_run(aired))
    return figures + judge_sound(aired, clips) + judge_starts(aired) + judge_machine(aired)
