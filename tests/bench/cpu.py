"""The processor use of one channel, process by process, at three picture sizes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure
from bench.joins import free_port
from support.capture import Capture
from support.captured_airing import children_of
from support.clips import NTSC, numbered_clip

FORMATS = ("640x360@30000/1001", "1280x720@30000/1001", "1920x1080@30000/1001")
SETTLE = 7.0
"""Seconds a run may take until its picture is on air."""


def spent(pid: int) -> float:
    """Return the processor seconds a process has used so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def shares(folder: Path, house: str, seconds: float) -> dict[str, float]:
    """Return the processors each process of a channel uses while airing a clip of the house
    format's size.
    """
    width, height = (int(one) for one in house.split("@")[0].split("x"))
    frames = round((seconds + SETTLE) * NTSC)
    clip = numbered_clip(folder / f"{height}.mp4", size=(width, height), frames=frames, ident=1)
    port = free_port()
    words = [sys.executable, "-m", "playout.cli.main", "play", str(clip.path), "--format", house]
    words += ["--output", f"udp://127.0.0.1:{port}"]
    with Capture(port, folder / f"{height}.ts"):
        played = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(SETTLE)
        children = children_of(played.pid) | {"supervisor": played.pid}
        before, begin = {name: spent(pid) for name, pid in children.items()}, time.monotonic()
        time.sleep(seconds - 2)
        took = time.monotonic() - begin
        found = {name: (spent(pid) - before[name]) / took for name, pid in children.items()}
        played.wait(60)
    return found


def measure(folder: Path, quick: bool) -> Measured:
    """Measure each size in turn, with x264 at a channel's default preset."""
    figures = []
    for house in FORMATS[: 1 if quick else None]:
        found = shares(folder, house, 6.0 if quick else 20.0)
        words = ", ".join(f"{name} {share:.2f}" for name, share in sorted(found.items()))
        figures.append(Figure("cpu", house, sum(found.values()), "cores", note=words))
    return Measured(figures)
